import StetConfig
import StetProtocol
import Synchronization

/// The log-ins that wait for a browser, by server: a new one takes the place of the one before.
final class OAuthLogins: Sendable {
  /// Log-ins at a time: each has a port open.
  static let limit = 16

  private let open = Mutex<[String: OAuthRedirect]>([:])

  /// False when there are too many.
  func begin(_ server: String, _ redirect: OAuthRedirect) -> Bool {
    open.withLock { open in
      guard open[server] != nil || open.count < Self.limit else { return false }
      open.updateValue(redirect, forKey: server)?.end()
      return true
    }
  }

  func end(_ server: String, _ redirect: OAuthRedirect) {
    open.withLock { if $0[server] === redirect { $0[server] = nil } }
  }

  func endAll() { open.withLock { open in for redirect in open.values { redirect.end() } } }
}

extension Agent {
  /// Begins to log in to an MCP server over HTTP: the reply has the address for the user's browser, the end comes as
  /// `mcpServer/oauthLogin/completed`. With the token the server is started again in every thread that has it.
  public func mcpServerOauthLogin(
    _ params: McpServerOauthLoginParams, reply: @escaping AgentReply<McpServerOauthLoginResponse>
  ) {
    Task { [self] in
      let login: OAuthLogin
      do throws(RPCError) {
        login = try await begin(params)
      } catch {
        return reply(.failure(error))
      }
      let loginId = ThreadIds.random()
      reply(.success(McpServerOauthLoginResponse(authorizationUrl: login.authorizationUrl, loginId: loginId)))
      let seconds = min(max(1, params.timeoutSecs ?? OAuthLogin.usualSeconds), OAuthLogin.longestSeconds)
      var problem: String?
      do throws(MCPError) { try await login.finish(withinMs: Int64(seconds) * 1_000) } catch {
        problem = error.message
      }
      logins.end(params.name, login.redirect)
      if problem == nil {
        for (id, _) in loadedThreads { await session(id)?.mcp.server(params.name)?.tryAgain() }
      }
      services.sink.notify(
        .mcpServerOauthLoginCompleted(
          McpServerOauthLoginCompletedNotification(
            threadId: params.threadId, name: params.name, success: problem == nil, error: problem,
            loginId: loginId)),
        thread: params.threadId ?? "")
    }
  }

  private func begin(_ params: McpServerOauthLoginParams) async throws(RPCError) -> OAuthLogin {
    let environment = services.environment
    let configuration: Configuration
    if let id = params.threadId {
      guard let session = session(id) else { throw .threadNotFound(id) }
      let (cwd, more) = await (session.settings.cwd, session.meta.sessionConfig)
      do { configuration = try environment.configuration(cwd, more) } catch {
        throw .invalidRequest("\(error)")
      }
    } else {
      configuration = try environment.place(nil).configuration
    }
    guard let config = configuration.mcpServers[params.name] else { throw .unknownServer(params.name) }
    guard case .http(let url) = config.transport, config.bearerTokenVariable == nil else {
      throw .invalidRequest("OAuth login is only supported for streamable HTTP servers.")
    }
    let port = configuration.raw["mcp_oauth_callback_port"]?.intValue.flatMap(UInt16.init(exactly:)) ?? 0
    do throws(MCPError) {
      let login = try await OAuthLogin(
        config, scopes: params.scopes, port: port,
        calls: OAuthCalls(http: environment.http, nowMs: environment.clock.nowMs, url: url),
        clock: environment.clock,
        file: OAuthTokenFile(home: environment.home, server: config.name))
      guard logins.begin(params.name, login.redirect) else {
        throw MCPError("too many log-ins wait for a browser")
      }
      return login
    } catch {
      throw .invalidRequest("MCP server \(params.name): \(error.message)")
    }
  }
}
