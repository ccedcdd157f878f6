/// After a summary that was refused the next one waits until the history has grown: asking again with every turn costs
/// a whole prompt each time and fails in the same way (C1, C3).
struct CompactionPause: Sendable, Hashable {
  /// The part of the window that has to come in before the second try; doubled with each failure.
  private static let part = 20
  private static let doublings = 3

  private var failures = 0
  private var until = 0
  private var window = 0

  /// A compaction failed, or was refused, with so many tokens in the window.
  mutating func failed(at tokens: Int, window: Int) {
    until = tokens + max(1, window / Self.part) << min(failures, Self.doublings)
    failures += 1
    self.window = window
  }

  /// Whether the history has grown enough for another try, or the model is one with another window. What the provider
  /// refuses as too long is compacted whatever this says (L10).
  func isOver(at tokens: Int, window: Int) -> Bool { tokens >= until || window != self.window }
}
