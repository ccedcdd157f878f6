import StetProtocol
import StetText

/// One entry of the conversation, as far as it has arrived.
struct TranscriptItem: Sendable {
  /// The server's id, or one of the interface's own for what the server has no item for (`ui-3`).
  let id: String
  let turnId: String?
  var content: Content { didSet { revision += 1 } }
  /// Counts every change, so that a cached layout knows whether it still holds.
  private(set) var revision = 0
  /// Nothing more will come.
  var isFinal: Bool { didSet { revision += 1 } }
  /// What the user chose; nil follows the kind's own rule.
  var isFolded: Bool? { didSet { revision += 1 } }
  /// When it appeared, for the elapsed time of what is running.
  var startedAt: Instant

  init(id: String, turnId: String?, content: Content, isFinal: Bool, startedAt: Instant) {
    self.id = id
    self.turnId = turnId
    self.content = content
    self.isFinal = isFinal
    self.startedAt = startedAt
  }

  enum Content: Sendable {
    case user(UserContent)
    case agent(AgentContent)
    case reasoning(ReasoningContent)
    case command(CommandContent)
    case fileChange(FileChangeContent)
    case plan(PlanContent)
    case tool(ToolContent)
    case webSearch(WebSearchContent)
    case image(path: String)
    case review(ReviewNoteContent)
    case compaction
    case error(ErrorContent)
    case note(NoteContent)
    case undo(UndoContent)
    case unknown(type: String, text: String)
  }

  /// Something on the screen changes with time alone: elapsed seconds, a countdown.
  var isTicking: Bool {
    guard !isFinal else { return false }
    switch content {
    case .command, .tool, .reasoning, .error: return true
    default: return false
    }
  }

  /// Whether it is folded, by choice or by its kind's rule.
  var folded: Bool {
    if let isFolded { return isFolded }
    switch content {
    case .reasoning: return isFinal
    case .command, .tool, .unknown, .review: return true
    default: return false
    }
  }

  /// `enter` unfolds or opens it.
  var canFold: Bool {
    switch content {
    case .reasoning, .command, .tool, .unknown, .review, .fileChange, .plan: true
    default: false
    }
  }
}
