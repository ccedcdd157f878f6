import StetProtocol

/// The token of one server, for the requests to it: read from its file, renewed shortly before its end and when it is
/// refused. Another process may renew it, too: the file is looked at first.
actor OAuthTokens {
  private let url: String
  private let file: OAuthTokenFile
  private let calls: OAuthCalls
  private let problem: @Sendable (String) -> Void
  private var renewal: (old: String, task: Task<String?, Never>)?

  init(url: String, file: OAuthTokenFile, calls: OAuthCalls, problem: @escaping @Sendable (String) -> Void) {
    self.url = url
    self.file = file
    self.calls = calls
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
    if token.access != old { return token.access }
    guard let refresh = token.refresh else { return nil }
    do {
      var new = try await calls.token(
        [("grant_type", "refresh_token"), ("refresh_token", refresh)], token.client,
        endpoint: token.tokenEndpoint, url: url, resource: token.resource)
      // A server that gives no other refresh token means the old one.
      if new.refresh == nil { new.refresh = refresh }
      try file.store(new)
      return new.access
    } catch {
      problem("\((error as? MCPError)?.message ?? "\(error)")")
      // Somebody else was faster, and the refresh token worked once only.
      return file.token(for: url).flatMap { $0.access == old ? nil : $0.access }
    }
  }
}
