import FoundationEssentials
import StetHash
import StetNet
import StetProtocol

/// What an authorization server says of itself (RFC 8414).
struct OAuthServer: Hashable, Sendable {
  let issuer: String
  let authorizationEndpoint: String
  let tokenEndpoint: String
  let registrationEndpoint: String?
  let revocationEndpoint: String?
}

/// What a log-in needs to know of an MCP server (RFC 9728).
struct OAuthPlan: Hashable, Sendable {
  let server: OAuthServer
  let resource: String
  let scopes: [String]
}

/// The requests of a log-in: where to, who asks, code for token, token for token. Everything that is read here is
/// untrusted: addresses have to be of https or of this machine, answers are short.
struct OAuthCalls: Sendable {
  /// Bytes of an answer; metadata and tokens have a few thousand.
  private static let answerLimit = 128 << 10
  private static let patienceMs = 30_000
  /// Before its end a token is renewed, one with a short life in its last quarter.
  private static let marginMs: Int64 = 60_000
  /// Bytes of a token: it goes into a header of each request.
  private static let tokenLimit = 16 << 10

  let http: HTTPClient
  let nowMs: @Sendable () -> Int64
  /// The address of the MCP server.
  let url: String

  /// Whether what the server names may be asked: a server elsewhere has no business with what listens on this machine.
  func admits(_ address: OAuthAddress) -> Bool {
    address.isSafe && (!address.isLocal || OAuthAddress(url)?.isLocal == true)
  }

  // MARK: - Discovery

  /// Asks an MCP server who lets users in, as MCP 2025-06-18 (authorization) wants it: the address in its refusal, else
  /// the well-known places; a server that has none is its own authorization server.
  func discover() async throws(MCPError) -> OAuthPlan {
    guard let address = OAuthAddress(url), address.isSafe else {
      throw MCPError("logging in needs an address of https, or of this machine")
    }
    let challenge = try await challenge()
    var places = [address.wellKnown("oauth-protected-resource", path: address.path)]
    if !address.path.isEmpty, address.path != "/" {
      places.append(address.wellKnown("oauth-protected-resource", path: ""))
    }
    if let named = challenge["resource_metadata"] { places.insert(named, at: 0) }
    var resource: JSONValue?
    for place in places {
      resource = try await metadata(place)
      if resource != nil { break }
    }
    let name = try Self.resource(resource?["resource"]?.stringValue, of: address)
    let issuer = resource?["authorization_servers"]?.arrayValue?.lazy.compactMap(\.stringValue).first
    let scopes =
      challenge["scope"]?.split(separator: " ").map(String.init)
      ?? (resource?["scopes_supported"]?.arrayValue ?? []).compactMap(\.stringValue)
    return OAuthPlan(server: try await server(issuer ?? address.origin), resource: name, scopes: scopes)
  }

  /// Makes sure that the MCP server takes a token. What else it says to a ping does not matter.
  func check(_ token: OAuthToken) async throws(MCPError) {
    let status = try await ping(token.access).status
    guard status != 401, status != 403 else {
      throw MCPError("the server does not take the token that was given for it (HTTP \(status))")
    }
  }

  private func ping(_ token: String? = nil) async throws(MCPError) -> HTTPResponse {
    let ping: JSONValue = ["jsonrpc": "2.0", "id": 1, "method": "ping"]
    var headers = [("Accept", "application/json, text/event-stream"), ("Content-Type", "application/json")]
    if let token { headers.append(("Authorization", "Bearer \(token)")) }
    return try await fetch(HTTPRequest(method: "POST", url: url, headers: headers, body: ping.serialized()))
  }

  /// The parameters of the refusal of a request without a token.
  private func challenge() async throws(MCPError) -> [String: String] {
    let answer = try await ping()
    guard answer.status == 401 else { return [:] }
    return answer.headers.all("www-authenticate").map(Self.parameters).reduce([:]) {
      $0.merging($1) { old, _ in old }
    }
  }

  /// `name="value"` of a challenge (RFC 9110 §11.2), in any order.
  static func parameters(_ header: String) -> [String: String] {
    var found: [String: String] = [:]
    var rest = Substring(header)
    while let equals = rest.firstIndex(of: "=") {
      let name = rest[..<equals].split { $0 == " " || $0 == "," }.last.map { $0.lowercased() } ?? ""
      rest = rest[rest.index(after: equals)...]
      var value = ""
      if rest.first == "\"" {
        rest.removeFirst()
        while let character = rest.popFirst(), character != "\"" {
          if character == "\\", let next = rest.popFirst() {
            value.append(next)
          } else {
            value.append(character)
          }
        }
      } else {
        let end = rest.firstIndex { $0 == "," || $0 == " " } ?? rest.endIndex
        value = String(rest[..<end])
        rest = rest[end...]
      }
      if found[name] == nil { found[name] = value }
    }
    return found
  }

  /// A resource that says to be another one is an attempt to get the other one's token (RFC 9728 §3.3).
  private static func resource(_ named: String?, of address: OAuthAddress) throws(MCPError) -> String {
    guard let named else { return address.text }
    let other = OAuthAddress(named)
    let base = other?.path.hasSuffix("/") == true ? String(other?.path.dropLast() ?? "") : other?.path ?? ""
    guard other?.origin == address.origin,
      base.isEmpty || address.path == base || address.path.hasPrefix(base + "/")
    else { throw MCPError("its metadata is of another resource: \(Self.shown(named))") }
    return named
  }

  private func server(_ issuer: String) async throws(MCPError) -> OAuthServer {
    guard let address = OAuthAddress(issuer), admits(address), address.query == nil else {
      throw MCPError("its authorization server has no address of https: \(Self.shown(issuer))")
    }
    let path = address.path == "/" ? "" : address.path
    var places = [
      address.wellKnown("oauth-authorization-server", path: path),
      address.wellKnown("openid-configuration", path: path),
    ]
    if !path.isEmpty { places.append("\(address.origin)\(path)/.well-known/openid-configuration") }
    for place in places {
      guard let value = try await metadata(place) else { continue }
      let named = value["issuer"]?.stringValue ?? ""
      guard Self.same(named, issuer) else {
        throw MCPError("\(Self.shown(issuer)) says to be another authorization server: \(Self.shown(named))")
      }
      let methods = value["code_challenge_methods_supported"]?.arrayValue ?? []
      guard methods.contains("S256") else {
        throw MCPError("\(Self.shown(issuer)) offers no PKCE, without which a log-in can be stolen")
      }
      return OAuthServer(
        issuer: named, authorizationEndpoint: try endpoint(value, "authorization_endpoint"),
        tokenEndpoint: try endpoint(value, "token_endpoint"),
        registrationEndpoint: value["registration_endpoint"]?.stringValue == nil
          ? nil : try endpoint(value, "registration_endpoint"),
        revocationEndpoint: value["revocation_endpoint"]?.stringValue == nil
          ? nil : try endpoint(value, "revocation_endpoint"))
    }
    throw MCPError("\(Self.shown(issuer)) does not say how to log in (no metadata of RFC 8414)")
  }

  private static func same(_ left: String, _ right: String) -> Bool {
    func bare(_ text: String) -> Substring { text.hasSuffix("/") ? text.dropLast() : text[...] }
    return bare(left).utf8.elementsEqual(bare(right).utf8)
  }

  private func endpoint(_ value: JSONValue, _ name: String) throws(MCPError) -> String {
    guard let text = value[name]?.stringValue, let address = OAuthAddress(text), admits(address) else {
      throw MCPError("its \(name) is no address of https")
    }
    return address.text
  }

  /// Nil where there is none.
  private func metadata(_ url: String) async throws(MCPError) -> JSONValue? {
    guard let address = OAuthAddress(url), admits(address) else { return nil }
    let answer = try await fetch(HTTPRequest(url: address.text, headers: [("Accept", "application/json")]))
    guard answer.status == 200 else { return nil }
    return Self.object(answer.body)
  }

  // MARK: - Who asks

  /// Makes this program a client of the server (RFC 7591).
  func register(_ server: OAuthServer, redirect: String, scope: String?) async throws(MCPError)
    -> OAuthToken.Client
  {
    guard let endpoint = server.registrationEndpoint else {
      throw MCPError(
        "\(Self.shown(server.issuer)) registers nobody by itself: register stet there and set oauth.client_id"
      )
    }
    var body: JSONObject = [
      "client_name": "stet", "redirect_uris": [.string(redirect)],
      "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
      "token_endpoint_auth_method": "none",
    ]
    body["scope"] = scope.map(JSONValue.string)
    let answer = try await fetch(
      HTTPRequest(
        method: "POST", url: endpoint,
        headers: [("Accept", "application/json"), ("Content-Type", "application/json")],
        body: JSONValue.object(body).serialized()))
    let value = Self.object(answer.body)
    guard (200...201).contains(answer.status), let id = value?["client_id"]?.stringValue else {
      throw MCPError("it did not register stet: \(Self.problem(answer.status, value))")
    }
    return OAuthToken.Client(
      id: id, secret: value?["client_secret"]?.stringValue,
      usesBasic: value?["token_endpoint_auth_method"] == "client_secret_basic")
  }

  // MARK: - Tokens

  /// A code for a token, or a refresh token for the next one.
  func token(
    _ fields: [(String, String)], _ client: OAuthToken.Client, endpoint: String, revocation: String?,
    resource: String
  ) async throws(MCPError) -> OAuthToken {
    let answer = try await send(fields + [("resource", resource)], client, to: endpoint)
    let value = Self.object(answer.body)
    guard answer.status == 200, let access = value?["access_token"]?.stringValue else {
      throw MCPError("it gave no token: \(Self.problem(answer.status, value))")
    }
    guard value?["token_type"]?.stringValue?.lowercased() == "bearer", Self.isToken(access) else {
      throw MCPError("it gave a token that can't be sent as a bearer's")
    }
    let seconds = value?["expires_in"]?.doubleValue.map { Int64(min(max($0.isNaN ? 0 : $0, 0), 1e9)) }
    return OAuthToken(
      url: url, resource: resource, tokenEndpoint: endpoint, revocationEndpoint: revocation, client: client,
      access: access,
      refresh: value?["refresh_token"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 },
      renewAtMs: seconds.map { nowMs() + $0 * 1_000 - min(Self.marginMs, $0 * 250) })
  }

  /// Ends what a log-in gave (RFC 7009): the refresh token, and with it the access token, which is ended by itself, too,
  /// for not every server ends both. Nothing is said of a server that can't.
  func revoke(_ token: OAuthToken) async throws(MCPError) {
    guard let endpoint = token.revocationEndpoint else { return }
    let parts = [("refresh_token", token.refresh), ("access_token", token.access)]
    for case (let kind, let secret?) in parts {
      let answer = try await send([("token", secret), ("token_type_hint", kind)], token.client, to: endpoint)
      guard answer.status == 200 else {
        throw MCPError("it did not end the token: \(Self.problem(answer.status, Self.object(answer.body)))")
      }
    }
  }

  /// A form of a client to an endpoint of its authorization server.
  private func send(
    _ fields: [(String, String)], _ client: OAuthToken.Client, to endpoint: String
  ) async throws(MCPError) -> HTTPResponse {
    var headers = [("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")]
    var fields = fields + [("client_id", client.id)]
    if let secret = client.secret {
      if client.usesBasic {
        let pair = "\(FormText.encode(client.id)):\(FormText.encode(secret))"
        headers.append(("Authorization", "Basic \(Data(pair.utf8).base64EncodedString())"))
      } else {
        fields.append(("client_secret", secret))
      }
    }
    return try await fetch(
      HTTPRequest(method: "POST", url: endpoint, headers: headers, body: Array(FormText.encode(fields).utf8)))
  }

  /// RFC 6750: what may stand in the header.
  private static func isToken(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= tokenLimit && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }

  // MARK: - Parts

  private func fetch(_ request: HTTPRequest) async throws(MCPError) -> HTTPResponse {
    var request = request
    request.firstByteTimeoutMs = Self.patienceMs
    request.idleTimeoutMs = Self.patienceMs
    do {
      return try await http.fetch(request, maxBytes: Self.answerLimit)
    } catch {
      throw MCPError(error.message)
    }
  }

  private static func object(_ body: [UInt8]) -> JSONValue? {
    do {
      let value = try JSONValue(parsing: body)
      return value.objectValue == nil ? nil : value
    } catch {
      return nil
    }
  }

  private static func problem(_ status: Int, _ value: JSONValue?) -> String {
    let words = [value?["error"]?.stringValue, value?["error_description"]?.stringValue].compactMap { $0 }
    return words.isEmpty ? "HTTP \(status)" : shown(words.joined(separator: ": "))
  }

  /// Another's words in a message: one short line.
  static func shown(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.prefix(200).map { $0.isASCII && $0.value > 0x1F ? $0 : " " }))
  }
}

/// What nobody can guess, and proof of knowing it (RFC 7636).
enum OAuthSecret {
  /// 256 random bits.
  static func make() -> String {
    var generator = SystemRandomNumberGenerator()
    return text((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
  }

  /// The S256 challenge of a verifier.
  static func challenge(_ verifier: String) -> String { text(SHA256.hash(verifier).bytes) }

  /// base64url without padding.
  private static func text(_ bytes: [UInt8]) -> String {
    let scalars = Data(bytes).base64EncodedString().unicodeScalars.compactMap { scalar -> Unicode.Scalar? in
      switch scalar {
      case "+": "-"
      case "/": "_"
      case "=": nil
      default: scalar
      }
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
