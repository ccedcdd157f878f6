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

  /// The permission profile, which a server of stet resolves from its configuration: writable roots and network of the
  /// user stay.
  var profile: String { self == .readOnly ? ":read-only" : ":workspace" }

  /// For other servers. One that takes no decisions by hunk comes nearest to `ask` with a sandbox that asks before each
  /// write.
  var sandbox: SandboxPolicy {
    switch self {
    case .readOnly, .ask: .readOnly(networkAccess: false)
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
