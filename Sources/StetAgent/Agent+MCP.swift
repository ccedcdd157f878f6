import Logging
import StetConfig
import StetProtocol

/// What clients ask of MCP servers.
extension Agent {
  /// The servers with their tools: those of a thread as they are now, else of the loaded threads, else as started for this
  /// call; without a thread a server that is starting is waited for, at most its startup time.
  public func mcpServerStatusList(
    _ params: ListMcpServerStatusParams, reply: @escaping AgentReply<ListMcpServerStatusResponse>
  ) {
    if let id = params.threadId, session(id) == nil { return reply(.failure(.threadNotFound(id))) }
    Task { [self] in
      let (servers, temporary) = await servers(of: params.threadId)
      // Side by side: one that does not answer holds up no other.
      let rows = await withTaskGroup(of: McpServerStatus.self) { group in
        for server in servers where params.serverName.map({ $0 == server.config.name }) ?? true {
          group.addTask {
            if params.threadId == nil { await server.settled() }
            return await Self.row(server, params)
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      await temporary?.stop()
      reply(Self.page(rows.sorted { $0.name < $1.name }, params))
    }
  }

  /// Calls a tool for the client itself: nobody is asked.
  public func mcpServerToolCall(
    _ params: McpServerToolCallParams, reply: @escaping AgentReply<McpServerToolCallResponse>
  ) {
    guard let session = session(params.threadId) else {
      return reply(.failure(.threadNotFound(params.threadId)))
    }
    Task {
      do throws(RPCError) {
        // A thread that was just opened starts its servers first.
        await session.startServers()
        guard let server = await session.mcp.server(params.server) else {
          throw .unknownServer(params.server)
        }
        let result = try await server.call(params.tool, params.arguments ?? [:], meta: params.meta)
        reply(
          .success(
            McpServerToolCallResponse(
              content: result["content"]?.arrayValue ?? [], meta: result["_meta"],
              isError: result["isError"]?.boolValue, structuredContent: result["structuredContent"])))
      } catch {
        reply(.failure(error))
      }
    }
  }

  public func mcpServerResourceRead(
    _ params: McpResourceReadParams, reply: @escaping AgentReply<McpResourceReadResponse>
  ) {
    if let id = params.threadId, session(id) == nil { return reply(.failure(.threadNotFound(id))) }
    Task { [self] in
      let (servers, temporary) = await servers(of: params.threadId)
      let result: Result<McpResourceReadResponse, RPCError>
      do throws(RPCError) {
        guard let server = servers.first(where: { $0.config.name == params.server }) else {
          throw .unknownServer(params.server)
        }
        let contents = try await server.read(params.uri)["contents"]?.arrayValue ?? []
        result = .success(McpResourceReadResponse(contents: contents, originCallId: params.originCallId))
      } catch {
        result = .failure(error)
      }
      await temporary?.stop()
      reply(result)
    }
  }

  /// Every loaded thread takes over the servers that are configured now.
  public func configMcpServerReload(reply: @escaping AgentReply<EmptyResponse>) {
    for (id, _) in loadedThreads { session(id)?.post { await $0.configureServers() } }
    reply(.success(EmptyResponse()))
  }

  // MARK: - Parts

  /// The servers of a thread or of all threads, each name once; with no thread loaded, a host of their own, which the
  /// caller stops.
  private func servers(of threadId: String?) async -> ([MCPServer], temporary: MCPHost?) {
    let sessions = (threadId.map { [$0] } ?? loadedThreads.map(\.id).sorted()).compactMap { session($0) }
    var found: [String: MCPServer] = [:]
    for session in sessions {
      // A thread that was just opened starts its servers first.
      await session.startServers()
      for server in await session.mcp.all where found[server.config.name] == nil {
        found[server.config.name] = server
      }
    }
    if !sessions.isEmpty { return (found.keys.sorted().compactMap { found[$0] }, nil) }
    let host = MCPHost(clock: services.clock)
    let environment = services.environment
    do {
      let plan = try ThreadPlan(ThreadStartParams(), environment: environment)
      let place = MCPPlace(
        plan.settings, threadId: "status", configuration: plan.configuration, services: services)
      let silent = MCPHooks(
        status: { _, _, _, _ in }, elicit: { _, _, answer in answer(.success(["action": "decline"])) })
      await host.configure(plan.configuration.mcpServers, place, silent)
    } catch {
      environment.log.warning("the MCP servers can't be listed: \(error)")
    }
    return (await host.all, host)
  }

  private static func row(_ server: MCPServer, _ params: ListMcpServerStatusParams) async -> McpServerStatus {
    var tools = JSONObject()
    for tool in await server.tools { tools[tool.name] = tool.raw }
    let (state, needsLogin) = await (server.state, server.needsLogin)
    let wantsAll = params.detail != .toolsAndAuthOnly && state == .ready
    var problem: String?
    if case .failed(let message) = state { problem = message }
    let resources = wantsAll ? await listed(server, { try await server.resources() }) : []
    let templates = wantsAll ? await listed(server, { try await server.resourceTemplates() }) : []
    return McpServerStatus(
      name: server.config.name,
      runtimeStatus: params.threadId == nil ? nil : needsLogin ? .authenticationRequired : state.wire,
      serverInfo: serverInfo(await server.info), serverCapabilities: await server.capabilities, tools: tools,
      toolsError: problem, resources: resources, resourceTemplates: templates,
      authStatus: authStatus(server, needsLogin: needsLogin), stet: StetMcpServer(log: server.notes.lines))
  }

  /// What can't be listed is said in the server's log: the others are shown all the same.
  private static func listed(
    _ server: MCPServer, _ list: () async throws -> [JSONValue]
  ) async -> [JSONValue] {
    do {
      return try await list()
    } catch {
      server.notes.add(
        "stet: its resources could not be listed: \((error as? RPCError)?.message ?? "\(error)")")
      return []
    }
  }

  private static func authStatus(_ server: MCPServer, needsLogin: Bool) -> McpAuthStatus {
    if server.config.bearerTokenVariable != nil { return .bearerToken }
    if needsLogin { return .notLoggedIn }
    return server.place.hasToken(for: server.config) ? .oAuth : .unsupported
  }

  /// With all members that clients expect.
  private static func serverInfo(_ info: JSONValue?) -> JSONValue? {
    guard let info, let name = info["name"]?.stringValue else { return nil }
    return [
      "name": .string(name), "title": info["title"] ?? .null,
      "version": .string(info["version"]?.stringValue ?? ""),
      "description": info["description"] ?? .null, "icons": info["icons"] ?? .null,
      "websiteUrl": info["websiteUrl"] ?? .null,
    ]
  }

  private static func page(
    _ rows: [McpServerStatus], _ params: ListMcpServerStatusParams
  ) -> Result<ListMcpServerStatusResponse, RPCError> {
    var rest = rows[...]
    if let cursor = params.cursor {
      guard let place = rest.firstIndex(where: { $0.name == cursor }) else {
        return .failure(.invalidRequest("invalid cursor: \(cursor)"))
      }
      rest = rest[(place + 1)...]
    }
    let page = Array(rest.prefix(params.limit.map { Int($0) } ?? rest.count))
    let next = page.count < rest.count ? page.last?.name : nil
    return .success(ListMcpServerStatusResponse(data: page, nextCursor: next))
  }
}

extension MCPServer.State {
  var wire: McpServerConnectionStatus {
    switch self {
    case .starting: .starting
    case .ready: .connected
    case .failed: .failed
    case .stopped: .cancelled
    }
  }
}

extension RPCError {
  /// Between a transport and its server: nobody has logged in. Never on a wire.
  static let loginNeeded = -32_099

  static func unknownServer(_ name: String) -> RPCError { .invalidRequest("unknown MCP server '\(name)'") }
}
