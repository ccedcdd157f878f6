import StetProtocol

/// How edits and commands are approved, as one word: presets over approval policy, sandbox and review.
enum WorkMode: String, CaseIterable, Sendable {
  /// Every edit is reviewed first.
  case ask
  /// Edits land and are looked at together when the turn is over.
  case reviewAtEnd = "review-at-end"
  /// Edits land inside the workspace; what leaves the sandbox asks.
  case auto
  case readOnly = "read-only"

  init(_ policy: AskForApproval, _ sandbox: SandboxPolicy, _ review: EditReviewMode) {
    if case .readOnly = sandbox, review != .ask {
      self = .readOnly
    } else if review == .ask, policy != .never {
      self = .ask
    } else {
      self = review == .atEnd ? .reviewAtEnd : .auto
    }
  }

  var words: String {
    switch self {
    case .ask: "every edit is a proposal that you decide hunk by hunk"
    case .reviewAtEnd: "edits land; look at them together when the turn is over"
    case .auto: "edits inside the workspace land at once; /undo takes them back"
    case .readOnly: "nothing is written"
    }
  }

  /// - Parameter canReview: the server takes decisions by hunk; another comes nearest to `ask` with a sandbox that asks
  ///   before each write.
  func sandbox(canReview: Bool) -> SandboxPolicy {
    switch self {
    case .readOnly: .readOnly(networkAccess: false)
    case .ask: canReview ? .workspaceWrite(.init()) : .readOnly(networkAccess: false)
    case .reviewAtEnd, .auto: .workspaceWrite(.init())
    }
  }

  var review: EditReviewMode {
    switch self {
    case .ask: .ask
    case .reviewAtEnd: .atEnd
    case .auto, .readOnly: .off
    }
  }
}
