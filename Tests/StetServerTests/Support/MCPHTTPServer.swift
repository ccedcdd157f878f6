import StetJSON
import StetTestSupport
import Synchronization

/// An MCP server over streamable HTTP, scripted: a session, answers as JSON or as a stream that may be cut, and a stream
/// of its own words.
final class MCPHTTPServer: Sendable {
  private struct State {
    var asked: [String] = []
    var sessions = 0
    /// The session that is alive; nil when it was forgotten.
    var session: String?
    /// It was told `initialized`; nothing else is taken before.
    var isInitialized = false
    /// Greetings that it refuses.
    var refusals = 0
    var token: String?
  }

  private let state = Mutex(State())
  private let server: Mutex<LoopbackServer?> = Mutex(nil)
  /// Opened: the stream of the server's own words says that its tools changed.
  let news = Gate()

  /// - Parameter token: what it wants as a bearer token.
  init(token: String? = nil) throws {
    state.withLock { $0.token = token }
    let made = try LoopbackServer { [weak self] exchange in self?.answer(exchange) }
    server.withLock { $0 = made }
  }

  var url: String { (server.withLock { $0?.url } ?? "") + "/mcp" }
  /// What was asked: the method, and what is in it.
  var asked: [String] { state.withLock { $0.asked } }

  /// As a server does that was started anew.
  func forget() { state.withLock { $0.session = nil } }

  /// Refuses the next greeting, as a server that is not up yet.
  func refuseOnce() { state.withLock { $0.refusals = 1 } }

  private func answer(_ exchange: LoopbackExchange) {
    let (session, token) = state.withLock { ($0.session, $0.token) }
    if let token, exchange["authorization"] != "Bearer \(token)" { return exchange.respond(401) }
    let message = (try? JSONValue(parsing: exchange.body)) ?? .null
    let method = message["method"]?.stringValue ?? ""
    let last = exchange["last-event-id"].map { " after \($0)" } ?? ""
    state.withLock { $0.asked.append("\(exchange.method) \(method)\(last)") }
    if method == "initialize" { return greet(exchange, message) }
    guard let session, exchange["mcp-session-id"] == session else { return exchange.respond(404) }
    if method == "notifications/initialized" { state.withLock { $0.isInitialized = true } }
    guard exchange.method == "DELETE" || state.withLock({ $0.isInitialized }) else {
      return exchange.respond(400, body: "not initialized")
    }
    switch (exchange.method, method) {
    case ("DELETE", _): exchange.respond(200)
    case ("GET", _) where last.isEmpty: talk(exchange)
    case ("GET", _): resume(exchange)
    case (_, "tools/list"): tell(exchange, message, ["tools": Self.tools])
    case (_, "tools/call"): call(exchange, message)
    case (_, _) where message["id"] == nil: exchange.respond(202)
    default: tell(exchange, message, [:])
    }
  }

  private static let tools: JSONValue = ["plain", "cut"].map { name -> JSONValue in
    ["name": .string(name), "description": "a tool", "inputSchema": ["type": "object", "properties": [:]]]
  }.json

  private func greet(_ exchange: LoopbackExchange, _ message: JSONValue) {
    let isRefused = state.withLock { state in
      defer { state.refusals = max(0, state.refusals - 1) }
      return state.refusals > 0
    }
    if isRefused { return exchange.respond(503) }
    let session = state.withLock { state in
      state.isInitialized = false
      state.sessions += 1
      state.session = "session-\(state.sessions)"
      return state.session ?? ""
    }
    exchange.respond(
      200, headers: [("content-type", "application/json"), ("mcp-session-id", session)],
      body: Self.result(
        message,
        [
          "protocolVersion": "2025-06-18", "capabilities": ["tools": [:]],
          "serverInfo": ["name": "far", "version": "1"],
        ]
      ).text)
  }

  /// `plain` as JSON; `cut` as a stream with one event before it breaks, the answer of which waits behind it.
  private func call(_ exchange: LoopbackExchange, _ message: JSONValue) {
    guard message["params"]?["name"] == "cut" else {
      return tell(exchange, message, ["content": [["type": "text", "text": "plainly"]]])
    }
    state.withLock { $0.asked.append("id \(message["id"]?.text ?? "")") }
    exchange.begin()
    exchange.chunk("id: e1\nretry: 10\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\n\n")
    exchange.cut()
  }

  private func resume(_ exchange: LoopbackExchange) {
    let id = asked.last { $0.hasPrefix("id ") }?.dropFirst(3) ?? ""
    exchange.begin()
    exchange.chunk(
      "id: e2\ndata: {\"jsonrpc\":\"2.0\",\"id\":\(id),\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"whole\"}]}}\n\n"
    )
    exchange.end()
  }

  private func talk(_ exchange: LoopbackExchange) {
    exchange.begin()
    guard exchange.wait(for: news) else { return }
    exchange.chunk("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\n")
    exchange.untilPeerCloses()
  }

  private func tell(_ exchange: LoopbackExchange, _ message: JSONValue, _ result: JSONValue) {
    exchange.respond(
      200, headers: [("content-type", "application/json")], body: Self.result(message, result).text)
  }

  private static func result(_ message: JSONValue, _ result: JSONValue) -> JSONValue {
    ["jsonrpc": "2.0", "id": message["id"] ?? .null, "result": result]
  }
}

extension [JSONValue] {
  fileprivate var json: JSONValue { .array(self) }
}
