/// Editable text with a caret, undo and a kill buffer: the core of the composer and of every one-line field.
///
/// Positions count characters (grapheme clusters), so that the caret can never stand inside one.
struct TextBuffer: Equatable, Sendable {
  private(set) var characters: [Character] = []
  private(set) var caret = 0
  private var killed = ""
  private var history = EditHistory()
  private var lastEdit = EditKind.other

  /// What the last change was, to join typing into one undo step and consecutive kills into one text.
  private enum EditKind: Equatable { case typing, killing, other }

  init(_ text: String = "") {
    characters = Array(text)
    caret = characters.count
  }

  var text: String { String(characters) }
  var isEmpty: Bool { characters.isEmpty }
  var count: Int { characters.count }

  static func == (left: TextBuffer, right: TextBuffer) -> Bool {
    left.characters == right.characters && left.caret == right.caret
  }

  // MARK: Changing

  /// Inserts at the caret. A single character that is no blank continues the present undo step.
  mutating func insert(_ inserted: some Collection<Character>) {
    guard !inserted.isEmpty else { return }
    let isTyping = inserted.count == 1 && inserted.first.map { !$0.isWhitespace } == true
    if !(isTyping && lastEdit == .typing) { remember() }
    characters.insert(contentsOf: inserted, at: caret)
    caret += inserted.count
    lastEdit = isTyping ? .typing : .other
  }

  /// Inserts what a key gave. Input methods and keyboards send marks, joiners and the halves of a flag one by one: with
  /// what stands before the caret they become one character.
  /// - Parameter joins: false where what stands before the caret is no text.
  mutating func type(_ character: Character, joins: Bool = true) {
    guard joins, caret > 0, let whole = Self.joined(characters[caret - 1], character) else {
      return insert([character])
    }
    if lastEdit != .typing { remember() }
    characters[caret - 1] = whole
    lastEdit = .typing
  }

  private static func joined(_ base: Character, _ addition: Character) -> Character? {
    guard !addition.isASCII, !base.isNewline else { return nil }
    let text = String(base) + String(addition)
    return text.count == 1 ? text.first : nil
  }

  /// Replaces everything; the caret goes to the end.
  mutating func replaceAll(with text: some Collection<Character>) {
    remember()
    characters = Array(text)
    caret = characters.count
    lastEdit = .other
  }

  /// Replaces a range of positions, clamped to the text; the caret goes behind the new text.
  mutating func replace(_ range: Range<Int>, with text: some Collection<Character>) {
    let range = range.clamped(to: 0..<characters.count)
    remember()
    characters.replaceSubrange(range, with: text)
    caret = range.lowerBound + text.count
    lastEdit = .other
  }

  mutating func deleteBackward() { remove(from: caret - 1, to: caret) }
  mutating func deleteForward() { remove(from: caret, to: caret + 1) }

  /// Removes and keeps the text for `yank`; consecutive kills become one text.
  mutating func kill(to target: Int) {
    let range = min(caret, target)..<max(caret, target)
    let kept = range.clamped(to: 0..<characters.count)
    guard !kept.isEmpty else { return }
    remember()
    let text = String(characters[kept])
    if lastEdit == .killing {
      killed = target < caret ? text + killed : killed + text
    } else {
      killed = text
    }
    characters.removeSubrange(kept)
    caret = kept.lowerBound
    lastEdit = .killing
  }

  mutating func yank() { insert(Array(killed)) }

  /// Keeps text for `yank` without having been in the buffer's range (a cleared draft).
  mutating func clear() {
    guard !characters.isEmpty else { return }
    remember()
    killed = text
    characters.removeAll()
    caret = 0
    lastEdit = .other
  }

  mutating func undo() {
    guard let state = history.undo(from: .init(characters: characters, caret: caret)) else { return }
    restore(state)
  }

  mutating func redo() {
    guard let state = history.redo(from: .init(characters: characters, caret: caret)) else { return }
    restore(state)
  }

  private mutating func remove(from start: Int, to end: Int) {
    let range = (max(0, start)..<max(max(0, start), end)).clamped(to: 0..<characters.count)
    guard !range.isEmpty else { return }
    remember()
    characters.removeSubrange(range)
    caret = range.lowerBound
    lastEdit = .other
  }

  private mutating func remember() { history.remember(.init(characters: characters, caret: caret)) }

  private mutating func restore(_ state: EditHistory.State) {
    characters = state.characters
    caret = min(state.caret, characters.count)
    lastEdit = .other
  }

  // MARK: Moving

  mutating func move(to position: Int) {
    caret = min(max(0, position), characters.count)
    lastEdit = .other
  }

  var lineStart: Int {
    var position = caret
    while position > 0, !characters[position - 1].isNewline { position -= 1 }
    return position
  }

  var lineEnd: Int {
    var position = caret
    while position < characters.count, !characters[position].isNewline { position += 1 }
    return position
  }

  /// The start of the word before the caret. A word is a run of letters, digits and `_`.
  var wordStart: Int {
    var position = caret
    while position > 0, !characters[position - 1].isWordPart { position -= 1 }
    while position > 0, characters[position - 1].isWordPart { position -= 1 }
    return position
  }

  /// The end of the word behind the caret.
  var wordEnd: Int {
    var position = caret
    while position < characters.count, !characters[position].isWordPart { position += 1 }
    while position < characters.count, characters[position].isWordPart { position += 1 }
    return position
  }

  /// The start of the blank-delimited word before the caret (ctrl-w of the shells).
  var blankWordStart: Int {
    var position = caret
    while position > 0, characters[position - 1].isWhitespace { position -= 1 }
    while position > 0, !characters[position - 1].isWhitespace { position -= 1 }
    return position
  }

  /// To the same column of the line above or below, or the end of a shorter one.
  mutating func moveLine(by step: Int) {
    let column = caret - lineStart
    guard step < 0 ? !isOnFirstLine : !isOnLastLine else { return }
    move(to: step < 0 ? lineStart - 1 : lineEnd + 1)
    move(to: min(lineStart + column, lineEnd))
  }

  var isOnFirstLine: Bool { lineStart == 0 }
  var isOnLastLine: Bool { lineEnd == characters.count }
}

extension Character {
  fileprivate var isWordPart: Bool { isLetter || isNumber || self == "_" }
}
