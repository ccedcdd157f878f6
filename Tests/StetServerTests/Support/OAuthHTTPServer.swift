import StetHash
import StetJSON
import StetTestSupport
import Synchronization

/// An authorization server and an MCP server that wants its tokens, in one place: metadata, registration, codes with
/// PKCE, tokens that end, refresh tokens that work once.
final class OAuthHTTPServer: Sendable {
  /// What goes wrong on purpose.
  enum Fault: Sendable {
    case none, noPKCE, otherIssuer, otherResource, noRegistration, plainHTTP, codeRefused, noRevocation
  }

  private struct State {
    var fault = Fault.none
    var challenge = ""
    var redirect = ""
    var issued = 0
    var refreshed = 0
    var valid: Set<String> = []
    var refresh = ""
    var asked: [String] = []
    var bearers: [String] = []
    var tokenRequests: [String] = []
    var revoked: [String] = []
    /// Tokens that are given count for nothing.
    var givesStale = false
    var expiresIn = 3_600
  }

  private let state = Mutex(State())
  private let server: Mutex<LoopbackServer?> = Mutex(nil)

  init(_ fault: Fault = .none) throws {
    state.withLock { $0.fault = fault }
    let made = try LoopbackServer { [weak self] exchange in self?.answer(exchange) }
    server.withLock { $0 = made }
  }

  var origin: String { server.withLock { $0?.url } ?? "" }
  var url: String { origin + "/mcp" }
  var asked: [String] { state.withLock { $0.asked } }
  var tokenRequests: [String] { state.withLock { $0.tokenRequests } }
  /// The tokens that were shown to the MCP server.
  var bearers: [String] { state.withLock { $0.bearers } }
  /// What clients wanted ended, in order.
  var revoked: [String] { state.withLock { $0.revoked } }
  var refreshed: Int { state.withLock { $0.refreshed } }

  /// Tokens that are out are refused from now on; refresh tokens still work.
  func expire() { state.withLock { $0.valid = [] } }
  /// Nobody is known any more.
  func forget() {
    state.withLock { state in
      state.valid = []
      state.refresh = ""
    }
  }
  func makeTokensStale() { state.withLock { $0.givesStale = true } }
  func makeTokensShort() { state.withLock { $0.expiresIn = 0 } }

  /// As a user who says yes in a browser: what the browser is sent back to.
  func consent(_ address: String) throws -> String {
    let query = String(address.split(separator: "?", maxSplits: 1).last ?? "")
    var fields: [String: String] = [:]
    for part in query.split(separator: "&") {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      fields[pair[0]] = Self.decoded(pair.count > 1 ? pair[1] : "")
    }
    state.withLock { state in
      state.challenge = fields["code_challenge"] ?? ""
      state.redirect = fields["redirect_uri"] ?? ""
    }
    return "\(fields["redirect_uri"] ?? "")?code=the-code&state=\(fields["state"] ?? "")&iss=\(origin)"
  }

  static func decoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"),
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func answer(_ exchange: LoopbackExchange) {
    state.withLock { $0.asked.append("\(exchange.method) \(exchange.path)") }
    let fault = state.withLock { $0.fault }
    switch exchange.path {
    case "/mcp": serve(exchange)
    case "/meta":
      let resource = fault == .otherResource ? "https://other.example/mcp" : url
      tell(
        exchange,
        [
          "resource": .string(resource), "authorization_servers": [.string(origin)],
          "scopes_supported": ["tools"],
        ])
    case "/.well-known/oauth-authorization-server":
      var value: JSONObject = [
        "issuer": .string(fault == .otherIssuer ? "https://evil.example" : origin),
        "authorization_endpoint": .string(
          fault == .plainHTTP ? "http://far.example/authorize" : origin + "/authorize"),
        "token_endpoint": .string(origin + "/token"),
      ]
      if fault != .noPKCE { value["code_challenge_methods_supported"] = ["S256"] }
      if fault != .noRegistration { value["registration_endpoint"] = .string(origin + "/register") }
      if fault != .noRevocation { value["revocation_endpoint"] = .string(origin + "/revoke") }
      tell(exchange, .object(value))
    case "/revoke":
      let body = String(decoding: exchange.body, as: UTF8.self)
      state.withLock { state in
        let token = body.split(separator: "&").first { $0.hasPrefix("token=") }?.dropFirst(6) ?? ""
        state.revoked.append(String(token))
        state.valid.remove(String(token))
        if state.refresh == token { state.refresh = "" }
      }
      exchange.respond(200)
    case "/register": tell(exchange, ["client_id": "client-1"], 201)
    case "/token": token(exchange, fault)
    default: exchange.respond(404)
    }
  }

  private func token(_ exchange: LoopbackExchange, _ fault: Fault) {
    let body = String(decoding: exchange.body, as: UTF8.self)
    var fields: [String: String] = [:]
    for part in body.split(separator: "&") {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      fields[pair[0]] = Self.decoded(pair.count > 1 ? pair[1] : "")
    }
    let given: JSONValue? = state.withLock { state in
      state.tokenRequests.append(body)
      let isRight =
        fields["grant_type"] == "refresh_token"
        ? !state.refresh.isEmpty && fields["refresh_token"] == state.refresh
        : fault != .codeRefused && fields["code"] == "the-code" && fields["redirect_uri"] == state.redirect
          && Self.challenge(fields["code_verifier"] ?? "") == state.challenge
      guard isRight, fields["client_id"] == "client-1" else { return nil }
      if fields["grant_type"] == "refresh_token" { state.refreshed += 1 }
      state.issued += 1
      state.refresh = "refresh-\(state.issued)"
      if !state.givesStale { state.valid.insert("token-\(state.issued)") }
      return [
        "access_token": .string("token-\(state.issued)"), "token_type": "Bearer",
        "expires_in": .int(Int64(state.expiresIn)),
        "refresh_token": .string(state.refresh),
      ]
    }
    if let given { return tell(exchange, given) }
    tell(exchange, ["error": "invalid_grant", "error_description": "no\u{1B}[2J such code"], 400)
  }

  private static func challenge(_ verifier: String) -> String {
    // base64url of the digest, by hand: the product's own is what is tested.
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    var bits = 0
    var count = 0
    var text = ""
    for byte in SHA256.hash(verifier).bytes {
      bits = bits << 8 | Int(byte)
      count += 8
      while count >= 6 {
        count -= 6
        text.append(alphabet[bits >> count & 63])
      }
    }
    if count > 0 { text.append(alphabet[bits << (6 - count) & 63]) }
    return text
  }

  private func serve(_ exchange: LoopbackExchange) {
    let bearer = String(exchange["authorization"]?.dropFirst("Bearer ".count) ?? "")
    if !bearer.isEmpty { state.withLock { $0.bearers.append(bearer) } }
    guard state.withLock({ $0.valid.contains(bearer) }) else {
      return exchange.respond(
        401,
        headers: [
          ("www-authenticate", "Bearer error=\"invalid_token\", resource_metadata=\"\(origin)/meta\"")
        ])
    }
    let message = (try? JSONValue(parsing: exchange.body)) ?? .null
    guard exchange.method == "POST" else { return exchange.respond(405) }
    guard message["id"] != nil else { return exchange.respond(202) }
    let result: JSONValue =
      switch message["method"]?.stringValue {
      case "initialize":
        [
          "protocolVersion": "2025-06-18", "capabilities": ["tools": [:]],
          "serverInfo": ["name": "far", "version": "1"],
        ]
      case "tools/list":
        ["tools": [["name": "plain", "description": "a tool", "inputSchema": ["type": "object"]]]]
      case "tools/call": ["content": [["type": "text", "text": .string("by \(bearer)")]]]
      default: [:]
      }
    tell(exchange, ["jsonrpc": "2.0", "id": message["id"] ?? .null, "result": result])
  }

  private func tell(_ exchange: LoopbackExchange, _ value: JSONValue, _ status: Int = 200) {
    exchange.respond(status, headers: [("content-type", "application/json")], body: value.text)
  }
}
