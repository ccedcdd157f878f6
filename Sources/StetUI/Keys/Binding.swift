/// Where a key means something. Several are active at a time; the first that knows the key wins.
enum KeyContext: String, CaseIterable, Sendable {
  case global, working, start, popup, draft, empty, composer, vi, viInsert, transcript
  case command, hunk, hunks, question, permissions, tool, field
  case review, reviewConfirm, reviewFiles, list, queue, undo, compact, page, permissionList, permissionTest,
    outside

  /// The heading in the help.
  var title: String {
    switch self {
    case .global: "Everywhere"
    case .working: "While a turn runs"
    case .start: "Start screen"
    case .popup: "Completion"
    case .draft: "Composer with text"
    case .empty: "Empty composer"
    case .composer: "Composer"
    case .vi: "Composer in vi's normal mode"
    case .viInsert: "Composer in vi's insert mode"
    case .transcript: "Transcript"
    case .command: "May this command run?"
    case .hunk: "Apply this change?"
    case .hunks: "Apply these changes?"
    case .question: "A question"
    case .permissions: "More permissions?"
    case .tool: "Call this tool?"
    case .field: "Line of text"
    case .review: "Review"
    case .reviewConfirm: "A wide decision of the review"
    case .reviewFiles: "Files of the review"
    case .list: "Lists"
    case .queue: "Queued messages"
    case .undo: "Undo"
    case .compact: "Compact the conversation?"
    case .page: "Pages"
    case .permissionList: "Permissions"
    case .permissionTest: "Testing a command"
    case .outside: "Run it outside the sandbox?"
    }
  }
}

/// One row of the table that feeds dispatch, footer, help and manual (U26).
struct Binding: Sendable {
  let context: KeyContext
  let keys: [Key]
  let action: Action
  /// What it does, for the help.
  let words: String
  /// A word or two for the footer; nil keeps it out of there.
  let footer: String?
  /// Why the key does nothing now, or nil if it works.
  let unavailable: @Sendable (AppState) -> String?
}

/// The table of bindings. Built once; dispatch is a look-up.
struct Keymap: Sendable {
  let bindings: [Binding]
  private let index: [KeyContext: [Key: Int]]

  init(_ bindings: [Binding]) {
    self.bindings = bindings
    var index: [KeyContext: [Key: Int]] = [:]
    for (position, binding) in bindings.enumerated() {
      for key in binding.keys where index[binding.context]?[key] == nil {
        index[binding.context, default: [:]][key] = position
      }
    }
    self.index = index
  }

  func binding(_ key: Key, in context: KeyContext) -> Binding? {
    index[context]?[key].map { bindings[$0] }
  }

  func bindings(in context: KeyContext) -> [Binding] { bindings.filter { $0.context == context } }

  /// The first key of an action in a context, for texts that name a key.
  func key(for action: Action, in context: KeyContext) -> Key? {
    bindings.first { $0.context == context && $0.action == action }?.keys.first
  }

  static let standard = Keymap(composer + vi + transcript + prompts + review + dialogs + global)
}

/// Collects the rows of one context.
struct BindingRows {
  let context: KeyContext
  private(set) var rows: [Binding] = []

  init(_ context: KeyContext) { self.context = context }

  mutating func add(
    _ keys: Key..., does action: Action, _ words: String, footer: String? = nil,
    unless unavailable: @escaping @Sendable (AppState) -> String? = { _ in nil }
  ) {
    rows.append(
      Binding(
        context: context, keys: keys, action: action, words: words, footer: footer, unavailable: unavailable))
  }
}
