/// A run of text in one style. Its width is measured once, when it is made.
///
/// The text is shown through `Surface`, which never lets a control character out; `Sanitizer.display` makes it
/// readable first.
public struct Span: Hashable, Sendable {
  public let text: String
  public let style: Style
  /// Terminal columns, by the rules of `Width`.
  public let width: Int
  /// The target of a hyperlink (OSC 8), already free of control characters.
  public let link: String?
  /// Decoration that copying leaves out: indents, bars, bullets of a wrapped line, line numbers, padding (U19).
  public let isGutter: Bool

  public init(_ text: String, _ style: Style = .text, link: String? = nil, gutter: Bool = false) {
    self.init(text, style, link: link, gutter: gutter, width: Width.of(text))
  }

  init(_ text: String, _ style: Style, link: String?, gutter: Bool, width: Int) {
    self.text = text
    self.style = style
    self.link = link
    self.isGutter = gutter
    self.width = width
  }

  /// The same text in another style.
  public func styled(_ style: Style) -> Span {
    Span(text, style, link: link, gutter: isGutter, width: width)
  }

  /// `count` blanks of decoration.
  public static func blank(_ count: Int, _ style: Style = .text) -> Span {
    let count = max(0, count)
    return Span(String(repeating: " ", count: count), style, link: nil, gutter: true, width: count)
  }
}
