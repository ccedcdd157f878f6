import ArgumentParser

/// `stet doctor`: what works here, what does not, and what to do.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check versions, paths, the terminal, the sandbox and the model.")

  @OptionGroup var options: CommonOptions

  @Flag(name: .long, help: "Make the index of threads anew from their logs, and do nothing else.")
  var reindex = false

  func run() throws {
    let surroundings = try options.surroundings()
    if reindex {
      let checks = Reindex(home: surroundings.home).run()
      for check in checks { print(check.text) }
      if checks.contains(where: { $0.state == .problem }) { throw ExitCode.failure }
      return
    }
    let checks = Blocking.run { await Doctor(surroundings: surroundings).examine() }
    for check in checks { print(check.text) }
    if checks.contains(where: { $0.state == .problem }) { throw ExitCode.failure }
  }
}
