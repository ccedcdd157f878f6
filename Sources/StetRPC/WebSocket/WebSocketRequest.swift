/// A client's side of the upgrade to WebSocket (RFC 6455 §4.1).
public struct WebSocketRequest: Sendable {
  public enum Answer: Hashable, Sendable {
    case wait
    /// The server agreed; frames follow, `rest` first.
    case opened(rest: [UInt8])
    /// It did not; the text says what it answered.
    case refused(String)
  }

  private let host: String
  private let token: BearerToken?
  private let key: String

  /// - Parameter host: what stands in the `Host` field: `127.0.0.1:4500`, or `localhost` over a unix socket.
  public init(host: String, token: BearerToken?) {
    self.host = host
    self.token = token
    key = WebSocketKey.random()
  }

  /// What to send first.
  public var bytes: [UInt8] {
    var lines = [
      "GET / HTTP/1.1", "Host: \(host)", "Upgrade: websocket", "Connection: Upgrade",
      "Sec-WebSocket-Key: \(key)", "Sec-WebSocket-Version: 13",
    ]
    if let token { lines.append("Authorization: Bearer \(token.text)") }
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }

  /// Judges what has come back so far.
  public func answer(_ bytes: [UInt8]) -> Answer {
    guard let end = HTTPHead.end(in: bytes), end <= HTTPHead.maxBytes else {
      return bytes.count < HTTPHead.maxBytes ? .wait : .refused("its answer is not the head of a WebSocket")
    }
    guard let head = HTTPHead(bytes[..<end]), head.start.first.hasPrefix("HTTP/1.") else {
      return .refused("its answer is not HTTP")
    }
    guard head.start.second == "101" else {
      let why = Self.line(bytes[end...])
      let status = "HTTP \(head.start.second) \(head.start.third)"
      return .refused(why.isEmpty ? status : "\(status): \(why)")
    }
    guard head.lists("websocket", in: "upgrade"), head.lists("upgrade", in: "connection"),
      head.single("sec-websocket-accept") == WebSocketKey.accept(key)
    else { return .refused("its answer does not fit the request") }
    guard head.values("sec-websocket-extensions").isEmpty, head.values("sec-websocket-protocol").isEmpty
    else {
      return .refused("it chose an extension that was not offered")
    }
    return .opened(rest: Array(bytes[end...]))
  }

  /// The first line of a refusal's text, as far as it can be shown.
  private static func line(_ body: ArraySlice<UInt8>) -> String {
    let text = body.prefix { $0 != 0x0A && $0 != 0x0D }.prefix(200)
    return String(decoding: text.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
  }
}
