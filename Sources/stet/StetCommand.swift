import ArgumentParser

/// `stet`: opens the interface; everything else is a subcommand.
struct StetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stet",
    abstract: "A coding agent for the terminal: it proposes, you review.",
    discussion: "Without a command, opens the interface in this directory. `stet demo` shows it offline.",
    version: Version.current,
    subcommands: [
      OpenCommand.self, ResumeCommand.self, DemoCommand.self, DoctorCommand.self, AppServerCommand.self,
      SessionsCommand.self, DebugCommand.self,
    ], defaultSubcommand: OpenCommand.self)
}

/// What this build calls itself.
enum Version {
  static let current = "0.1.0"
}
