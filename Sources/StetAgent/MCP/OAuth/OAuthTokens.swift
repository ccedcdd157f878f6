import StetProtocol
import Synchronization

/// The tokens of all servers of an agent, one object a token: whoever finds it refused waits for the same renewal.
final class OAuthTokensByFile: Sendable {
  private let known = Mutex<[OAuthTokenFile: OAuthTokens]>([:])

  func tokens(_ file: OAuthTokenFile, for url: String, make: () -> OAuthTokens) -> OAuthTokens {
    known.withLock { known in
      if let tokens = known[file], tokens.url == url { return tokens }
      let made = make()
      known[file] = made
      return made
    }
  }
}

/// The token of one server, for the requests to it: read from its file, renewed shortly before its end and when it is
/// refused. Another process may renew it, too: one at a time, and the file is looked at first.
actor OAuthTokens {
  nonisolated let url: String
  private let file: OAuthTokenFile
  private let calls: OAuthCalls
  private let clock: AgentClock
  private let problem: @Sendable (String) -> Void
  private var renewal: (old: String, task: Task<String?, Never>)?

  init(
    url: String, file: OAuthTokenFile, calls: OAuthCalls, clock: AgentClock,
    problem: @escaping @Sendable (String) -> Void
  ) {
    self.url = url
    self.file = file
    self.calls = calls
    self.clock = clock
    self.problem = problem
  }

  /// For the next request; nil: nobody has logged in.
  func current() async -> String? {
    guard let token = file.token(for: url) else { return nil }
    guard let due = token.renewAtMs, due <= calls.nowMs() else { return token.access }
    // A token that is almost over is still better than none.
    return await next(after: token.access) ?? token.access
  }

  /// As it is: for a word that nobody waits for.
  func kept() -> String? { file.token(for: url)?.access }

  /// Another token in place of one that was refused; nil when there is none.
  func next(after old: String) async -> String? {
    if let renewal, renewal.old == old { return await renewal.task.value }
    let task = Task { await renew(old) }
    renewal = (old, task)
    let new = await task.value
    if renewal?.old == old { renewal = nil }
    return new
  }

  private func renew(_ old: String) async -> String? {
    guard let token = file.token(for: url) else { return nil }
    // Without a way to renew it nobody has to wait for anybody.
    guard token.access != old || token.refresh != nil else { return nil }
    do {
      return try await file.alone(clock) { [file, calls, url] in
        guard let token = file.token(for: url) else { return nil }
        // Another process was faster, or the user has logged in anew.
        if token.access != old { return token.access }
        guard let refresh = token.refresh else { return nil }
        var new = try await calls.token(
          [("grant_type", "refresh_token"), ("refresh_token", refresh)], token.client,
          endpoint: token.tokenEndpoint, revocation: token.revocationEndpoint, resource: token.resource)
        // A server that gives no other refresh token means the old one.
        if new.refresh == nil { new.refresh = refresh }
        try file.store(new)
        return new.access
      }
    } catch {
      problem("\((error as? MCPError)?.message ?? "\(error)")")
      return nil
    }
  }
}
