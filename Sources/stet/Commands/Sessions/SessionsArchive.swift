import ArgumentParser
import StetProtocol

/// `stet sessions archive`.
struct SessionsArchive: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "archive", abstract: "Take threads out of the list; nothing of them is lost.")

  @OptionGroup var named: NamedThreads

  func run() throws {
    try named.forEach("Archived") { client, id in
      _ = try await client.call(ThreadArchiveParams(threadId: id))
    }
  }
}

/// `stet sessions unarchive`.
struct SessionsUnarchive: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unarchive", abstract: "Bring archived threads back to the list.")

  @OptionGroup var named: NamedThreads

  func run() throws {
    try named.forEach("Unarchived") { client, id in
      _ = try await client.call(ThreadUnarchiveParams(threadId: id))
    }
  }
}
