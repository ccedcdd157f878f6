/// Why a request gave no whole answer. HTTP error statuses are answers, not errors of this kind.
public struct NetError: Error, Hashable, Sendable, CustomStringConvertible {
  public var code: NetErrorCode
  /// One plain sentence that says what happened and names the host and port; never a key or a header value.
  public var message: String
  /// The library's own text, for logs.
  public var underlying: String?

  public init(_ code: NetErrorCode, _ message: String, underlying: String? = nil) {
    self.code = code
    self.message = message
    self.underlying = underlying
  }

  public var description: String { message }

  static let cancelled = NetError(.cancelled, "the request was cancelled")
}

public enum NetErrorCode: String, Hashable, Sendable {
  /// The peer answered that nobody listens there.
  case connectionRefused
  /// No route, no network, network down.
  case unreachable
  /// The host name has no address.
  case resolve
  /// No connection within `connectTimeoutMs`.
  case timeoutConnect
  /// No body byte within `firstByteTimeoutMs`.
  case timeoutFirstByte
  /// Silence longer than `idleTimeoutMs`.
  case timeoutIdle
  /// The peer closed or reset the connection before the answer was whole.
  case cut
  /// Handshake or certificate.
  case tls
  /// The reader went away, or the client was shut down.
  case cancelled
  /// A redirect that would carry a body or keys somewhere they were not meant to go.
  case redirectRefused
  /// A bound was exceeded: body, headers, one event, or requests at once.
  case tooLarge
  /// The peer does not speak HTTP.
  case badResponse
  /// The request cannot be sent as it is.
  case invalidRequest
  /// libcurl could not be loaded.
  case libraryMissing
  case other
}
