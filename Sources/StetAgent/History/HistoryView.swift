/// The history of a thread as parts of logs, oldest first: what was forked from, what was kept at each revert, and
/// the thread's own records. Nothing is copied: a fork or a revert is one record that says where to go on (R6).
struct HistoryView: Hashable, Sendable {
  /// A part of a log; it begins and ends between lines.
  struct Segment: Hashable, Sendable {
    let thread: String
    let path: String
    let range: Range<Int64>
  }

  var segments: [Segment]

  var isEmpty: Bool { segments.isEmpty }
}
