import ArgumentParser
import StetProtocol

/// `stet sessions archive`.
struct SessionsArchive: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "archive", abstract: "Take threads out of the list; nothing of them is lost.")

  @Argument(help: "Ids of threads, or beginnings of them.")
  var threads: [String]

  func run() throws {
    let names = threads
    try SessionsClient.run { client in
      for name in names {
        let thread = try await client.thread(named: name)
        _ = try await client.client.call(ThreadArchiveParams(threadId: thread.id))
        print("Archived \(thread.id)")
      }
    }
  }
}

/// `stet sessions unarchive`.
struct SessionsUnarchive: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unarchive", abstract: "Bring archived threads back to the list.")

  @Argument(help: "Ids of threads, or beginnings of them.")
  var threads: [String]

  func run() throws {
    let names = threads
    try SessionsClient.run { client in
      for name in names {
        let thread = try await client.thread(named: name)
        _ = try await client.client.call(ThreadUnarchiveParams(threadId: thread.id))
        print("Unarchived \(thread.id)")
      }
    }
  }
}
