/// vi's keys in the composer: which mode it is in, and what a command still waits for (U7).
struct ViState: Equatable, Sendable {
  /// `visual` selects characters, `visualLines` whole lines.
  enum Mode: Sendable { case insert, normal, visual, visualLines }

  enum Operator: String, Sendable {
    case delete = "d"
    case change = "c"
    case yank = "y"
  }

  /// A character that the last key asked for.
  enum Awaited: Equatable, Sendable {
    case find(Find)
    case replacement
    case goTo
    /// Behind an operator: `iw`, `a"` …
    case object(isInner: Bool)
    /// Behind `"`: the name of a register.
    case register
  }

  struct Find: Equatable, Sendable {
    var isForward: Bool
    /// t and T stop before the character.
    var stopsBefore: Bool
  }

  /// One key of a command, as `.` does it again.
  enum Step: Equatable, Sendable {
    case digit(Int)
    case command(ViCommand)
    case awaited(Character)
  }

  /// A change that `.` repeats: the keys of the command, and what was typed after them.
  struct Change: Equatable, Sendable {
    var steps: [Step]
    var inserted: [Character] = []
  }

  /// Where an insert began, and how much stood behind it.
  struct Insertion: Equatable, Sendable {
    var start: Int
    var behind: Int
  }

  /// Beyond it a count is a slip of the finger.
  static let maxCount = 9_999

  var mode = Mode.insert
  var count: Int?
  /// What was counted before the operator.
  var multiplier = 1
  var pending: Operator?
  var awaited: Awaited?
  var lastFind: Found?
  /// What was deleted or yanked, by register: `"` is what was last, `0` what was yanked last, a to z what was put there by
  /// name. No more than there are letters, and each no longer than a draft.
  private(set) var registers: [Character: Register] = [:]
  /// The register that the command which is being typed names.
  var register: Character?
  /// The other end of what is selected.
  var anchor = 0
  /// The keys of the command that is being typed.
  var steps: [Step] = []
  var lastChange: Change?
  var insertion: Insertion?

  /// A text that was taken; whole lines go back as lines.
  struct Register: Equatable, Sendable {
    var text: [Character]
    var hasLines = false
  }

  struct Found: Equatable, Sendable {
    var find: Find
    var character: Character
  }

  /// A command has begun and is not complete.
  var isPending: Bool { count != nil || pending != nil || awaited != nil || register != nil }

  /// Letters are commands.
  var isCommanding: Bool { mode != .insert }

  var isVisual: Bool { mode == .visual || mode == .visualLines }

  mutating func forgetPending() { (count, multiplier, pending, awaited, register) = (nil, 1, nil, nil, nil) }

  /// Names of registers: letters, the last text, the last yank, and `_`, which keeps nothing.
  static func names(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || "\"0_".contains(character))
  }

  /// What `p` puts.
  var held: Register? { registers[Character((register ?? "\"").lowercased())] }

  /// Keeps what was taken; a capital adds to its letter's register.
  mutating func keep(_ taken: Register, isYank: Bool) {
    guard register != "_" else { return }
    var kept = taken
    if let register, register.isUppercase, let old = registers[Character(register.lowercased())] {
      kept.hasLines = old.hasLines || taken.hasLines
      kept.text = old.text + (kept.hasLines ? ["\n"] : []) + taken.text
    }
    registers["\""] = kept
    if let register {
      registers[Character(register.lowercased())] = kept
    } else if isYank {
      registers["0"] = kept
    }
  }

  mutating func add(digit: Int) {
    steps.append(.digit(digit))
    count = min(Self.maxCount, (count ?? 0) * 10 + digit)
  }

  /// The mode and what was typed of a command, for the line above the composer.
  var words: String? {
    guard mode != .insert else { return nil }
    let awaiting =
      switch awaited {
      case nil: ""
      case .find(let find): find.isForward ? (find.stopsBefore ? "t" : "f") : find.stopsBefore ? "T" : "F"
      case .replacement: "r"
      case .goTo: "g"
      case .object(let isInner): isInner ? "i" : "a"
      case .register: "\""
      }
    let before = (register.map { "\"\($0)" } ?? "") + (multiplier > 1 ? "\(multiplier)" : "")
    let typed = before + (pending?.rawValue ?? "") + (count.map(String.init) ?? "") + awaiting
    let name = mode == .visual ? "visual" : mode == .visualLines ? "visual lines" : "normal"
    return " \(name)\(typed.isEmpty ? "" : " " + typed) "
  }
}

/// The keys of the normal mode.
enum ViCommand: String, CaseIterable, Sendable {
  case left, right, down, up, wordForward, wordBack, wordEnd, bigWordForward, bigWordBack, bigWordEnd
  case lineStart, textStart, lineEnd, lastLine, find, findBack, till, tillBack, repeatFind, repeatFindBack
  case goTo, count, delete, change, yank, deleteToEnd, changeToEnd, yankLine, deleteCharacter
  case deleteBefore, substitute, substituteLine, putAfter, putBefore, replace, toggleCase, join, undo, redo
  case insert, append, insertAtStart, appendAtEnd, openBelow, openAbove, cancel
  case visual, visualLines, repeatChange, register
  /// In the insert mode.
  case toNormal
}
