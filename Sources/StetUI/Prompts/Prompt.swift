import StetProtocol
import StetText

/// A question of the server that docks above the composer.
struct Prompt: Sendable {
  enum Kind: Sendable {
    case command(CommandPrompt)
    case review(ReviewState)
    case question(QuestionPrompt)
    case permissions(PermissionsPrompt)
    case tool(ToolPrompt)
  }

  let id: RequestID
  var kind: Kind
  /// The turn that waits for the answer.
  let turnId: String?
  /// When a frame first showed it; keys read before that never answer it (U2).
  var paintedAt: Instant?
  /// It took a key already, and nothing was typed since: it need not wait for silence again.
  var isEngaged = false
  /// A line of text that the prompt is asking for; it takes the keys.
  var field: PromptField?
  /// The first line shown of what does not fit.
  var scroll = 0

  init(id: RequestID, kind: Kind, turnId: String?) {
    self.id = id
    self.kind = kind
    self.turnId = turnId
  }

  /// No key may have come for this long before it takes keys, nor in this long after it was painted (U2).
  static let quietMs = 500

  /// When it takes keys by itself: half a second after it was painted with half a second of silence before. A key in
  /// that time counts as typing, and the wait begins again with the silence after it.
  func armedAt(lastKey: Instant?) -> Instant? {
    guard let paintedAt else { return nil }
    let afterPaint = paintedAt.advanced(by: Self.quietMs)
    guard let lastKey else { return afterPaint }
    return max(afterPaint, lastKey.advanced(by: 2 * Self.quietMs))
  }
}

/// One line of text that a prompt asks for.
struct PromptField: Sendable {
  enum Purpose: Hashable, Sendable {
    /// The prefix that may run without asking from now on; the offers can be stepped through.
    case rule(offers: [String])
    /// One of the rules that the server offers, and how far it holds.
    case remember
    /// What to do instead; declines with it.
    case instead
    /// Another command in place of the proposed one.
    case editCommand
    /// A comment in a review; one that is there already has a number.
    case comment(ReviewComment.Place, index: Int?)
    /// What is looked for in a diff.
    case search
    case commitMessage
    /// The answer to a question; hidden while typed if it is a secret.
    case answer(isSecret: Bool)
  }

  var purpose: Purpose
  var buffer: TextBuffer
  var offer = 0
  /// It went to the server, which has not answered yet.
  var isSent = false
  /// Which of `RuleScope.all` is chosen.
  var scope = RuleScope.standard

  init(_ purpose: Purpose, text: String = "") {
    self.purpose = purpose
    buffer = TextBuffer(text)
  }

  /// The text has lines, which keys break and go through.
  var takesLines: Bool { purpose == .commitMessage }

  /// Another line, or another scope of a rule.
  mutating func move(by step: Int) {
    if takesLines { buffer.moveLine(by: step) } else { moveScope(by: step) }
  }

  private mutating func moveScope(by step: Int) {
    scope = min(max(0, scope + step), RuleScope.all.count - 1)
  }

  var label: String {
    switch purpose {
    case .rule: "always allow commands that begin with"
    case .remember: "run it, and from now on without asking"
    case .instead: "do this instead"
    case .editCommand: "run instead"
    case .comment(let place, nil): "comment on \(ReviewComment.words(place))"
    case .comment(let place, .some): "comment on \(ReviewComment.words(place)); empty removes it"
    case .search: "search the diff"
    case .commitMessage: "commit what is staged, with this message"
    case .answer: "your answer"
    }
  }
}

/// May the agent run this command?
struct CommandPrompt: Sendable {
  let itemId: String
  /// What would run, exactly as the server sent it.
  let command: String
  let script: String
  let directory: String
  let reason: String?
  let isInput: Bool
  let network: String?
  let undoable: StetUndoable?
  /// Whether it would run behind the sandbox; nil when the server does not say.
  let sandboxed: Bool?
  /// Prefixes that could be allowed from now on; empty if the server takes no rules.
  let offers: [String]
  /// What a server of stet says of the question; nil for others.
  let consent: CommandConsent?

  init(_ params: CommandExecutionRequestApprovalParams, item: TranscriptItem?) {
    itemId = params.itemId
    var shown = params.command ?? ""
    if shown.isEmpty, case .command(let content) = item?.content { shown = content.command }
    command = shown
    script = ShellWords.script(of: shown)
    var place = params.cwd ?? ""
    if place.isEmpty, case .command(let content) = item?.content { place = content.directory }
    directory = place
    reason = params.reason
    isInput = params.kind == .writeStdin
    network = params.networkApprovalContext.map { "\($0.protocol.name)://\($0.host)" }
    undoable = params.stet?.undoable
    sandboxed = params.stet?.sandboxed
    consent = params.stet?.consent.map(CommandConsent.init)
    offers = consent?.rules ?? Self.offers(params, script: script)
  }

  /// The server's own proposal first, then shorter and longer beginnings of a plain command.
  private static func offers(_ params: CommandExecutionRequestApprovalParams, script: String) -> [String] {
    guard let proposed = params.proposedExecpolicyAmendment, !proposed.isEmpty else { return [] }
    var offers = [ShellWords.join(proposed)]
    let words = ShellWords.split(script) ?? proposed
    for count in [words.count, 2, 1] where count > 0 && count <= words.count {
      let offer = ShellWords.join(Array(words.prefix(count)))
      if !offers.contains(offer) { offers.append(offer) }
    }
    return offers
  }
}

/// Questions of the agent, or of an MCP server, one after the other.
struct QuestionPrompt: Sendable {
  let questions: [ToolRequestUserInputQuestion]
  var index = 0
  var selected = 0
  var answers: [String: ToolRequestUserInputAnswer] = [:]

  /// What an MCP server asks for; nil for questions of the agent.
  var form: ElicitationForm?

  init(_ params: ToolRequestUserInputParams) { questions = params.questions }

  init(_ params: McpServerElicitationRequestParams) {
    var message = params.question["message"]?.stringValue ?? ""
    // Nothing is opened for the server: the user sees the address and decides.
    if let url = params.question["url"]?.stringValue { message += "\n" + url }
    let form = ElicitationForm(message: message, schema: params.question["requestedSchema"])
    questions = form.questions(server: params.serverName)
    self.form = form
  }

  var current: ToolRequestUserInputQuestion? { questions.indices.contains(index) ? questions[index] : nil }
  var options: [ToolRequestUserInputOption] { current?.options ?? [] }

  /// Answers the present question; true when it was the last.
  mutating func answer(_ text: String) -> Bool {
    if let current { answers[current.id] = ToolRequestUserInputAnswer(answers: [text]) }
    index += 1
    selected = 0
    return index >= questions.count
  }
}

/// May the agent reach more than its sandbox allows?
struct PermissionsPrompt: Sendable {
  let directory: String
  let reason: String?
  let permissions: RequestPermissionProfile

  init(_ params: PermissionsRequestApprovalParams) {
    directory = params.cwd
    reason = params.reason
    permissions = params.permissions
  }

  /// What is asked for, one line each.
  var wishes: [String] {
    var lines: [String] = []
    if permissions.network?.enabled == true { lines.append("network access") }
    if let files = permissions.fileSystem, !files.isNull { lines.append("files: " + files.text) }
    return lines
  }
}
