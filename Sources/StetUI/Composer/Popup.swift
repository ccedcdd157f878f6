/// The list above the composer that completes what is being typed.
struct Popup: Equatable, Sendable {
  enum Kind: Equatable, Sendable { case command, file }

  struct Entry: Equatable, Sendable {
    var text: String
    var words: String
  }

  var kind: Kind
  /// What was typed behind the `/` or `@`.
  var query: String
  /// Positions of the buffer that the choice replaces.
  var range: Range<Int>
  var entries: [Entry]
  var selected = 0

  /// Entries that are shown at a time.
  static let maxRows = 8

  mutating func move(by step: Int) {
    guard !entries.isEmpty else { return }
    selected = (selected + step + entries.count) % entries.count
  }

  /// What the draft asks to complete: `/` at its very beginning, or an `@` word at the caret.
  static func wanted(by composer: Composer) -> (kind: Kind, query: String, range: Range<Int>)? {
    let buffer = composer.buffer
    var start = buffer.caret
    while start > 0, !buffer.characters[start - 1].isWhitespace { start -= 1 }
    guard start < buffer.caret else { return nil }
    let query = String(buffer.characters[(start + 1)..<buffer.caret])
    switch buffer.characters[start] {
    case "/" where start == 0: return (.command, query, start..<buffer.caret)
    case "@": return (.file, query, start..<buffer.caret)
    default: return nil
    }
  }

  /// Commands whose name begins with the query, then those that contain it.
  static func commands(matching query: String) -> [Entry] {
    let query = query.lowercased()
    let all = SlashCommand.allCases
    let first = all.filter { $0.rawValue.hasPrefix(query) }
    let second = all.filter { !$0.rawValue.hasPrefix(query) && $0.rawValue.contains(query) }
    return (first + second).map { Entry(text: "/" + $0.rawValue, words: $0.words) }
  }
}
