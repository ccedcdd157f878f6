/// Colours code line by line; what a line leaves open (a comment, a string) is carried into the next one.
///
/// A value: a copy taken at a line goes on from that line. Any thread. The time is linear in the line.
public struct Highlighter: Sendable {
  /// A line is coloured up to here, in bytes; the rest of it is plain. Only generated code has longer ones.
  public static let maximumLine = 16_384

  private let language: Language
  private let base: Style
  private var state = LexerState()

  /// `base`: the style of what is nothing special, and the background and attributes of everything.
  public init(_ language: Language, base: Style = Style("code.block")) {
    self.language = language
    self.base = base
  }

  /// The next line, without its line feed, made safe to show as `Sanitizer.display` does. The spans together are that
  /// text, so that offsets into it (`WordEmphasis`) hold for them.
  public mutating func spans(_ line: String) -> [Span] {
    let text = Sanitizer.display(line)
    let isRecipe = line.utf8.first == 0x09
    return text.withBytes { bytes in
      var end = min(bytes.count, Self.maximumLine)
      while end < bytes.count, end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
      let code = UnsafeBufferPointer(rebasing: bytes[..<end])
      var lexer = LineLexer(code, language.table, state, isRecipe: isRecipe)
      lexer.run()
      state = lexer.state
      if end < bytes.count { lexer.emit(.plain, to: bytes.count) }
      return lexer.tokens.map { span(bytes, $0) }
    }
  }

  private func span(_ bytes: UnsafeBufferPointer<UInt8>, _ token: Token) -> Span {
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[token.start..<token.end]), as: UTF8.self)
    let style = token.kind.scope.map { Style($0, on: base.background ?? base.foreground, base.attributes) }
    return Span(text, style ?? base)
  }
}
