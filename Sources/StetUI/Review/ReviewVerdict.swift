import StetText

/// What was decided about one operation.
enum ReviewVerdict: Hashable, Sendable {
  case accepted
  case rejected
  /// Accepted with these lines in place of the proposed ones.
  case edited(ReviewEdit)
  /// Part of an edit that another operation of the file, this one, speaks for.
  case covered(by: Int)

  var isAccepting: Bool { self != .rejected }
}

/// The user's own text in place of what was proposed.
struct ReviewEdit: Hashable, Sendable {
  var text: String
  /// How many operations it stands for, from the one that holds it on.
  var count = 1
  /// The server's hunk, where it stands for the whole of it with the context between its changes.
  var hunkId: String?

  /// The server's name for the content of a file as a whole.
  static let wholeFile = "content"
  var isWholeFile: Bool { hunkId == Self.wholeFile }
}

/// What was decided about a hunk or a file as a whole.
enum ReviewSummary: Hashable, Sendable {
  case undecided, accepted, rejected, edited
  /// Some operations accepted, some rejected.
  case mixed
  /// Some decided, some not.
  case begun

  /// The summary of single verdicts.
  init(_ verdicts: some Sequence<ReviewVerdict?>) {
    var (open, accepted, rejected, edited) = (0, 0, 0, 0)
    for verdict in verdicts {
      switch verdict {
      case nil: open += 1
      case .accepted: accepted += 1
      case .rejected: rejected += 1
      case .edited, .covered: edited += 1
      }
    }
    let decided = accepted + rejected + edited
    if open > 0 || decided == 0 {
      self = decided == 0 ? .undecided : .begun
    } else if rejected == 0 {
      self = edited == 0 ? .accepted : .edited
    } else {
      self = accepted + edited == 0 ? .rejected : .mixed
    }
  }

  /// Nothing is left to decide.
  var isDecided: Bool { self != .undecided && self != .begun }

  /// A sign that tells the verdict without colour.
  var sign: String {
    switch self {
    case .undecided: "?"
    case .begun: Sign.slim("◐")
    case .accepted: "✓"
    case .rejected: "✗"
    case .edited: "✎"
    case .mixed: Sign.slim("±")
    }
  }

  var words: String {
    switch self {
    case .undecided: "undecided"
    case .begun: "partly decided"
    case .accepted: "accepted"
    case .rejected: "rejected"
    case .edited: "edited"
    case .mixed: "partly accepted"
    }
  }
}
