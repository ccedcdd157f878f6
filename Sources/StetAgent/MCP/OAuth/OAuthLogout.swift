import StetProtocol
import StetStore

/// `stet mcp logout`: ends the log-in to a server where it was given, and forgets it here. For a program without a running
/// agent.
public enum OAuthLogout {
  public enum Outcome: Sendable, Hashable {
    /// There was no log-in.
    case none
    /// `stillValid`: why the token may still work for whoever has a copy of it; nil where the server ended it.
    case done(stillValid: String?)
  }

  /// Throws when the token is still there.
  public static func run(server: String, environment: AgentEnvironment) async throws -> Outcome {
    let file = OAuthTokenFile(home: environment.home, server: server)
    guard file.exists else { return .none }
    return try await file.alone(environment.clock) {
      var problem: String?
      if let token = file.stored {
        problem = token.revocationEndpoint == nil ? "the server offers no way to end it" : nil
        let calls = OAuthCalls(http: environment.http, nowMs: environment.clock.nowMs, url: token.url)
        do throws(MCPError) { try await calls.revoke(token) } catch { problem = error.message }
      }
      try file.remove()
      return .done(stillValid: problem)
    }
  }
}
