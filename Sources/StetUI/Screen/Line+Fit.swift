import StetText

extension Line {
  /// The line cut to `columns` with an ellipsis where something was cut.
  func truncated(to columns: Int) -> Line {
    guard width > columns else { return self }
    var left = columns - Width.ellipsisColumns
    guard left >= 0 else { return .empty }
    var spans: [Span] = []
    for span in self.spans {
      if span.width <= left {
        spans.append(span)
        left -= span.width
        continue
      }
      let text = Width.prefix(span.text, columns: left)
      spans.append(Span(text + "…", span.style, link: span.link, gutter: span.isGutter))
      return Line(spans)
    }
    return Line(spans)
  }

  /// Two lines in one row: `left` cut where `right` needs the room, `right` dropped where both can't fit.
  static func row(_ left: Line, _ right: Line, width: Int) -> Line {
    guard right.width > 0, right.width + 4 <= width else { return left.truncated(to: width) }
    let shown = left.truncated(to: width - right.width - 1)
    return Line(shown.spans + [.blank(width - shown.width - right.width)] + right.spans)
  }

  /// A line of pieces.
  init(_ pieces: (String, Style)...) {
    self.init(pieces.filter { !$0.0.isEmpty }.map { Span($0.0, $0.1) })
  }
}

extension String {
  /// Blanks in front up to a width.
  func padded(left width: Int) -> String {
    let own = Width.of(self)
    return own >= width ? self : String(repeating: " ", count: width - own) + self
  }

  /// Blanks behind up to a width.
  func padded(right width: Int) -> String {
    let own = Width.of(self)
    return own >= width ? self : self + String(repeating: " ", count: width - own)
  }
}
