/// One line of styled text, as wide as it is; immutable, its width is measured once.
public struct Line: Hashable, Sendable {
  public let spans: [Span]
  /// Terminal columns.
  public let width: Int
  /// The line was wrapped: the next line belongs to the same logical line.
  public let continues: Bool
  /// The blanks that stood where a wrapped line was broken; copying puts them back.
  public let joint: String

  public init(_ spans: [Span], continues: Bool = false, joint: String = "") {
    self.spans = spans
    self.continues = continues
    self.joint = joint
    width = spans.reduce(0) { $0 + $1.width }
  }

  public init(_ text: String, _ style: Style = .text) {
    self.init(text.isEmpty ? [] : [Span(text, style)])
  }

  public static let empty = Line([])

  /// What is shown, decoration included.
  public var text: String { spans.reduce(into: "") { $0 += $1.text } }

  /// What copying takes from this line: without decoration (U19).
  public var copyText: String {
    spans.reduce(into: "") { if !$1.isGutter { $0 += $1.text } }
  }

  /// The same spans with blanks up to `width` columns behind them.
  public func padded(to width: Int, _ style: Style = .text) -> Line {
    guard self.width < width else { return self }
    return Line(spans + [.blank(width - self.width, style)], continues: continues, joint: joint)
  }

  /// The same line with decoration before it.
  public func prefixed(by prefix: [Span]) -> Line {
    prefix.isEmpty ? self : Line(prefix + spans, continues: continues, joint: joint)
  }

  /// Changes the style of ranges of characters, counted over the text without decoration, such as those of
  /// `WordEmphasis`. Ranges must ascend; what lies outside the text is ignored.
  public func restyled(_ ranges: [Range<Int>], _ change: (Style) -> Style) -> Line {
    guard !ranges.isEmpty else { return self }
    var result: [Span] = []
    var offset = 0
    for span in spans {
      if span.isGutter {
        result.append(span)
        continue
      }
      let characters = Array(span.text)
      let end = offset + characters.count
      var at = offset
      for range in ranges where range.lowerBound < end && range.upperBound > at {
        let from = max(range.lowerBound, at)
        let to = max(from, min(range.upperBound, end))
        if from > at { result.append(span.slice(characters[(at - offset)..<(from - offset)])) }
        if to > from {
          let piece = span.slice(characters[(from - offset)..<(to - offset)])
          result.append(piece.styled(change(piece.style)))
        }
        at = to
      }
      if at < end { result.append(span.slice(characters[(at - offset)...])) }
      offset = end
    }
    return Line(result, continues: continues, joint: joint)
  }

  /// The logical text of wrapped lines, for copying: no soft breaks, no decoration (U19).
  public static func logicalText(_ lines: some Sequence<Line>) -> String {
    var result = ""
    var separator: String?
    for line in lines {
      if let separator { result += separator }
      result += line.copyText
      separator = line.continues ? line.joint : "\n"
    }
    return result
  }
}

extension Span {
  fileprivate func slice(_ characters: ArraySlice<Character>) -> Span {
    Span(String(characters), style, link: link, gutter: isGutter)
  }
}
