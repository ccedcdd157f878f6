import Logging
import StetNet
import StetProtocol
import StetRPC
import Synchronization

/// JSON-RPC 2.0 over streamable HTTP (MCP 2025-06-18, transports): each message is a POST, answered with JSON or with a
/// stream of events; a GET brings what the server says by itself. A stream that was cut is resumed behind its last event;
/// a session that the server has forgotten is begun anew, and the message sent once more.
final class MCPHTTPTransport: MCPLink {
  /// As for a line of a program: a tool's result of this size fits no model.
  static let bodyLimit = 16 << 20
  /// How often a stream that was cut is resumed without an event in between.
  static let resumptions = 5
  /// Before a stream is resumed, where the server names no time; doubled each time.
  static let resumeMs = 500
  /// The shortest wait, also where a server wants none: each try is a request.
  static let shortestWaitMs = 250
  /// Messages that wait for their reader.
  static let waitingMessages = 1_024
  /// The longest wait between two tries, also where the server names one.
  static let longestWaitMs = 30_000
  /// A day: how long a call may take is decided by who waits for it, and a stream may be silent for ever.
  private static let patienceMs = 86_400_000
  /// For a message that wants no answer: a server that does not take it holds up no more than this.
  private static let tellMs = 30_000
  /// For the word that a session is over.
  private static let farewellMs = 500
  /// The id of a greeting that nobody waits for.
  private static let renewalId = RequestID.string("stet-session")

  private struct State {
    var session: String?
    var greeting: Message?
    var version: String?
    var requests: [RequestID: Task<Void, Never>] = [:]
    /// Messages that want no answer, under way or waiting for the one before.
    var tells: [Int: Task<Void, Never>] = [:]
    var tellCount = 0
    /// The last of those that keep their order.
    var lastInOrder = 0
    var listener: Task<Void, Never>?
    var renewal: (old: String, task: Task<String?, Never>)?
    var isClosed = false
  }

  /// How one answer ended.
  private enum End {
    case done
    /// The server does not know the session.
    case gone
    /// Cut, or ended before the answer came; the last event that arrived, and what the server wants waited for.
    case cut(last: String?, retryMs: Int?, why: String)
  }

  private let http: HTTPClient
  private let url: String
  private let headers: [(String, String)]
  /// Nil where the headers say who the user is.
  private let tokens: OAuthTokens?
  private let name: String
  private let clock: AgentClock
  private let log: Logger
  private let state = Mutex(State())
  private let incoming: AsyncStream<Message>
  private let deliver: AsyncStream<Message>.Continuation

  init(
    _ http: HTTPClient, url: String, headers: [(String, String)], tokens: OAuthTokens?, name: String,
    clock: AgentClock, log: Logger
  ) {
    self.http = http
    self.url = url
    self.headers = headers
    self.tokens = tokens
    self.name = name
    self.clock = clock
    self.log = log
    // More than calls under way can bring: what a server floods behind that is let go.
    (incoming, deliver) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.waitingMessages))
  }

  func start(
    receive: @escaping @Sendable (Message) -> Void, closed: @escaping @Sendable (String?) -> Void
  ) {
    Task { [incoming] in
      for await message in incoming { receive(message) }
      closed(nil)
    }
  }

  func send(_ message: Message) {
    switch message {
    case .request(let id, let method, _, _):
      state.withLock { state in
        guard !state.isClosed else { return }
        if method == "initialize" { state.greeting = message }
        // What was said before is heard before: a server may refuse all that comes ahead of `initialized`.
        state.requests[id] = Task { [before = state.tells[state.lastInOrder]] in
          await before?.value
          await self.exchange(message, id)
        }
      }
    case .notification(let method, let params, _, _):
      let isCancel = method == "notifications/cancelled"
      if isCancel, let id = params?["requestId"].flatMap(RequestID.init) {
        state.withLock { $0.requests.removeValue(forKey: id) }?.cancel()
      }
      enqueue(message, inOrder: !isCancel, listens: method == "notifications/initialized")
    case .result, .error: enqueue(message, inOrder: false, listens: false)
    }
  }

  /// Sends a message that wants no answer.
  ///
  /// - Parameter inOrder: behind the one before, and ahead of all requests that come later.
  private func enqueue(_ message: Message, inOrder: Bool, listens: Bool) {
    state.withLock { state in
      guard !state.isClosed else { return }
      guard state.tells.count < Self.waitingMessages else {
        return log.debug("MCP server \(name): it takes nothing any more; a message is let go")
      }
      let before = inOrder ? state.tells[state.lastInOrder] : nil
      state.tellCount += 1
      let number = state.tellCount
      if inOrder { state.lastInOrder = number }
      state.tells[number] = Task {
        await before?.value
        if !Task.isCancelled { await self.tell(message) }
        if listens, !Task.isCancelled { self.listen() }
        self.state.withLock { $0.tells[number] = nil }
      }
    }
  }

  func close() { _ = finish() }

  func end() async { await finish()?.value }

  // MARK: - Sending

  private func exchange(_ message: Message, _ id: RequestID) async {
    do {
      if !Task.isCancelled { try await post(message, awaits: id) }
    } catch {
      // Whoever gave the call up has his answer.
      if !Task.isCancelled {
        let code = error.needsLogin ? RPCError.loginNeeded : RPCError.internalErrorCode
        deliver.yield(.error(id: id, RPCError(code: code, message: error.message)))
      }
    }
    state.withLock { $0.requests[id] = nil }
  }

  /// A message that wants no answer.
  private func tell(_ message: Message) async {
    do {
      try await post(message, awaits: nil)
    } catch {
      log.debug("MCP server \(name): \(error.message)")
    }
  }

  private func post(_ message: Message, awaits id: RequestID?) async throws(MCPError) {
    for attempt in 0..<2 {
      let session = state.withLock { $0.session }
      let patience = id == nil ? Self.tellMs : Self.patienceMs
      switch try await read(request("POST", session, Self.bytes(message), patience), awaits: id) {
      case .done: return
      case .cut(let last, let retry, let why):
        guard let id else { return }
        return try await resume(after: last, retry, why, id)
      case .gone:
        guard attempt == 0, let session, await renewed(session) else {
          throw MCPError("the server answers 404: look at the url, or start it again")
        }
      }
    }
  }

  /// Goes on with a stream behind the last event that arrived.
  private func resume(
    after event: String?, _ retry: Int?, _ why: String, _ id: RequestID
  ) async throws(MCPError) {
    var (last, retry, tries) = (event, retry, 0)
    while let place = last, tries < Self.resumptions, !Task.isCancelled {
      await clock.sleep(min(max(retry ?? Self.resumeMs << tries, Self.shortestWaitMs), Self.longestWaitMs))
      tries += 1
      let session = state.withLock { $0.session }
      var again = request("GET", session, [])
      again.headers.append(("Last-Event-ID", place))
      switch try await read(again, awaits: id) {
      case .done: return
      case .gone: throw MCPError("the server has lost the answer")
      case .cut(let next, let wanted, _):
        if let next, next != place { tries = 0 }
        (last, retry) = (next ?? place, wanted ?? retry)
      }
    }
    throw MCPError(why)
  }

  // MARK: - Reading

  /// Sends a request as the user, and reads its answer. A token that is refused is renewed, once: the server has done
  /// nothing yet.
  private func read(_ request: HTTPRequest, awaits id: RequestID?) async throws(MCPError) -> End {
    guard let tokens else { return try await answer(to: request, awaits: id) }
    let token = await tokens.current()
    do throws(MCPError) {
      return try await answer(to: request, as: token, awaits: id)
    } catch {
      guard error.needsLogin, let token, let next = await tokens.next(after: token) else { throw error }
      return try await answer(to: request, as: next, awaits: id)
    }
  }

  /// Reads one answer to its end, or to the answer of the request that waits for it.
  private func answer(
    to request: HTTPRequest, as token: String? = nil, awaits id: RequestID?
  ) async throws(MCPError) -> End {
    var request = request
    if let token { request.headers.append(("Authorization", "Bearer \(token)")) }
    var (status, type, last, retry) = (0, "", String?.none, Int?.none)
    var body: [UInt8] = []
    var parser = SSEParser()
    do {
      for try await event in http.stream(request) {
        switch event {
        case .head(let code, let headers):
          status = code
          type = headers["content-type"]?.lowercased() ?? ""
          if (200..<300).contains(code), let session = headers["mcp-session-id"] { keep(session) }
        case .bytes(let bytes) where status == 200 && type.hasPrefix("text/event-stream"):
          for event in try parser.feed(bytes) {
            last = event.id ?? last
            retry = event.retry ?? retry
            if take(event.data, awaits: id) { return .done }
          }
        case .bytes(let bytes):
          body += bytes
          guard body.count <= Self.bodyLimit else { throw MCPError("the answer has more than 16 MiB") }
        }
      }
    } catch let error as MCPError {
      throw error
    } catch {
      let why = (error as? NetError)?.message ?? "\(error)"
      guard last != nil else { throw MCPError(why) }
      return .cut(last: last, retryMs: retry, why: why)
    }
    switch status {
    case 404: return .gone
    case 200 where type.hasPrefix("text/event-stream"):
      return id == nil
        ? .done : .cut(last: last, retryMs: retry, why: "the stream ended before the answer came")
    case 200..<300:
      if take(String(decoding: body, as: UTF8.self), awaits: id) || id == nil { return .done }
      throw MCPError("the server answered with something else than the answer")
    case 401 where tokens != nil:
      throw MCPError(
        "it wants you to log in: run `stet mcp login \(name)`, or set bearer_token_env_var", needsLogin: true)
    default: throw MCPError(Self.problem(status, body))
    }
  }

  /// Hands messages on; whether one of them is the answer to `id`.
  private func take(_ text: String, awaits id: RequestID?) -> Bool {
    guard !text.allSatisfy(\.isWhitespace) else { return false }
    do {
      let value = try JSONValue(parsing: text)
      var isAnswer = false
      for part in value.arrayValue ?? [value] {
        let message = try Message(part)
        switch message {
        case .result(let found, let result):
          if found == id { isAnswer = true }
          if let version = result["protocolVersion"]?.stringValue { agree(on: version) }
        case .error(let found, _): if found == id { isAnswer = true }
        case .request, .notification: break
        }
        deliver.yield(message)
      }
      return isAnswer
    } catch {
      log.debug("MCP server \(name): \(error)")
      return false
    }
  }

  private static func problem(_ status: Int, _ body: [UInt8]) -> String {
    if status == 401 || status == 403 {
      return
        "it does not take the key (HTTP \(status)): look at bearer_token_env_var, or http_headers."
    }
    let text = String(decoding: body.prefix(200), as: UTF8.self).split(whereSeparator: \.isWhitespace)
    return "HTTP \(status)" + (text.isEmpty ? "" : ": " + text.joined(separator: " "))
  }

  // MARK: - The session

  private func keep(_ session: String) {
    // What may stand in a header: visible ASCII. Anything else is nonsense, and would not be sent anyway.
    guard session.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), session.utf8.count <= 1_024 else { return }
    state.withLock { if !$0.isClosed { $0.session = session } }
  }

  /// A date goes into the header of what follows, and nothing else does.
  private func agree(on version: String) {
    let isDate = version.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
    guard isDate, version.utf8.count == 10 else { return }
    state.withLock { $0.version = version }
  }

  /// Begins the session anew, once for all that find it gone; whether there is another one now.
  private func renewed(_ old: String) async -> Bool {
    let task: Task<String?, Never>? = state.withLock { state in
      if state.session != old { return nil }
      if let renewal = state.renewal, renewal.old == old { return renewal.task }
      let task = Task { await self.renew() }
      state.renewal = (old, task)
      return task
    }
    guard let task else { return true }
    if await task.value != nil { return true }
    // Who comes later tries again: a server that was down for a moment is no server that is lost.
    state.withLock { if $0.renewal?.task == task { $0.renewal = nil } }
    return false
  }

  private func renew() async -> String? {
    guard case .request(_, let method, let params, _)? = state.withLock({ $0.greeting }) else { return nil }
    let greeting = Message.request(id: Self.renewalId, method: method, params: params)
    do {
      guard case .done = try await read(request("POST", nil, Self.bytes(greeting)), awaits: Self.renewalId)
      else {
        return nil
      }
    } catch {
      log.debug("MCP server \(name): \(error.message)")
      return nil
    }
    await tell(.notification(method: "notifications/initialized", params: nil))
    listen()
    return state.withLock { $0.session }
  }

  /// Listens to what the server says by itself, as long as it has anything to say: many answer with 405.
  private func listen() {
    state.withLock { state in
      state.listener?.cancel()
      guard !state.isClosed else { return }
      state.listener = Task { await self.hear() }
    }
  }

  private func hear() async {
    var last: String?
    var waitMs = Self.resumeMs
    while !Task.isCancelled {
      var listening = request("GET", state.withLock { $0.session }, [])
      if let last { listening.headers.append(("Last-Event-ID", last)) }
      do {
        // Nothing ends it but the server: no answer is waited for.
        guard case .cut(let next, let retry, _) = try await read(listening, awaits: .string("")) else {
          return
        }
        if next != nil { waitMs = Self.resumeMs }
        last = next ?? last
        waitMs = max(retry ?? waitMs, Self.shortestWaitMs)
      } catch {
        return log.debug("MCP server \(name) says nothing by itself: \(error.message)")
      }
      await clock.sleep(min(waitMs, Self.longestWaitMs))
      waitMs = min(waitMs * 2, Self.longestWaitMs)
    }
  }

  /// Nil when it was finished before.
  private func finish() -> Task<Void, Never>? {
    let left: State? = state.withLock { state in
      guard !state.isClosed else { return nil }
      state.isClosed = true
      return state
    }
    guard let left else { return nil }
    left.listener?.cancel()
    for task in left.requests.values { task.cancel() }
    for task in left.tells.values { task.cancel() }
    deliver.finish()
    guard let session = left.session else { return Task {} }
    var farewell = request("DELETE", session, [])
    farewell.connectTimeoutMs = Self.farewellMs
    farewell.firstByteTimeoutMs = Self.farewellMs
    farewell.idleTimeoutMs = Self.farewellMs
    return Task { [http, log, name, tokens, farewell] in
      var farewell = farewell
      if let token = await tokens?.kept() { farewell.headers.append(("Authorization", "Bearer \(token)")) }
      do {
        _ = try await http.fetch(farewell, maxBytes: Self.bodyLimit)
      } catch {
        log.debug("MCP server \(name) was not told of the end: \(error)")
      }
    }
  }

  // MARK: - Parts

  private func request(
    _ method: String, _ session: String?, _ body: [UInt8], _ patienceMs: Int = MCPHTTPTransport.patienceMs
  ) -> HTTPRequest {
    var all = headers
    all.append(
      ("Accept", method == "POST" ? "application/json, text/event-stream" : "text/event-stream"))
    if !body.isEmpty { all.append(("Content-Type", "application/json")) }
    if let session { all.append(("Mcp-Session-Id", session)) }
    if let version = state.withLock({ $0.version }) { all.append(("MCP-Protocol-Version", version)) }
    return HTTPRequest(
      method: method, url: url, headers: all, body: body, firstByteTimeoutMs: patienceMs,
      idleTimeoutMs: patienceMs)
  }

  private static func bytes(_ message: Message) -> [UInt8] {
    var object: JSONObject = ["jsonrpc": "2.0"]
    for (key, value) in message.jsonValue.objectValue ?? JSONObject() { object[key] = value }
    return JSONValue.object(object).serialized()
  }
}
