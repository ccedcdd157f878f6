import ArgumentParser

/// `stet`: opens the interface; everything else is a subcommand.
struct StetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stet",
    abstract: "A coding agent for the terminal: it proposes, you review.",
    usage: """
      stet [<options>] [<prompt>]
      stet <subcommand> …
      """,
    discussion: """
      Without a command, opens the interface in this directory; `stet help open` lists its options. `stet demo` \
      shows it offline, `stet exec` does a task without it.
      """,
    version: Version.current,
    subcommands: [
      OpenCommand.self, ResumeCommand.self, ExecCommand.self, DiffCommand.self, DemoCommand.self,
      DoctorCommand.self,
      AppServerCommand.self, MCPServerCommand.self, MCPCommand.self, SessionsCommand.self, UndoCommand.self,
      TrustCommand.self,
      DebugCommand.self,
    ], defaultSubcommand: OpenCommand.self)

  /// Parses, runs and ends the process. Wrong usage is 2, as scripts expect it; ArgumentParser would say 64.
  static func runMain() -> Never {
    do {
      if let start = PlainStart(Array(CommandLine.arguments.dropFirst())) {
        try start.run()
      } else {
        var command = try parseAsRoot()
        try command.run()
      }
      guard StandardOutput.isWritten() else { exit(withError: ExitCode.failure) }
      exit()
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      StandardError.print(fullMessage(for: error))
      exit(withError: ExitCode(usageExitCode))
    }
  }

  static let usageExitCode: Int32 = 2
}

/// What this build calls itself.
enum Version {
  static let current = "0.1.0"
}
