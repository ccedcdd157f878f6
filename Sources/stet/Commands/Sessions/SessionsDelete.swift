import ArgumentParser
import Glibc
import StetProtocol

/// `stet sessions delete`.
struct SessionsDelete: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Remove threads and their files for good.")

  @OptionGroup var named: NamedThreads

  @Flag(name: [.short, .long], help: "Do not ask.")
  var yes = false

  func validate() throws {
    guard yes || isatty(STDIN_FILENO) == 1 else {
      throw ValidationError("Deleting asks first, and there is no terminal to ask on. Say --yes.")
    }
  }

  func run() throws {
    let (names, yes) = (named.threads, yes)
    try SessionsClient.run { client in
      for name in names {
        let thread = try await client.thread(named: name)
        guard yes || Self.asks(thread) else {
          print("Kept \(thread.id)")
          continue
        }
        _ = try await client.client.call(ThreadDeleteParams(threadId: thread.id))
        print("Deleted \(thread.id)")
      }
    }
  }

  private static func asks(_ thread: StetProtocol.Thread) -> Bool {
    StandardError.print(SessionsList.row(thread))
    StandardError.print("Delete this thread for good? [y/N]")
    return ["y", "yes"].contains(readLine()?.lowercased())
  }
}
