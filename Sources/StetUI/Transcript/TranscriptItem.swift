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
  /// Markdown that streams in. It lives beside the content, so that appending and laying out do not copy it.
  private(set) var markdown = StreamingMarkdown()
  /// What a command prints, beside the content for the same reason.
  private(set) var output = OutputTail()
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
    case agent
    case reasoning(ReasoningContent)
    case command(CommandContent)
    case fileChange(FileChangeContent)
    case plan(PlanContent)
    case tool(ToolContent)
    case webSearch(WebSearchContent)
    case image(ImageContent)
    case review(ReviewNoteContent)
    case compaction
    case error(ErrorContent)
    case note(NoteContent)
    case undo(UndoContent)
    case unknown(type: String, text: String)
  }

  mutating func appendMarkdown(_ delta: String) {
    markdown.append(delta)
    revision += 1
  }

  mutating func appendOutput(_ delta: String) {
    output.append(delta)
    revision += 1
  }

  /// The server's final text; what is laid out already stays if it is the same.
  mutating func setMarkdown(_ text: String) {
    revision += 1
    guard text != markdown.source else { return }
    markdown = StreamingMarkdown()
    if !text.isEmpty { markdown.append(text) }
  }

  mutating func finishMarkdown() {
    markdown.finish()
    revision += 1
  }

  /// The Markdown's lines are to be made again from its source.
  mutating func layOutAnew() {
    revision += 1
    guard !markdown.source.isEmpty else { return }
    let source = markdown.source
    markdown = StreamingMarkdown()
    markdown.append(source)
    if isFinal { markdown.finish() }
  }

  /// The server's whole output; an empty one keeps what was streamed.
  mutating func setOutput(_ text: String) {
    guard !text.isEmpty else { return }
    output = OutputTail(text)
    revision += 1
  }

  /// The Markdown's lines, and how many of the first can't change any more. Not a change of the item.
  mutating func layoutMarkdown(width: Int) -> (lines: [Line], stable: Int) {
    let lines = markdown.lines(width: width)
    return (lines, markdown.stableCount)
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
    case .image(let image): image.facts?.pixels.isEmpty == false
    default: false
    }
  }
}
