import StetConfig
import StetProtocol

/// The MCP servers of a thread.
extension ThreadSession {
  /// Begins to start the configured servers, and starts them anew where the sandbox policy of the thread has changed:
  /// walls can't be moved around a running program. Returns when they are known, also where another call made the
  /// beginning. Not for the scripted model of a demo.
  func startServers() async {
    guard services.environment.modelClientOverride == nil else { return }
    if serverStart == nil || serverPolicy != settings.sandboxPolicy {
      serverPolicy = settings.sandboxPolicy
      serverStart = Task { await configureServers() }
    }
    await serverStart?.value
  }

  /// Brings the servers in line with the configuration as it is now (`config/mcpServer/reload`).
  func configureServers() async {
    // What waits comes first: a reload meanwhile would bring a newer configuration, and this one must not go behind it.
    await protectedSweep.running()
    let hadNone = await mcp.isEmpty
    guard !isClosing else { return }
    let configuration: Configuration
    do {
      configuration = try services.environment.configuration(settings.cwd, meta.sessionConfig)
    } catch {
      return  // the turn that begins says what is wrong with it
    }
    if configuration.mcpServers.isEmpty, hadNone { return }
    let place = MCPPlace(settings, threadId: id, configuration: configuration, services: services)
    await mcp.configure(configuration.mcpServers, place, serverHooks)
  }

  private var serverHooks: MCPHooks {
    MCPHooks(
      status: { [feed] name, state, error, needsLogin in
        feed.notify(
          .mcpServerStatusUpdated(
            McpServerStatusUpdatedNotification(
              threadId: feed.threadId, name: name, status: state, error: error,
              failureReason: needsLogin ? .reauthenticationRequired : nil)))
      },
      elicit: { [weak self] name, params, answer in
        Task { [weak self] in
          guard let self else { return answer(.success(["action": "decline"])) }
          answer(.success(await self.elicit(params, of: name)))
        }
      })
  }

  /// Under the policy never nobody is asked (M9).
  private func elicit(_ params: JSONValue, of server: String) async -> JSONValue {
    let asks: Bool
    switch settings.approvalPolicy {
    case .never: asks = false
    case .granular(let granular): asks = granular.mcpElicitations
    case .untrusted, .onRequest, .unknown: asks = true
    }
    return await MCPElicitation.ask(params, of: server, feed: feed, asksUser: asks)
  }
}

extension MCPPlace {
  init(_ settings: TurnSettings, threadId: String, configuration: Configuration, services: SessionServices) {
    let environment = services.environment
    self.init(
      threadId: threadId, settings: settings, home: environment.home,
      processEnvironment: environment.processEnvironment,
      secretNames: configuration.secretNames,
      processMemory: services.processMemory, clock: environment.clock, http: environment.http,
      serverVersion: environment.serverVersion,
      log: environment.log)
  }
}
