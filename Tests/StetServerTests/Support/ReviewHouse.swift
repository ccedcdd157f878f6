import StetJSON
import StetProtocol
import StetServer
import StetTestSupport
import Testing

/// A thread whose edits land at once, and a client that reviews them afterwards.
final class ReviewHouse: Sendable {
  static let old = (1...20).map { "line \($0)\n" }.joined()
  static let capabilities: JSONValue = ["version": 1, "hunkReview": true, "snapshots": true]

  let house: AgentHouse
  let server: AppServer
  let client: TestClient
  let thread: JSONValue
  var work: TempDirectory { house.work }

  static func script(_ calls: [(String, JSONValue)], then more: [FakeModel.Step] = []) -> [FakeModel.Step] {
    calls.map { .call($0.0, $0.1) } + [.text("done")] + more
  }

  init(
    _ script: [FakeModel.Step], files: [String: String] = ["a.txt": old], review: String = "atEnd",
    before: (TempDirectory) throws -> Void = { _ in }
  ) async throws {
    house = AgentHouse(script, config: "sandbox_mode = \"danger-full-access\"")
    for (path, text) in files { house.work.write(path, text) }
    try before(house.work)
    server = house.server()
    client = try await house.connect(server, stet: Self.capabilities)
    thread = try await house.thread(client, ["stet": ["editReview": .string(review)]])
  }

  /// Runs a turn to its end.
  @discardableResult
  func turn(_ text: String = "go") async throws -> JSONValue {
    let count = client.notes("turn/completed").count
    try await client.call(
      "turn/start", ["threadId": thread, "input": [["type": "text", "text": .string(text)]]])
    return await client.note("turn/completed", count + 1)
  }

  func call(_ method: String, _ more: JSONObject) async throws -> JSONValue {
    try await client.call("stet/review/\(method)", params(more))
  }

  func refusal(_ method: String, _ more: JSONObject) async -> RPCError? {
    await client.error("stet/review/\(method)", params(more))
  }

  private func params(_ more: JSONObject) -> JSONValue {
    var params = more
    params["threadId"] = thread
    return .object(params)
  }

  /// The reviews that wait, newest first.
  func pending() async throws -> [JSONValue] {
    try await call("list", ["state": "pending"])["data"]?.arrayValue ?? []
  }

  /// The only review that waits, and its files.
  func waiting() async throws -> (id: JSONValue, files: [JSONValue]) {
    let id = try #require(try await pending().first?["reviewId"])
    return (id, try await call("read", ["reviewId": id])["files"]?.arrayValue ?? [])
  }

  /// The decision about a file, one verdict a hunk; nil leaves a hunk out.
  static func decide(_ file: JSONValue, _ verdicts: [String?], edit: String? = nil) -> JSONValue {
    var operations: [JSONValue] = []
    for (hunk, verdict) in zip(file["hunks"]?.arrayValue ?? [], verdicts) {
      guard let verdict else { continue }
      for operation in hunk["ops"]?.arrayValue ?? [] {
        var decision: JSONObject = ["opId": operation["opId"] ?? .null, "decision": .string(verdict)]
        if verdict == "edit" { decision["text"] = .string(edit ?? "") }
        operations.append(.object(decision))
      }
    }
    return [
      "path": file["path"] ?? .null, "baseHash": file["baseHash"] ?? .null, "decision": "partial",
      "ops": .array(operations),
    ]
  }

  /// The text of the user's items of the last request to the model, oldest first.
  var told: [String] {
    (house.model.requests.last?["input"]?.arrayValue ?? []).compactMap {
      $0["role"] == "user" ? $0["content"]?[0]?["text"]?.stringValue : nil
    }
  }

  /// What the model was told of reviews.
  var reviews: [String] { told.filter { $0.hasPrefix("<review>") } }
}
