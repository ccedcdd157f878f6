/// How long to wait before a request is sent again, and whether at all (L8, L9).
///
/// Pure: the caller counts attempts, sleeps and gives up. Waits double from `firstMs`; ten percent of jitter keeps
/// many sessions from returning in the same instant.
public struct RetryPolicy: Sendable {
  /// A server that asks for more than this wants the user to know (L9): the turn stops and shows when.
  public static let maxRetryAfterMs = 60_000

  public enum Decision: Hashable, Sendable {
    /// Send again after this many milliseconds.
    case wait(ms: Int)
    /// The server asks for more than `maxRetryAfterMs`: stop and show when it will answer again.
    case stop(retryAfterMs: Int)
  }

  /// The first wait without a Retry-After.
  public var firstMs: Int
  /// The longest wait of its own accord.
  public var longestMs: Int
  private let jitter: @Sendable () -> Double

  /// `jitter` gives numbers in 0…1; out of range they are clamped.
  public init(
    firstMs: Int, longestMs: Int = 8_000,
    jitter: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
  ) {
    self.firstMs = firstMs
    self.longestMs = longestMs
    self.jitter = jitter
  }

  /// 429 without Retry-After: 1, 2, 4, 8 s (L9).
  public static let rateLimited = RetryPolicy(firstMs: 1_000)
  /// 5xx and cut streams: 0.2, 0.4, 0.8 s … up to 8 s.
  public static let serverTrouble = RetryPolicy(firstMs: 200)

  /// `attempt` counts from 0 for the first retry. `retryAfter` is what the server asked for, in milliseconds;
  /// it is obeyed to the millisecond, without jitter.
  public func delay(attempt: Int, retryAfter: Int? = nil) -> Decision {
    if let retryAfter {
      return retryAfter > Self.maxRetryAfterMs
        ? .stop(retryAfterMs: retryAfter) : .wait(ms: max(0, retryAfter))
    }
    let doublings = min(max(attempt, 0), 20)
    let plain = min(firstMs << doublings, longestMs)
    let share = min(max(jitter(), 0), 1)
    return .wait(ms: plain + Int(Double(plain) * 0.1 * share))
  }

  /// Whether an HTTP status may pass by itself (L8): 408, 409, 425, 429 and 5xx. Bodies that say otherwise
  /// (`insufficient_quota`, `usage_limit_reached`) are the provider's to read.
  public static func isRetryable(status: Int) -> Bool {
    [408, 409, 425, 429].contains(status) || (500...599).contains(status)
  }
}
