import StetProtocol

/// Approvals that a model gives in the user's place are shown for what they are.
extension AppState {
  /// Open reviews that are remembered; a server that never ends one must not fill the memory.
  private static let openLimit = 64

  mutating func reviewing(_ note: ItemGuardianApprovalReviewStartedNotification) {
    if autoReviews.count < Self.openLimit { autoReviews.insert(note.reviewId) }
    show("a model reviews: \(Self.words(note.action))")
  }

  mutating func reviewed(_ note: ItemGuardianApprovalReviewCompletedNotification) {
    autoReviews.remove(note.reviewId)
    let review = note.review
    let why = review.rationale.map { ": \($0)" } ?? ""
    let risk = review.riskLevel.map { " (\($0.name) risk)" } ?? ""
    let (said, kind): (String, NoteContent.Kind) =
      switch review.status {
      case .approved: ("Allowed by the approval review", .info)
      case .denied: ("Denied by the approval review", .warning)
      case .timedOut: ("The approval review took too long", .warning)
      default: ("The approval review gave no verdict", .warning)
      }
    if review.status == .aborted, review.rationale == nil { return }
    transcript.addOwn(
      .note(NoteContent(kind: kind, text: "\(said)\(risk)\(why)\n\(Self.words(note.action))")),
      turnId: note.turnId, now: now)
  }

  /// The action in one line.
  private static func words(_ action: JSONValue) -> String {
    switch action["type"]?.stringValue {
    case "command": ShellWords.script(of: action["command"]?.stringValue ?? "a command")
    case "networkAccess": "reaching \(action["target"]?.stringValue ?? "a host")"
    case "applyPatch":
      "edit of "
        + (action["files"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ", ")
    case "mcpToolCall":
      "\(action["toolName"]?.stringValue ?? "a tool") of \(action["server"]?.stringValue ?? "an MCP server")"
    default: "an action"
    }
  }
}
