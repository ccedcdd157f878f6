import ArgumentParser

/// `stet sessions`: the stored threads. Each subcommand is a client of the app-server that it starts in this process.
struct SessionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sessions", abstract: "List, show, search, archive, delete, export and import threads.",
    subcommands: [
      SessionsList.self, SessionsShow.self, SessionsSearch.self, SessionsArchive.self, SessionsUnarchive.self,
      SessionsDelete.self, SessionsExport.self, SessionsImport.self,
    ], defaultSubcommand: SessionsList.self)
}

/// Names one thread: its id, the beginning of it, or the newest.
struct ThreadChoice: ParsableArguments {
  @Argument(help: "The thread's id, or a beginning that no other thread has.")
  var thread: String?

  @Flag(name: .long, help: "The newest thread.")
  var last = false

  func validate() throws {
    if last == (thread != nil) { throw ValidationError("Name a thread or say --last.") }
  }
}
