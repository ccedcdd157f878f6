/// One HTTP request: what to send, where, and how long to wait for what.
///
/// All limits are in milliseconds. There is no limit on the whole request: a generation may take an hour, as long as
/// bytes keep coming.
public struct HTTPRequest: Sendable {
  /// GET, POST, HEAD, PUT, PATCH or DELETE.
  public var method: String
  /// An absolute `http` or `https` URL.
  public var url: String
  /// In the order they are sent. Names and values with CR, LF or NUL make the request fail as invalid.
  public var headers: [(String, String)]
  public var body: [UInt8]
  /// From the start until the connection stands, TLS included.
  public var connectTimeoutMs: Int
  /// From the last byte sent until the first byte of the answer's body. Response headers do not end it, since local
  /// servers send them at once and then read a long prompt (L11).
  public var firstByteTimeoutMs: Int
  /// Longest silence after the first byte. Any byte counts, also a comment of an event stream (L11).
  public var idleTimeoutMs: Int

  /// Local models may think for minutes before the first token (L11).
  public static let defaultFirstByteTimeoutMs = 600_000
  /// The `stream_idle_timeout_ms` default of the protocol's configuration.
  public static let defaultIdleTimeoutMs = 300_000
  public static let defaultConnectTimeoutMs = 20_000

  public init(
    method: String = "GET", url: String, headers: [(String, String)] = [], body: [UInt8] = [],
    connectTimeoutMs: Int = HTTPRequest.defaultConnectTimeoutMs,
    firstByteTimeoutMs: Int = HTTPRequest.defaultFirstByteTimeoutMs,
    idleTimeoutMs: Int = HTTPRequest.defaultIdleTimeoutMs
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.connectTimeoutMs = connectTimeoutMs
    self.firstByteTimeoutMs = firstByteTimeoutMs
    self.idleTimeoutMs = idleTimeoutMs
  }

  /// Says what cannot be sent, before it reaches the wire: a header line could otherwise smuggle in another one.
  func validated() throws(NetError) {
    let methods = ["GET", "POST", "HEAD", "PUT", "PATCH", "DELETE"]
    guard methods.contains(method) else {
      throw NetError(.invalidRequest, "HTTP method \(method.debugDescription) is not supported")
    }
    for (name, value) in headers {
      let bad: (UInt8) -> Bool = { $0 == 10 || $0 == 13 || $0 == 0 }
      if name.isEmpty || name.utf8.contains(where: { bad($0) || $0 == 58 || $0 == 32 })
        || value.utf8.contains(where: bad)
      {
        throw NetError(
          .invalidRequest, "header \(name.debugDescription) has a character that no header may have")
      }
    }
    if url.utf8.contains(0) { throw NetError(.invalidRequest, "the URL has a NUL character") }
  }
}
