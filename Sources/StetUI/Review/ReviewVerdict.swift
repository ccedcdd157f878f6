/// What was decided about one operation.
enum ReviewVerdict: Hashable, Sendable {
  case accepted
  case rejected
  /// Accepted with these lines in place of the proposed ones.
  case edited(String)
}

/// What was decided about a hunk or a file as a whole.
enum ReviewSummary: Hashable, Sendable {
  case undecided, accepted, rejected, edited
  /// Some operations accepted, some rejected.
  case mixed

  /// The summary of single verdicts; nothing decided yet if any is missing.
  init(_ verdicts: [ReviewVerdict?]) {
    let decided = verdicts.compactMap { $0 }
    guard decided.count == verdicts.count, !decided.isEmpty else {
      self = .undecided
      return
    }
    if decided.allSatisfy({ $0 == .accepted }) {
      self = .accepted
    } else if decided.allSatisfy({ $0 == .rejected }) {
      self = .rejected
    } else if decided.contains(.rejected) {
      self = .mixed
    } else {
      self = .edited
    }
  }

  /// A sign that tells the verdict without colour.
  var sign: String {
    switch self {
    case .undecided: "?"
    case .accepted: "✓"
    case .rejected: "✗"
    case .edited: "✎"
    case .mixed: "±"
    }
  }

  var words: String {
    switch self {
    case .undecided: "undecided"
    case .accepted: "accepted"
    case .rejected: "rejected"
    case .edited: "edited"
    case .mixed: "partly accepted"
    }
  }
}
