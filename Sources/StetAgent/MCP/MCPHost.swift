import StetConfig
import StetProtocol

/// The MCP servers of one thread.
actor MCPHost {
  /// What the first turn waits for servers at most (M2).
  static let patienceMs = 1_000

  private let clock: AgentClock
  private var servers: [String: MCPServer] = [:]
  private var isStopped = false

  init(clock: AgentClock) { self.clock = clock }

  var isEmpty: Bool { servers.isEmpty }
  var all: [MCPServer] { servers.keys.sorted().compactMap { servers[$0] } }

  func server(_ name: String) -> MCPServer? { servers[name] }

  /// Starts what is configured and not there, stops what is no longer configured, starts anew what was changed.
  func configure(_ configs: [String: MCPServerConfig], _ place: MCPPlace, _ hooks: MCPHooks) async {
    guard !isStopped else { return }
    let wanted = configs.values.filter(\.isEnabled)
    var leaving: [MCPServer] = []
    for (name, server) in servers
    where !wanted.contains(server.config) || !server.place.hasWalls(of: place, for: server.config) {
      leaving.append(server)
      servers[name] = nil
    }
    for config in wanted.sorted(by: { $0.name < $1.name }) where servers[config.name] == nil {
      let server = MCPServer(config, place, hooks)
      servers[config.name] = server
      await server.start()
    }
    for server in leaving { await server.stop() }
  }

  /// Returns when no server is starting any more, when the time is over, or when nobody wants to wait any longer.
  func settled(withinMs limit: Int? = nil) async {
    let servers = all
    guard !servers.isEmpty else { return }
    guard let limit else {
      for server in servers { await server.settled() }
      return
    }
    let first = FirstOf()
    Task {
      for server in servers { await server.settled() }
      first.fire()
    }
    Task { [clock] in
      await clock.sleep(limit)
      first.fire()
    }
    await first.wait()
  }

  /// Tools of servers that are ready, by server and name (P2), and the names of the servers that are on their way.
  func tools() async -> (ready: [MCPTool], starting: [String]) {
    var tools: [MCPTool] = []
    var starting: [String] = []
    for server in all {
      switch await server.state {
      case .ready: tools += await Self.tools(of: server)
      case .starting: starting.append(server.config.name)
      case .failed, .stopped: break
      }
    }
    return (tools, starting)
  }

  /// Those that a call may name: also of servers that are gone by now, for the model may still have them in its list.
  func known() async -> [MCPTool] {
    var tools: [MCPTool] = []
    for server in all { tools += await Self.tools(of: server) }
    return tools
  }

  private static func tools(of server: MCPServer) async -> [MCPTool] {
    await server.tools.map { MCPTool(info: $0, server: server) }
  }

  /// A required server that is not there, in words; nil if all are.
  func missingRequired() async -> String? {
    for server in all where server.config.isRequired {
      if case .failed(let message) = await server.state {
        return "The MCP server \(server.config.name) is required and did not start. \(message)"
      }
    }
    return nil
  }

  func stop() async {
    isStopped = true
    let leaving = all
    servers = [:]
    await withTaskGroup(of: Void.self) { group in
      for server in leaving { group.addTask { await server.stop() } }
    }
  }
}
