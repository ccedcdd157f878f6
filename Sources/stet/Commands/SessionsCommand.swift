import ArgumentParser
import StetConfig
import StetJSON
import StetStore

/// `stet sessions`: the stored threads.
struct SessionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sessions", abstract: "The stored threads.", subcommands: [List.self],
    defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List them, newest first.")

    @Flag(name: .long, help: "As a JSON array.")
    var json = false

    @Flag(name: .long, help: "Archived threads instead.")
    var archived = false

    func run() throws {
      let home = try Surroundings().home
      let threads = try Self.all(in: home.indexPath, archived: archived)
      if json {
        print(JSONValue.array(threads.map(Self.value)).text)
      } else if threads.isEmpty {
        print("No threads yet.")
      } else {
        for thread in threads { print("\(thread.id)  \(thread.cwd)  \(thread.title.prefix(80))") }
      }
    }

    private static func all(in path: String, archived: Bool) throws -> [ThreadSummary] {
      let index = try ThreadIndex(path: path)
      var query = ThreadQuery()
      query.sortKey = .updatedAt
      query.archived = archived
      query.limit = ThreadQuery.maximumLimit
      var threads: [ThreadSummary] = []
      repeat {
        let page = try index.list(query)
        threads += page.threads
        query.cursor = page.nextCursor
      } while query.cursor != nil
      return threads
    }

    private static func value(_ thread: ThreadSummary) -> JSONValue {
      [
        "id": .string(thread.id), "path": .string(thread.path), "cwd": .string(thread.cwd),
        "name": thread.name.map(JSONValue.string) ?? .null, "preview": .string(thread.preview),
        "model": thread.model.map(JSONValue.string) ?? .null, "createdAt": .int(thread.createdAt),
        "updatedAt": .int(thread.updatedAt), "turns": JSONValue(thread.turns),
      ]
    }
  }
}
