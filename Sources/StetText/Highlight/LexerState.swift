/// What a line leaves open: contexts inside each other, the last one innermost.
struct LexerState: Hashable, Sendable {
  enum Context: Hashable, Sendable {
    /// In the block comment with this number, so many deep.
    case comment(rule: Int, depth: Int)
    /// In the string with this number; `hashes` of them belong to its end.
    case string(rule: Int, hashes: Int)
    /// In code inside a string, so many brackets deep; ends at `close`.
    case interpolation(close: UInt8, depth: Int)
    /// Until a line that is this word, perhaps behind blanks.
    case heredoc(word: [UInt8], isIndented: Bool)
    /// Until these bytes.
    case until(close: [UInt8], kind: TokenKind)
    /// Inside the angle brackets of a tag.
    case tag(isClosing: Bool, name: [UInt8])
    /// Between an opening and a closing tag of JSX.
    case children
    /// In `<script>` or `<style>`: code of another language until the closing tag.
    case embedded(language: Int, close: [UInt8])
    /// In a YAML block scalar: lines that are indented deeper than this.
    case block(indent: Int)
    /// In a fenced block of Markdown.
    case fence(character: UInt8, length: Int, language: Int?)
  }

  /// Code nested deeper than any that people write; what is deeper is lexed as if it were at this depth.
  static let maximumDepth = 24

  var contexts: [Context] = []
  /// The state of the language inside `embedded` or `fence`.
  var inner: [LexerState] = []

  mutating func push(_ context: Context) {
    if contexts.count < Self.maximumDepth { contexts.append(context) }
  }

  mutating func pop() { _ = contexts.popLast() }

  mutating func replace(_ context: Context) {
    if !contexts.isEmpty { contexts[contexts.count - 1] = context }
  }
}

/// A piece of a line, in bytes.
struct Token: Equatable, Sendable {
  var start: Int
  var end: Int
  var kind: TokenKind
}
