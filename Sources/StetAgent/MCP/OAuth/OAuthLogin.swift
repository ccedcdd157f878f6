import StetConfig
import StetProtocol
import StetStore

/// One log-in to an MCP server: from its metadata to the token in its file (OAuth 2.1 with PKCE). The browser is the
/// client's business.
struct OAuthLogin: Sendable {
  /// Seconds for a user to log in, unless the client says otherwise.
  static let usualSeconds = 300
  /// An hour: nobody logs in for longer.
  static let longestSeconds = 3_600

  let authorizationUrl: String
  let redirect: OAuthRedirect
  private let calls: OAuthCalls
  private let plan: OAuthPlan
  private let client: OAuthToken.Client
  private let verifier: String
  private let clock: AgentClock
  private let file: OAuthTokenFile

  /// - Parameters:
  ///   - scopes: as asked for; nil: the configuration's, else those that the server names.
  ///   - port: for the browser to come back to; 0: any.
  init(
    _ config: MCPServerConfig, scopes: [String]?, port: UInt16, calls: OAuthCalls, clock: AgentClock,
    file: OAuthTokenFile
  ) async throws(MCPError) {
    let plan = try await calls.discover()
    let state = OAuthSecret.make()
    let redirect = try OAuthRedirect(port: port, state: state)
    let wanted = scopes ?? config.oauth.scopes ?? plan.scopes
    let scope = wanted.isEmpty ? nil : wanted.joined(separator: " ")
    if let id = config.oauth.clientId {
      client = OAuthToken.Client(id: id)
    } else {
      client = try await calls.register(plan.server, redirect: redirect.address, scope: scope)
    }
    verifier = OAuthSecret.make()
    var fields = [
      ("response_type", "code"), ("client_id", client.id), ("redirect_uri", redirect.address),
      ("state", state),
      ("code_challenge", OAuthSecret.challenge(verifier)), ("code_challenge_method", "S256"),
      ("resource", config.oauth.resource ?? plan.resource),
    ]
    if let scope { fields.append(("scope", scope)) }
    let endpoint = plan.server.authorizationEndpoint
    authorizationUrl = endpoint + (endpoint.contains("?" as Character) ? "&" : "?") + FormText.encode(fields)
    resource = config.oauth.resource ?? plan.resource
    self.redirect = redirect
    self.plan = plan
    self.calls = calls
    self.clock = clock
    self.file = file
  }

  private let resource: String

  /// Waits for the browser, gets the token and keeps it.
  func finish(withinMs limit: Int64) async throws(MCPError) {
    guard let fields = await redirect.wait(withinMs: limit, nowMs: calls.nowMs) else {
      throw MCPError("nobody logged in")
    }
    // RFC 9207: a code of another server is not for this one.
    if let issuer = fields["iss"], issuer != plan.server.issuer {
      throw MCPError("the answer is of another authorization server: \(OAuthCalls.shown(issuer))")
    }
    guard let code = fields["code"], !code.isEmpty else {
      let words = [fields["error"], fields["error_description"]].compactMap { $0 }.joined(separator: ": ")
      throw MCPError("it did not let you in: \(OAuthCalls.shown(words))")
    }
    let token = try await calls.token(
      [
        ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect.address),
        ("code_verifier", verifier),
      ], client, endpoint: plan.server.tokenEndpoint, revocation: plan.server.revocationEndpoint,
      resource: resource)
    // Until the server takes the new one, the log-in of before is what counts.
    try await calls.check(token)
    do {
      try await file.alone(clock) { [file] in try file.store(token) }
    } catch {
      throw MCPError("the token can't be kept: \((error as? StoreError)?.message ?? "\(error)")")
    }
  }
}
