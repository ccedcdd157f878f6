/// A moment on the run loop's monotonic clock, in milliseconds. Only differences mean something.
public struct Instant: Hashable, Comparable, Sendable {
  public var milliseconds: Int

  public init(milliseconds: Int) { self.milliseconds = milliseconds }

  public static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

  /// The moment that is `milliseconds` later. Saturates instead of overflowing.
  public func advanced(by milliseconds: Int) -> Instant {
    let (sum, overflow) = self.milliseconds.addingReportingOverflow(milliseconds)
    return Instant(milliseconds: overflow ? (milliseconds < 0 ? .min : .max) : sum)
  }

  /// Milliseconds from `earlier` to this moment, never negative.
  public func since(_ earlier: Instant) -> Int { max(0, milliseconds - earlier.milliseconds) }
}
