import Glibc

/// Time as the agent sees it; tests put a virtual one in its place.
public struct AgentClock: Sendable {
  /// Unix time in milliseconds.
  public var nowMs: @Sendable () -> Int64
  /// Waits; returns early, without an error, when the task is cancelled.
  public var sleep: @Sendable (_ ms: Int) async -> Void
  /// A random number from -1 to 1.
  public var jitter: @Sendable () -> Double

  public init(
    nowMs: @escaping @Sendable () -> Int64, sleep: @escaping @Sendable (_ ms: Int) async -> Void,
    jitter: @escaping @Sendable () -> Double = { Double.random(in: -1...1) }
  ) {
    self.nowMs = nowMs
    self.sleep = sleep
    self.jitter = jitter
  }

  public static let system = AgentClock(
    nowMs: {
      var time = timespec()
      clock_gettime(CLOCK_REALTIME, &time)
      return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    },
    sleep: { ms in
      do {
        try await Task.sleep(nanoseconds: UInt64(max(0, ms)) * 1_000_000)
      } catch {
        return  // cancelled: the caller looks at its own state
      }
    })
}
