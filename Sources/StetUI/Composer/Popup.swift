import StetProtocol

/// The list above the composer that completes what is being typed.
struct Popup: Equatable, Sendable {
  enum Kind: Equatable, Sendable { case command, file, skill }

  struct Entry: Equatable, Sendable {
    var text: String
    var words: String
  }

  var kind: Kind
  /// What was typed behind the `/`, `@` or `$`.
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

  /// What the draft asks to complete: `/` at its very beginning, or an `@` or `$` word at the caret.
  static func wanted(by composer: Composer) -> (kind: Kind, query: String, range: Range<Int>)? {
    let buffer = composer.buffer
    var start = buffer.caret
    while start > 0, !buffer.characters[start - 1].isWhitespace { start -= 1 }
    guard start < buffer.caret else { return nil }
    let query = String(buffer.characters[(start + 1)..<buffer.caret])
    switch buffer.characters[start] {
    case "/" where start == 0: return (.command, query, start..<buffer.caret)
    case "@": return (.file, query, start..<buffer.caret)
    case "$": return (.skill, query, start..<buffer.caret)
    default: return nil
    }
  }

  /// Commands and prompts whose name begins with the query, then those that contain it.
  static func commands(matching query: String, _ prompts: [CustomPrompt]) -> [Entry] {
    let own = SlashCommand.allCases.map { Entry(text: "/" + $0.rawValue, words: $0.words) }
    return matching(query, own + prompts.map { Entry(text: $0.typed, words: $0.words) })
  }

  static func skills(matching query: String, _ skills: [SkillMetadata]) -> [Entry] {
    matching(
      query,
      skills.map { Entry(text: "$" + $0.name, words: Words.firstLine($0.shortDescription ?? $0.description)) }
    )
  }

  private static func matching(_ query: String, _ all: [Entry]) -> [Entry] {
    let query = query.lowercased()
    let first = all.filter { $0.text.dropFirst().lowercased().hasPrefix(query) }
    let second = all.filter {
      let name = $0.text.dropFirst().lowercased()
      return !name.hasPrefix(query) && name.contains(query)
    }
    return first + second
  }
}
