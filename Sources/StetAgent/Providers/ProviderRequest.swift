import StetConfig
import StetNet

/// Builds HTTP requests to a provider: address, key, headers and timers from its configuration.
struct ProviderRequest {
  let provider: ProviderConfig
  let apiKey: String?
  let environment: [String: String]

  /// Host and port, for messages.
  var host: String {
    let rest =
      provider.baseURL.firstRange(of: "://").map { provider.baseURL[$0.upperBound...] }
      ?? provider.baseURL[...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    return String(authority.split(separator: "@").last ?? authority)
  }

  func post(_ path: String, body: [UInt8], accept: String) -> HTTPRequest {
    request("POST", path, [("Content-Type", "application/json"), ("Accept", accept)], body)
  }

  func get(_ path: String) -> HTTPRequest {
    request("GET", path, [("Accept", "application/json")], [])
  }

  // MARK: - Parts

  private func request(_ method: String, _ path: String, _ extra: [(String, String)], _ body: [UInt8])
    -> HTTPRequest
  {
    var url = "\(provider.baseURL)/\(path)"
    let query = provider.queryParams.sorted { $0.key < $1.key }
    if !query.isEmpty {
      let pairs = query.map { "\(Self.escaped($0.key))=\(Self.escaped($0.value))" }
      url += (url.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + pairs.joined(separator: "&")
    }
    var headers = extra
    headers.append(("User-Agent", "stet"))
    let configured = provider.headers(environment: environment).map { ($0.name, $0.value) }
    headers += key(configured.map { $0.0.lowercased() })
    headers += configured
    return HTTPRequest(
      method: method, url: url, headers: headers, body: body, idleTimeoutMs: provider.streamIdleTimeoutMs)
  }

  /// How the key is sent: Anthropic has a header of its own, beside the version of its wire; a token that the
  /// configuration itself gives is a bearer token there too.
  private func key(_ configured: [String]) -> [(String, String)] {
    let isMessages = provider.wireAPI == .messages
    var headers: [(String, String)] = []
    if isMessages, !configured.contains("anthropic-version") {
      headers.append(("anthropic-version", "2023-06-01"))
    }
    guard let apiKey, !apiKey.isEmpty else { return headers }
    if isMessages, apiKey != provider.bearerToken {
      if !configured.contains("x-api-key"), !configured.contains("authorization") {
        headers.append(("x-api-key", apiKey))
      }
    } else {
      headers.append(("Authorization", "Bearer \(apiKey)"))
    }
    return headers
  }

  /// Percent-encoding of everything but the unreserved characters (RFC 3986 §2.3).
  private static func escaped(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return text.utf8.reduce(into: "") { result, byte in
      let scalar = Unicode.Scalar(byte)
      if scalar.isASCII,
        scalar.properties.isAlphabetic || (48...57).contains(byte) || "-._~".utf8.contains(byte)
      {
        result.unicodeScalars.append(scalar)
      } else {
        result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }
  }
}
