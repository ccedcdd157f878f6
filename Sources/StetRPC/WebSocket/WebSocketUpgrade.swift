import StetHash

/// A server's answer to the first bytes of a connection (RFC 6455 §4.2, agent-core.md A10).
///
/// Health is told to everybody; an upgrade needs the token where there is one. A request with an `Origin` comes from a
/// web page and is refused whatever it asks, since no page has any business here.
public struct WebSocketUpgrade: Sendable {
  public enum Answer: Hashable, Sendable {
    /// More bytes are needed.
    case wait
    /// The connection is a WebSocket from here on: send `response`, then read frames, `rest` first.
    case upgrade(response: [UInt8], rest: [UInt8])
    /// Send the response, then end the connection; why, for the log.
    case refuse(response: [UInt8], reason: String)
    /// A plain answer to a plain question: send it and end.
    case answer(response: [UInt8])
    /// Not HTTP at all: end without a word.
    case end(reason: String)
  }

  private let token: BearerToken?

  /// - Parameter token: what clients must present; nil where the file system lets only the right ones in.
  public init(token: BearerToken?) { self.token = token }

  /// Judges what has come so far.
  public func answer(_ bytes: [UInt8]) -> Answer {
    // Plain JSON lines, TLS and garbage are told from the first byte; they would not read an answer either.
    if let first = bytes.first, !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) {
      return .end(reason: "the first byte is not HTTP")
    }
    guard let end = HTTPHead.end(in: bytes) else {
      guard bytes.count < HTTPHead.maxBytes else {
        return refuse(
          431, "Request Header Fields Too Large", "a head of more than \(HTTPHead.maxBytes) bytes")
      }
      return .wait
    }
    guard end <= HTTPHead.maxBytes else {
      return refuse(431, "Request Header Fields Too Large", "a head of more than \(HTTPHead.maxBytes) bytes")
    }
    guard let head = HTTPHead(bytes[..<end]) else { return refuse(400, "Bad Request", "a malformed head") }
    return answer(head, rest: Array(bytes[end...]))
  }

  /// The answer to a client that took too long to ask.
  public static let timeout = response(408, "Request Timeout", "the request did not come in time")
  /// The answer when no further connection is served.
  public static let busy = response(503, "Service Unavailable", "too many connections")

  private func answer(_ head: HTTPHead, rest: [UInt8]) -> Answer {
    let version = head.start.third
    guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
      return version.hasPrefix("HTTP/")
        ? refuse(505, "HTTP Version Not Supported", "\(version); HTTP/1.1 is needed")
        : refuse(400, "Bad Request", "a malformed request line")
    }
    guard head.values("origin").isEmpty else { return refuse(403, "Forbidden", "a request with an Origin") }
    guard head.start.first == "GET" else {
      return refuse(405, "Method Not Allowed", "only GET is served", [("Allow", "GET")])
    }
    guard version == "HTTP/1.0" || head.single("host") != nil else {
      return refuse(400, "Bad Request", "no Host, or several")
    }
    let path = head.start.second.prefix { $0 != "?" }
    if path == "/readyz" || path == "/healthz" { return .answer(response: Self.response(200, "OK", "ok")) }
    return upgrade(head, version, rest)
  }

  private func upgrade(_ head: HTTPHead, _ version: String, _ rest: [UInt8]) -> Answer {
    if let token, !token.isPresented(by: head.values("authorization")) {
      return refuse(
        401, "Unauthorized", "the bearer token is missing or wrong", [("WWW-Authenticate", "Bearer")])
    }
    guard version == "HTTP/1.1", head.lists("websocket", in: "upgrade"),
      head.lists("upgrade", in: "connection")
    else {
      return refuse(
        426, "Upgrade Required", "this is a WebSocket", [("Upgrade", "websocket"), ("Connection", "Upgrade")])
    }
    guard head.single("sec-websocket-version") == "13" else {
      return refuse(
        426, "Upgrade Required", "WebSocket version 13 is needed", [("Sec-WebSocket-Version", "13")])
    }
    guard let key = head.single("sec-websocket-key"), WebSocketKey.isValid(key) else {
      return refuse(400, "Bad Request", "no proper Sec-WebSocket-Key")
    }
    let response = Self.head(
      101, "Switching Protocols",
      [
        ("Upgrade", "websocket"), ("Connection", "Upgrade"),
        ("Sec-WebSocket-Accept", WebSocketKey.accept(key)),
      ])
    return .upgrade(response: response, rest: rest)
  }

  private func refuse(
    _ status: Int, _ phrase: String, _ reason: String, _ fields: [(String, String)] = []
  ) -> Answer {
    .refuse(response: Self.response(status, phrase, reason, fields), reason: reason)
  }

  private static func response(
    _ status: Int, _ phrase: String, _ text: String, _ fields: [(String, String)] = []
  ) -> [UInt8] {
    let body = Array((text + "\n").utf8)
    var all: [(String, String)] = [("Content-Type", "text/plain"), ("Content-Length", "\(body.count)")]
    if !fields.contains(where: { $0.0 == "Connection" }) { all.append(("Connection", "close")) }
    return head(status, phrase, all + fields) + body
  }

  private static func head(_ status: Int, _ phrase: String, _ fields: [(String, String)]) -> [UInt8] {
    let lines = ["HTTP/1.1 \(status) \(phrase)"] + fields.map { "\($0.0): \($0.1)" }
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }
}

/// The key of a handshake and the answer to it (§4.2.2).
enum WebSocketKey {
  /// 16 bytes in base64.
  static func isValid(_ key: String) -> Bool {
    let bytes = Array(key.utf8)
    return bytes.count == 24 && bytes.suffix(2).allSatisfy { $0 == UInt8(ascii: "=") }
      && bytes.prefix(22).allSatisfy { Base64.alphabet.contains($0) }
  }

  static func accept(_ key: String) -> String {
    Base64.text(SHA1.hash(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)).bytes)
  }

  static func random() -> String {
    var generator = SystemRandomNumberGenerator()
    return Base64.text((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
  }
}

/// Base64 (RFC 4648 §4) of a few bytes.
enum Base64 {
  static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func text(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for index in 0..<4 {
        out.append(index <= group.count ? alphabet[value >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
