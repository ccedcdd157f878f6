/// What an answer of the server put on the screen, not a key: a key that decides or sends in the moment after it appeared
/// was meant for something else (U2). Keys that only move or look go on at once.
struct Arrival: Sendable {
  private var paintedAt: Instant?

  /// It stands on the screen now.
  mutating func paint(_ now: Instant) { if paintedAt == nil { paintedAt = now } }

  /// From when on it takes every key; nil before it was painted.
  var openAt: Instant? { paintedAt?.advanced(by: Prompt.quietMs) }

  func isOpen(_ now: Instant) -> Bool { openAt.map { now >= $0 } ?? false }
}

extension AppState {
  /// Why a key that decides or sends does nothing yet.
  var arrivalObstacle: String? {
    guard isReviewOpen, let arrival, !arrival.isOpen(now) else { return nil }
    switch reviewField?.purpose {
    case nil: return "the review has just opened: look first"
    case .commitMessage: return "the message has just come: read it first"
    // What was asked for with a key is answered at once.
    default: return nil
    }
  }
}
