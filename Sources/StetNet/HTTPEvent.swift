/// What a response is made of, in order: one head, then bytes until the sequence ends.
public enum HTTPEvent: Sendable {
  /// Status line and headers of the final response (informational and followed redirects are not reported).
  case head(status: Int, headers: HTTPHeaders)
  /// Body bytes as they arrived; several network reads may be joined, none is ever empty.
  case bytes([UInt8])
}

/// A whole response, for small answers.
public struct HTTPResponse: Sendable {
  public var status: Int
  public var headers: HTTPHeaders
  public var body: [UInt8]

  public init(status: Int, headers: HTTPHeaders, body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
