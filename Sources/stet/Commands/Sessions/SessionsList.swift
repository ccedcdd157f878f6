import ArgumentParser
import StetJSON
import StetProtocol

/// `stet sessions list`.
struct SessionsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List threads, the last used first.")

  @Flag(name: .long, help: "As a JSON array.")
  var json = false

  @Flag(name: .long, help: "Archived threads instead.")
  var archived = false

  @Option(name: [.customShort("C"), .customLong("cd")], help: "Threads of this directory only.")
  var directory: String?

  @Option(name: [.customShort("n"), .long], help: "At most so many.")
  var limit: Int?

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit can't be negative.") }
  }

  func run() throws {
    let directory = try directory.map { try Surroundings(directory: $0).directory }
    let (json, archived, limit) = (json, archived, limit ?? .max)
    try SessionsClient.run { client in
      let threads =
        limit == 0 ? [] : try await client.threads(archived: archived, cwd: directory, limit: limit)
      if json {
        print(JSONValue.array(threads.map { Self.value($0, archived: archived) }).text)
      } else if threads.isEmpty {
        print(archived ? "No archived threads." : "No threads yet.")
      } else {
        for thread in threads { print(Self.row(thread)) }
      }
    }
  }

  /// Id, time, directory and title; on a terminal cut to its width.
  static func row(_ thread: StetProtocol.Thread) -> String {
    let head = "\(thread.id)  \(PlainText.time(thread.updatedAt))  "
    let cwd = PlainText.line(thread.cwd, limit: 40)
    let title = PlainText.line(thread.name ?? thread.preview, limit: 200)
    guard let columns = PlainText.columns else { return "\(head)\(cwd)  \(title)" }
    return head + PlainText.line("\(cwd)  \(title)", limit: max(20, columns - head.count))
  }

  static func value(_ thread: StetProtocol.Thread, archived: Bool) -> JSONValue {
    func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
    return [
      "id": .string(thread.id), "path": text(thread.path), "cwd": .string(thread.cwd),
      "name": text(thread.name), "preview": .string(thread.preview), "model": text(thread.model),
      "modelProvider": .string(thread.modelProvider), "source": thread.source.jsonValue,
      "createdAt": JSONValue(thread.createdAt), "updatedAt": JSONValue(thread.updatedAt),
      "archived": .bool(archived), "gitBranch": text(thread.gitInfo?.branch),
    ]
  }
}
