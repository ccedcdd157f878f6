import StetText

/// The message being written: text, pasted blocks, history.
struct Composer: Sendable {
  /// A paste with more line ends than this becomes one token (U8).
  static let tokenLines = 10
  /// So does one that is longer than this many bytes: longer lines make editing slow and are not read anyway.
  static let tokenBytes = 8192
  /// A token up to this size opens into the text; more would slow every key.
  static let openableBytes = 256 * 1024
  /// Tokens are single characters of the last private plane; more than these in one draft stay plain text.
  static let maxTokens = 1024
  /// Messages that `up` walks through.
  static let maxHistory = 500

  var buffer = TextBuffer()
  /// vi's keys, where the user wants them.
  var vi: ViState?
  /// The text behind each token character.
  private(set) var pastes: [Character: String] = [:]
  private(set) var history: [String] = []
  /// Which entry of the history is shown, and the draft that was there before.
  private var browsing: (index: Int, draft: TextBuffer)?

  var isEmpty: Bool { buffer.isEmpty }

  /// The whole text, tokens opened.
  var text: String {
    buffer.characters.reduce(into: "") { $0 += pastes[$1] ?? ($1 == Self.pastedMark ? "!" : String($1)) }
  }

  /// A `!` that came with a paste. Only one that the user typed makes a command of the draft (U9): what somebody else
  /// wrote must not run because it was pasted.
  private static let pastedMark: Character = "\u{10FFFD}"

  /// The draft is a shell command of the user's own.
  var isCommand: Bool { buffer.characters.first == "!" }

  /// The text as it is kept for later: where it begins with a pasted `!`, a blank says that it is text.
  var keptText: String { isCommand ? text : Self.message(text) }

  /// A message that is put back is text, also one that begins with `!`.
  private static func message(_ text: String) -> String { text.hasPrefix("!") ? " " + text : text }

  // MARK: Input

  mutating func type(_ character: Character) {
    browsing = nil
    let isBehindToken = buffer.caret > 0 && label(of: buffer.characters[buffer.caret - 1]) != nil
    buffer.type(Self.harmless(character), joins: !isBehindToken)
  }

  mutating func edit(_ command: EditCommand) {
    buffer.apply(command)
  }

  /// Inserts pasted text; a long one becomes a token.
  mutating func paste(_ pasted: String) { insert(pasted, mark: Self.pastedMark) }

  /// - Parameter mark: what stands for a `!` in it.
  private mutating func insert(_ pasted: String, mark: Character) {
    browsing = nil
    let lines = pasted.utf8.reduce(into: 1) { if $1 == 10 || $1 == 13 { $0 += 1 } }
    guard lines > Self.tokenLines || pasted.utf8.count > Self.tokenBytes, let token = nextToken else {
      buffer.insert(Self.characters(of: pasted).map { $0 == "!" ? mark : $0 })
      return
    }
    pastes[token] = Self.withLineFeeds(pasted)
    buffer.insert([token])
  }

  /// Replaces the draft, for example by what the editor left.
  mutating func replace(with text: String) {
    browsing = nil
    pastes = [:]
    buffer.replaceAll(with: [])
    if text.utf8.count > Self.openableBytes {
      paste(text)
    } else {
      buffer.replaceAll(with: Self.characters(of: text))
    }
  }

  /// Replaces the draft by a message that was written before.
  mutating func replace(withMessage text: String) { replace(with: Self.message(text)) }

  /// Opens the token that the caret stands on.
  /// - Returns: false if there is none, or it is too large to edit here.
  mutating func openToken() -> Bool {
    guard let token = tokenAtCaret, let text = pastes[token], text.utf8.count <= Self.openableBytes else {
      return false
    }
    let opened = Self.characters(of: text).map { $0 == "!" ? Self.pastedMark : $0 }
    buffer.replace(buffer.caret..<buffer.caret + 1, with: opened)
    return true
  }

  var tokenAtCaret: Character? {
    guard buffer.caret < buffer.count else { return nil }
    let character = buffer.characters[buffer.caret]
    return pastes[character] == nil ? nil : character
  }

  /// Takes the message out and remembers it.
  mutating func take() -> String {
    let message = text
    remember(keptText)
    reset()
    return message
  }

  /// Empties the draft; `ctrl-y` brings it back.
  mutating func clear() {
    browsing = nil
    beginInserting()
    buffer.clear()
  }

  private mutating func reset() {
    browsing = nil
    beginInserting()
    buffer = TextBuffer()
    pastes = [:]
  }

  private mutating func beginInserting() {
    vi?.forgetPending()
    vi?.mode = .insert
    vi?.steps = []
    vi?.insertion = nil
  }

  // MARK: History

  mutating func remember(_ message: String) {
    guard !message.isEmpty, history.last != message else { return }
    history.append(message)
    if history.count > Self.maxHistory { history.removeFirst(history.count - Self.maxHistory) }
  }

  /// Puts entries of earlier runs before those of this one.
  mutating func load(history earlier: [String]) {
    history = Array((earlier + history).suffix(Self.maxHistory))
  }

  mutating func showOlder() {
    let index = (browsing?.index ?? history.count) - 1
    guard history.indices.contains(index) else { return }
    show(index)
  }

  mutating func showNewer() {
    guard let browsing else { return }
    if browsing.index + 1 < history.count {
      show(browsing.index + 1)
    } else {
      buffer = browsing.draft
      self.browsing = nil
    }
  }

  var isBrowsingHistory: Bool { browsing != nil }

  private mutating func show(_ index: Int) {
    let draft = browsing?.draft ?? buffer
    browsing = (index, draft)
    buffer = TextBuffer()
    insert(history[index], mark: "!")
    browsing = (index, draft)
  }

  // MARK: Characters

  private var nextToken: Character? {
    guard pastes.count < Self.maxTokens else { return nil }
    let value = UInt32(0x10_0000 + pastes.count)
    return Unicode.Scalar(value).map { Character($0) }
  }

  /// The label that a token shows.
  func label(of token: Character) -> String? {
    guard let text = pastes[token] else { return nil }
    let lines = text.utf8.reduce(into: 1) { if $1 == 10 { $0 += 1 } } - (text.utf8.last == 10 ? 1 : 0)
    if lines > Self.tokenLines { return "[pasted \(lines) lines]" }
    return "[pasted \(text.utf8.count / 1024) KB]"
  }

  /// What is shown of a character that is no token.
  static func shown(_ character: Character) -> Character { character == pastedMark ? "!" : character }

  /// The text as it is edited: line ends are LF, private characters that could be taken for a token are replaced.
  static func characters(of text: String) -> [Character] {
    text.map { $0 == "\r\n" || $0 == "\r" ? "\n" : harmless($0) }
  }

  /// Terminals send the line ends of a paste as CR: to whoever reads it they are line ends.
  private static func withLineFeeds(_ text: String) -> String {
    guard text.utf8.contains(13) else { return text }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var last: UInt8 = 0
    for byte in text.utf8 {
      if byte == 13 { bytes.append(10) } else if byte != 10 || last != 13 { bytes.append(byte) }
      last = byte
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func harmless(_ character: Character) -> Character {
    let isPrivate = character.unicodeScalars.contains { $0.value >= 0x10_0000 }
    return isPrivate ? "\u{FFFD}" : character
  }
}
