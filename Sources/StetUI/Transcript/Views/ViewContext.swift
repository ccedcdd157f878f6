import StetText

/// What a view needs besides its item: the width, the moment, and how paths are shortened.
struct ViewContext: Sendable {
  var width: Int
  var now: Instant
  var directory = ""
  var home = ""
  /// The terminal shows colours.
  var hasColors = true

  /// Columns before an item's text: a blank, the marker, a blank; narrower in a sliver of a pane.
  var indent: Int { width >= 30 ? 3 : 2 }

  /// Columns of an item's text, with one blank at the right edge where there is room.
  var textWidth: Int { max(1, width - indent - (width >= 30 ? 1 : 0)) }

  /// A marker in the gutter, as wide as the indent.
  func marker(_ sign: String, _ style: Style) -> Span {
    let text = (indent == 3 ? " " : "") + Sign.slim(sign)
    return Span(text.padded(right: indent), style, gutter: true)
  }

  /// Lines with the marker before the first and blanks before the others.
  func block(_ lines: [Line], marker: Span) -> [Line] {
    lines.enumerated().map { $1.prefixed(by: [$0 == 0 ? marker : .blank(indent)]) }
  }

  /// A text of several lines, sanitised and wrapped to the text's width.
  func wrapped(_ text: String, _ style: Style, width: Int? = nil) -> [Line] {
    let wrapper = Wrapper(width: width ?? textWidth)
    return Sanitizer.display(text).split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { wrapper.wrap(Line(String($0), style)) }
  }

  /// A header row: marker, title on the left, facts on the right. A title that does not fit is cut.
  func header(_ marker: Span, _ title: Line, _ facts: Line) -> Line {
    let room = max(1, width - marker.width - (width >= 30 ? 1 : 0))
    return Line.row(title, facts, width: room).prefixed(by: [marker])
  }

  /// A path as this pane shows it.
  func path(_ path: String) -> String { Words.path(path, directory: directory, home: home) }
}
