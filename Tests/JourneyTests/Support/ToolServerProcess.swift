import StetJSON
import StetProcess
import StetTestSupport
import Testing

/// `stet mcp-server` as the process that another agent starts, spoken to in raw JSON-RPC.
final class ToolServerProcess: Sendable {
  struct Seen: Sendable {
    var messages: [JSONValue] = []
    var rest: [UInt8] = []
    var end: StetProcess.ExitStatus?
  }

  let seen = Watched(Seen())
  let session: ProcessSession

  /// - Parameter elicitation: the client's capability; nil: it takes no questions.
  init(_ house: House, _ arguments: [String] = [], elicitation: JSONValue? = nil, greets: Bool = true)
    throws
  {
    let session = try ProcessSession.start(
      Command(
        argv: [Program.folder + "/stet", "mcp-server"] + arguments, cwd: house.work.path,
        environment: Program.environment(home: house.home), stdin: .pipe, errors: .discarded))
    self.session = session
    Task { [seen] in
      for await event in session.events {
        switch event {
        case .output(let bytes): seen.change { Self.take(bytes, &$0) }
        case .errorOutput: break
        case .exited(let status): seen.change { $0.end = status }
        }
      }
    }
    guard greets else { return }
    send([
      "jsonrpc": "2.0", "id": 0, "method": "initialize",
      "params": [
        "protocolVersion": "2025-06-18", "capabilities": elicitation.map { ["elicitation": $0] } ?? [:],
        "clientInfo": ["name": "t", "version": "1"],
      ],
    ])
    send(["jsonrpc": "2.0", "method": "notifications/initialized"])
  }

  private static func take(_ bytes: [UInt8], _ seen: inout Seen) {
    seen.rest += bytes
    while let end = seen.rest.firstIndex(of: UInt8(ascii: "\n")) {
      // Anything but messages on standard output is a fault, and shows as null.
      seen.messages.append((try? JSONValue(parsing: seen.rest[..<end])) ?? .null)
      seen.rest.removeFirst(end + 1)
    }
  }

  func send(_ message: JSONValue) { session.write(message.serialized() + [UInt8(ascii: "\n")]) }

  func call(_ id: Int64, _ tool: String, _ arguments: JSONValue, token: JSONValue? = nil) {
    var params: JSONObject = ["name": .string(tool), "arguments": arguments]
    if let token { params["_meta"] = ["progressToken": token] }
    send(["jsonrpc": "2.0", "id": .int(id), "method": "tools/call", "params": .object(params)])
  }

  func message(_ isIt: @escaping @Sendable (JSONValue) -> Bool) async throws -> JSONValue {
    try #require(await seen.until { $0.messages.contains(where: isIt) })
    return try #require(seen.value.messages.first(where: isIt))
  }

  func result(_ id: Int64) async throws -> JSONValue {
    try await message { $0["id"] == .int(id) && $0["method"] == nil }["result"] ?? .null
  }

  /// The question with that place among those that came, answered.
  func answer(_ number: Int, _ result: JSONValue) async throws -> JSONValue {
    @Sendable func asked(_ seen: Seen) -> [JSONValue] {
      seen.messages.filter { $0["method"] == "elicitation/create" }
    }
    try #require(await seen.until { asked($0).count > number })
    let question = asked(seen.value)[number]
    send(["jsonrpc": "2.0", "id": question["id"] ?? .null, "result": result])
    return question["params"] ?? .null
  }

  /// Ends it and gives how it ended.
  func end() async throws -> StetProcess.ExitStatus {
    session.closeInput()
    try #require(await seen.until { $0.end != nil })
    return try #require(seen.value.end)
  }
}
