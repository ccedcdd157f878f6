/// What a user recognises on the screen without reading every word of it.
enum Sight: Sendable {
  /// A command asks, and the keys are its own.
  case approval
  /// A change of several hunks asks, and the keys are its own.
  case review
  /// A change of one hunk asks, and the keys are its own.
  case hunk
  /// The screen in which hunks are decided.
  case reviewScreen
  /// The same, and it takes the keys that decide.
  case openReview
  /// The undo screen shows what would be put back.
  case undo
  /// A thread is open and nothing runs: a message can be sent.
  case ready
  /// A turn runs.
  case working

  func isSeen(on rows: [String]) -> Bool {
    func shows(_ text: String) -> Bool { rows.contains { $0.contains(text) } }
    let status = rows.last ?? ""
    switch self {
    case .approval: return shows("Run this command?") && shows("y once")
    case .review: return shows("Review ") && shows("enter review")
    case .hunk: return shows("y accept") && shows("enter full review")
    case .reviewScreen: return shows("decided") && shows("y accept") && !shows("Ask stet …")
    case .openReview: return shows("decided") && (shows("y accept") || shows("y n e c"))
    case .undo: return shows("Nothing was touched yet.")
    case .ready:
      let header = rows.first ?? ""
      return header.contains("mock-model") && !status.contains("esc stops") && !status.contains("stopping")
    case .working: return status.contains("working")
    }
  }
}
