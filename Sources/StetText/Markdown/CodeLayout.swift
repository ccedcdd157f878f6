/// Lays out a code block line by line, so that one that still arrives costs only its new lines.
struct CodeLayout: Sendable {
  private static let style = Style(.codeBlock)
  /// The block is set off by this much where there is room.
  private static let indent = 2

  private let width: Int
  private let rest: [Span]
  private var prefix: [Span]
  private var highlighter: Highlighter?
  private let margin: Int

  /// `language`: the first word behind the fence.
  init(language: String, width: Int, first: [Span] = [], rest: [Span] = []) {
    self.width = width
    self.rest = rest
    prefix = first
    highlighter = Language.forFence(language).map { Highlighter($0, base: Self.style) }
    margin = width >= 30 ? Self.indent : 0
  }

  /// The lines of a block's text: its last line feed ends a line and begins none.
  static func split(_ text: String) -> [String] {
    var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
      String(Substring($0))
    }
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// What the next line of code looks like: filled to the width, wrapped by cell where it is longer.
  mutating func lines(_ code: String) -> [Line] {
    let first = prefix
    prefix = rest
    var text = code
    if text.utf8.last == 0x0D { text.removeLast() }
    let spans = highlighter?.spans(text) ?? [Span(Sanitizer.display(text), Self.style)]
    let blank = margin > 0 ? [Span.blank(margin, Self.style)] : []
    let wrapper = Wrapper(width: width, first: first + blank, rest: rest + blank)
    return wrapper.wrap(Line(spans)).map { $0.padded(to: width, Self.style) }
  }
}
