import ArgumentParser

/// `stet exec`: one task without the interface, as one more client of the app-server.
struct ExecCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec", abstract: "Run one task without the interface, for scripts and CI.",
    usage: """
      stet exec [<options>] [<prompt> | -]
      stet exec [<options>] resume (<thread> | --last) [<prompt> | -]
      stet exec [<options>] fork (<thread> | --last) [<prompt> | -]
      stet exec [<options>] review [--uncommitted | --base <branch> | --commit <sha>] [<instructions>]
      """,
    discussion: """
      The answer goes to standard output, what happens meanwhile to standard error. A pipe or a file on standard \
      input is added to the prompt; with - or without a prompt it is the prompt.

      Exit codes: 0 done, 1 failed, 2 wrong usage, 3 something needed an approval that nobody could give, 124 time \
      limit, 130 interrupted.
      """,
    subcommands: [
      ExecRunCommand.self, ExecResumeCommand.self, ExecForkCommand.self, ExecReviewCommand.self,
    ], defaultSubcommand: ExecRunCommand.self, aliases: ["e"])

  @OptionGroup var options: ExecOptions
}

/// `stet exec PROMPT`: a new thread.
struct ExecRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    // A name that nobody writes: a prompt of that one word would be taken for it.
    commandName: "_new", abstract: "Work on a new thread.",
    usage: "stet exec [<options>] [<prompt> | -]", shouldDisplay: false)

  @OptionGroup var options: ExecOptions

  @Argument(help: "What to do; - reads it from standard input.")
  var prompt: String?

  func run() throws { try ExecRun(options: options, task: .start, prompt: prompt).run() }
}
