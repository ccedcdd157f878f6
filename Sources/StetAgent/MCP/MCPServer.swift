import Logging
import StetConfig
import StetProtocol

/// One MCP server of one thread: started in the background, started again once when it dies (M7).
actor MCPServer {
  enum State: Sendable, Hashable {
    case starting, ready
    case failed(String)
    case stopped
  }

  /// Tools, and resources, that one server may have; more are no list that a model chooses from.
  static let toolLimit = 500
  /// Before a server that died is started again.
  static let restartMs = 1_000
  /// For lists of tools and resources.
  static let listMs = 30_000
  static let protocolVersion = "2025-06-18"

  nonisolated let config: MCPServerConfig
  nonisolated let place: MCPPlace
  /// What it said, over all its lives.
  nonisolated let notes: MCPLog
  private let hooks: MCPHooks
  private(set) var state = State.starting
  /// It failed because nobody has logged in.
  private(set) var needsLogin = false
  private(set) var tools: [MCPToolInfo] = []
  private(set) var info: JSONValue?
  private(set) var capabilities: JSONValue?
  private var client: MCPClient?
  private var transport: (any MCPLink)?
  private var wasRestarted = false
  private var work: Task<Void, Never>?
  private var waiters: [CheckedContinuation<Void, Never>] = []

  init(_ config: MCPServerConfig, _ place: MCPPlace, _ hooks: MCPHooks) {
    self.config = config
    self.place = place
    self.hooks = hooks
    notes = MCPLog(server: config.name, log: place.log)
  }

  /// Begins to start it; the status goes to the clients.
  func start() {
    guard work == nil else { return }
    tell(.starting, nil)
    work = Task { await connect() }
  }

  /// Starts it once more after it failed: the user has logged in.
  func tryAgain() {
    guard case .failed = state else { return }
    (state, needsLogin) = (.starting, false)
    tell(.starting, nil)
    work = Task { await connect() }
  }

  /// Returns when it is no longer starting.
  func settled() async {
    guard state == .starting else { return }
    await withCheckedContinuation { waiters.append($0) }
  }

  func stop() async {
    let wasStarting = state == .starting
    change(.stopped)
    work?.cancel()
    await transport?.end()
    if wasStarting { tell(.cancelled, nil) }
  }

  // MARK: - Calls

  /// Calls a tool; waits for a server that is starting.
  func call(
    _ tool: String, _ arguments: JSONValue, meta: JSONValue? = nil,
    onProgress: (@Sendable (String) -> Void)? = nil
  ) async throws(RPCError) -> JSONValue {
    var params: JSONObject = ["name": .string(tool)]
    if !arguments.isNull { params["arguments"] = arguments }
    if let meta, !meta.isNull { params["_meta"] = meta }
    return try await request("tools/call", params, timeoutMs: config.toolTimeoutMs, onProgress: onProgress)
  }

  func read(_ uri: String) async throws(RPCError) -> JSONValue {
    try await request("resources/read", ["uri": .string(uri)], timeoutMs: config.toolTimeoutMs)
  }

  /// All that can be read; waits for a server that is starting.
  func resources() async throws(RPCError) -> [JSONValue] { try await list("resources/list", "resources") }
  func resourceTemplates() async throws(RPCError) -> [JSONValue] {
    try await list("resources/templates/list", "resourceTemplates")
  }

  /// Nothing from a server that has none.
  private func list(_ method: String, _ member: String) async throws(RPCError) -> [JSONValue] {
    _ = try await ready()
    guard capabilities?["resources"] != nil else { return [] }
    do {
      return try await pages(method, member)
    } catch {
      throw named(error)
    }
  }

  private func request(
    _ method: String, _ params: JSONObject, timeoutMs: Int, onProgress: (@Sendable (String) -> Void)? = nil
  ) async throws(RPCError) -> JSONValue {
    let client = try await ready()
    do {
      return try await client.call(method, params, timeoutMs: timeoutMs, onProgress: onProgress)
    } catch {
      throw named(error)
    }
  }

  private func ready() async throws(RPCError) -> MCPClient {
    await settled()
    // It ended, and its end is still on the way here.
    if let client, client.isClosed {
      lost(client, nil)
      await settled()
    }
    guard state == .ready, let client else {
      var reason = "it is not running"
      if case .failed(let message) = state { reason = message }
      throw .invalidRequest("MCP server \(config.name): \(reason)")
    }
    return client
  }

  private func named(_ error: RPCError) -> RPCError {
    RPCError(code: error.code, message: "MCP server \(config.name): \(error.message)", data: error.data)
  }

  // MARK: - Starting

  private func connect() async {
    do throws(MCPError) {
      guard MCPToolName.isServerName(config.name) else {
        throw MCPError("Invalid MCP server name '\(config.name)': must match pattern ^[a-zA-Z0-9_-]+$")
      }
      let transport = try await place.launch(config, notes)
      guard state == .starting else { return await transport.end() }
      self.transport = transport
      let client = MCPClient(transport, clock: place.clock)
      self.client = client
      client.start(handlers(of: client))
      try await greet(client)
      guard state == .starting else { return }
      change(.ready)
      tell(.ready, nil)
    } catch {
      await transport?.end()
      needsLogin = error.needsLogin
      fail(error.message)
    }
  }

  private func greet(_ client: MCPClient) async throws(MCPError) {
    let deadline = place.clock.nowMs() + Int64(config.startupTimeoutMs)
    func left() -> Int { Int(max(1, deadline - place.clock.nowMs())) }
    do {
      let result = try await client.call(
        "initialize",
        [
          "protocolVersion": .string(Self.protocolVersion),
          "capabilities": ["elicitation": [:], "roots": ["listChanged": false]],
          "clientInfo": ["name": "stet", "title": "stet", "version": .string(place.serverVersion)],
        ], timeoutMs: left())
      info = result["serverInfo"]
      capabilities = result["capabilities"]
      client.notify("notifications/initialized")
      if capabilities?["tools"] != nil { tools = try await fetchTools(timeoutMs: left()) }
    } catch {
      throw MCPError(startupProblem(error), needsLogin: error.code == RPCError.loginNeeded)
    }
  }

  private func startupProblem(_ error: RPCError) -> String {
    let name = config.name
    if error == .mcpStopped {
      return
        "MCP server `\(name)` ended before it was ready. It runs in the sandbox: if it needs the network, or to "
        + "write outside the workspace, set sandbox = \"network\" or \"off\" in [mcp_servers.\(name)]."
    }
    if error.message.hasPrefix("no answer") {
      let seconds = (config.startupTimeoutMs + 999) / 1_000
      return
        "MCP client for `\(name)` timed out after \(seconds) seconds. Add or adjust `startup_timeout_sec` in "
        + "your config.toml:\n[mcp_servers.\(name)]\nstartup_timeout_sec = XX"
    }
    if case .http = config.transport { return "MCP server `\(name)` can't be used: \(error.message)" }
    return "MCP server `\(name)` refused to start: \(error.message)"
  }

  private func fetchTools(timeoutMs: Int = MCPServer.listMs) async throws(RPCError) -> [MCPToolInfo] {
    let all = try await pages("tools/list", "tools", timeoutMs: timeoutMs)
    let wanted = config.enabledTools.map { Set($0) }
    let unwanted = Set(config.disabledTools)
    return all.compactMap { MCPToolInfo($0, server: config.name) }
      .filter { wanted?.contains($0.name) ?? true && !unwanted.contains($0.name) }
      .sorted { $0.name < $1.name }
  }

  private func pages(
    _ method: String, _ member: String, timeoutMs: Int = MCPServer.listMs
  ) async throws(RPCError) -> [JSONValue] {
    guard let client else { return [] }
    var all: [JSONValue] = []
    var cursor: JSONValue?
    let deadline = place.clock.nowMs() + Int64(timeoutMs)
    // The time is for all pages: a server may have pages without end.
    for _ in 0..<Self.toolLimit {
      var params = JSONObject()
      params["cursor"] = cursor
      let left = Int(max(1, deadline - place.clock.nowMs()))
      let page = try await client.call(method, params, timeoutMs: left)
      all += (page[member]?.arrayValue ?? []).prefix(Self.toolLimit - all.count)
      cursor = page["nextCursor"].flatMap { $0.isNull ? nil : $0 }
      if cursor == nil || all.count == Self.toolLimit { break }
    }
    return all
  }

  // MARK: - What the server does by itself

  private func handlers(of client: MCPClient) -> MCPClient.Handlers {
    MCPClient.Handlers(
      request: { [hooks, config, place] method, params, answer in
        switch method {
        case "ping": answer(.success([:]))
        case "roots/list": answer(.success(["roots": place.roots]))
        case "elicitation/create": hooks.elicit(config.name, params, answer)
        default: answer(.failure(RPCError(code: -32601, message: "Method not found: \(method)")))
        }
      },
      notification: { [weak self, notes] method, params in
        switch method {
        case "notifications/message": notes.message(params)
        case "notifications/tools/list_changed": Task { [weak self] in await self?.refresh() }
        default: break
        }
      },
      closed: { [weak self, weak client] reason in
        Task { [weak self, weak client] in await self?.lost(client, reason) }
      })
  }

  private func refresh() async {
    guard state == .ready else { return }
    do {
      tools = try await fetchTools()
    } catch {
      notes.add("stet: its tools could not be read again: \(error.message)")
    }
  }

  /// It ended by itself: once it is started again, then it stays away. Calls under way have failed by now.
  private func lost(_ client: MCPClient?, _ reason: String?) {
    guard let client, client === self.client, state == .ready else { return }
    self.client = nil
    let how = reason.map { " (\($0))" } ?? ""
    notes.add("stet: it stopped\(how)")
    guard !wasRestarted else { return fail("MCP server `\(config.name)` stopped again\(how).") }
    wasRestarted = true
    change(.starting)
    tell(.starting, nil)
    work = Task {
      await place.clock.sleep(Self.restartMs)
      guard state == .starting else { return }
      await connect()
    }
  }

  private func fail(_ message: String) {
    guard state != .stopped else { return }
    change(.failed(message))
    tell(.failed, message)
  }

  private func tell(_ state: McpServerStartupState, _ error: String?) {
    notes.add("stet: " + (error ?? "\(state)"))
    hooks.status(config.name, state, error, needsLogin)
  }

  private func change(_ new: State) {
    guard state != .stopped else { return }
    state = new
    guard new != .starting else { return }
    for waiter in waiters { waiter.resume() }
    waiters = []
  }
}

/// What a server reports to its thread.
struct MCPHooks: Sendable {
  var status:
    @Sendable (_ server: String, _ state: McpServerStartupState, _ error: String?, _ needsLogin: Bool) -> Void
  var elicit: @Sendable (_ server: String, _ params: JSONValue, _ answer: @escaping MCPClient.Answer) -> Void
}
