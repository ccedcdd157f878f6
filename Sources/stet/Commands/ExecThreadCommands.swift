import ArgumentParser

/// `stet exec resume`: another turn of a stored thread.
struct ExecResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with a thread: the one named, or the last one of this directory.",
    usage: "stet exec resume [<options>] (<thread> | --last [--all]) [<prompt> | -]")

  @OptionGroup var options: ExecOptions
  @OptionGroup var thread: ExecThreadOptions

  @Argument(help: "The thread's id or name, unless --last; then the prompt.")
  var words: [String] = []

  func run() throws {
    let (choice, prompt) = try thread.split(words)
    try ExecRun(options: options, task: .resume(choice), prompt: prompt).run()
  }
}

/// `stet exec fork`: a new thread that begins as a stored one.
struct ExecForkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fork", abstract: "Work on a copy of a thread; the thread itself stays as it is.",
    usage: "stet exec fork [<options>] (<thread> | --last [--all]) [<prompt> | -]")

  @OptionGroup var options: ExecOptions
  @OptionGroup var thread: ExecThreadOptions

  @Argument(help: "The thread's id or name, unless --last; then the prompt.")
  var words: [String] = []

  func run() throws {
    let (choice, prompt) = try thread.split(words)
    try ExecRun(options: options, task: .fork(choice), prompt: prompt).run()
  }
}

/// How a stored thread is named.
struct ExecThreadOptions: ParsableArguments {
  @Flag(help: "The newest thread of this directory.")
  var last = false

  @Flag(help: "With --last: of any directory.")
  var all = false

  /// The thread and the prompt among the words after the subcommand.
  func split(_ words: [String]) throws -> (ExecTask.Choice, prompt: String?) {
    let most = last ? 1 : 2
    guard words.count <= most else {
      throw ValidationError("Unexpected: \(words.dropFirst(most).joined(separator: " ")). Quote the prompt.")
    }
    if last { return (.last(anywhere: all), words.first) }
    guard let named = words.first else { throw ValidationError("Name a thread or say --last.") }
    return (.named(named), words.dropFirst().first)
  }
}
