import ArgumentParser

/// `stet doctor`: what works here, what does not, and what to do.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check versions, paths, the terminal, the sandbox and the model.")

  @OptionGroup var options: CommonOptions

  func run() throws {
    let surroundings = try options.surroundings()
    let checks = Blocking.run { await Doctor(surroundings: surroundings).examine() }
    for check in checks { print(check.text) }
    if checks.contains(where: { $0.state == .problem }) { throw ExitCode.failure }
  }
}
