/// Why a response failed, in terms that the retry rules (L8, L9) can decide on.
public struct ModelError: Error, Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// Nobody listens there, or the name does not resolve: tried again without end.
    case unreachable
    /// The provider answered with a status other than 200.
    case http(status: Int)
    /// The stream ended without `response.completed`.
    case cut
    /// No byte for the provider's idle limit.
    case idle
    /// `response.failed` or an `error` event, with the provider's code.
    case event(code: String)
    /// The answer is not what the wire promises (no SSE, a broken event).
    case malformed
    /// Wrong certificates, a bad address: nothing that waiting mends.
    case configuration
  }

  public var kind: Kind
  /// The provider's own code inside an HTTP error body (`insufficient_quota`, `usage_limit_reached` …).
  public var code: String?
  /// One sentence for the user.
  public var message: String
  /// What the provider or the network said, as it said it; capped at `detailLimit` bytes.
  public var details: String?
  /// Milliseconds that the provider asked us to wait (L9).
  public var retryAfterMs: Int?

  /// A page of HTML is no explanation; the first part of a body is enough to tell what happened.
  public static let detailLimit = 2_000

  public init(
    _ kind: Kind, code: String? = nil, message: String, details: String? = nil, retryAfterMs: Int? = nil
  ) {
    self.kind = kind
    self.code = code
    self.message = message
    self.details = details.map { String($0.prefix(Self.detailLimit)) }
    self.retryAfterMs = retryAfterMs
  }
}
