/// Breaks a line into lines that fit: at blanks, beside wide (CJK) glyphs, and a word that is too long by cells.
///
/// Never splits a glyph (U18). Joining the results with `Line.logicalText` gives the line back (U19). A line that fits
/// is returned as it is.
public struct Wrapper: Sendable {
  /// Columns, decoration included; at least 1.
  public let width: Int
  let first: [Span]
  let rest: [Span]

  /// `hanging`: blanks before every line but the first.
  public init(width: Int, hanging: Int = 0) {
    self.init(width: width, first: [], rest: hanging > 0 ? [.blank(hanging)] : [])
  }

  /// `first` and `rest` are put before the first line and before every other one, counted in `width`. A prefix that
  /// would leave less than a quarter of the width is left out.
  public init(width: Int, first: [Span], rest: [Span]) {
    self.width = max(1, width)
    let room = self.width - max(1, self.width / 4)
    self.first = first.reduce(0) { $0 + $1.width } <= room ? first : []
    self.rest = rest.reduce(0) { $0 + $1.width } <= room ? rest : []
  }

  /// The lines, never empty. The last has the `continues` of the given line.
  public func wrap(_ line: Line) -> [Line] {
    let firstWidth = first.reduce(0) { $0 + $1.width }
    if firstWidth + line.width <= width { return [line.prefixed(by: first)] }
    return fold(line, firstRoom: width - firstWidth, restRoom: width - rest.reduce(0) { $0 + $1.width })
  }

  /// A place between two glyphs: a span and an offset into its UTF-8.
  fileprivate struct Place: Equatable {
    var span = 0
    var offset = 0
  }

  /// What is known at the last place where the line may be broken.
  private struct Break {
    /// Where the text before it ends, and where the next line begins; blanks lie between.
    var end: Place
    var start: Place
    /// Columns from the start of the line to `start`.
    var columns: Int
  }

  private func fold(_ line: Line, firstRoom: Int, restRoom: Int) -> [Line] {
    var lines: [Line] = []
    var start = Place()
    var columns = 0
    var candidate: Break?
    var room = max(1, firstRoom)
    var previous = GlyphClass.blank
    // Where an indent that is wider than the line reaches the edge.
    var edge: Place?

    func finish(_ end: Place, _ next: Place) {
      let prefix = lines.isEmpty ? first : rest
      let joint = line.slice(from: end, to: next).reduce(into: "") { $0 += $1.text }
      lines.append(Line(prefix + line.slice(from: start, to: end), continues: true, joint: joint))
      start = next
      room = max(1, restRoom)
      candidate = nil
      edge = nil
    }

    for (index, span) in line.spans.enumerated() {
      span.text.withBytes { bytes in
        var at = 0
        while at < bytes.count {
          let glyph = Glyph.read(bytes, at: at)
          let here = Place(span: index, offset: at)
          let kind = GlyphClass(glyph)
          at += glyph.length
          if kind == .blank {
            let end = previous == .blank ? candidate?.end ?? here : here
            if columns == room { edge = here }
            columns += glyph.width
            candidate = Break(end: end, start: Place(span: index, offset: at), columns: columns)
          } else {
            if previous != .blank, columns > 0, GlyphClass.mayBreak(previous, kind) {
              candidate = Break(end: here, start: here, columns: columns)
            }
            if columns + glyph.width > room, columns > 0 {
              // Blanks that begin a line are its indent, not a place to break.
              if let point = candidate, point.end != start {
                columns -= point.columns
                finish(point.end, point.start)
              }
              if columns + glyph.width > room, columns > 0 {
                columns = 0
                finish(edge ?? here, here)
              }
            }
            columns += glyph.width
          }
          previous = kind
        }
      }
    }
    var end = Place(span: line.spans.count, offset: 0)
    // Blanks at the end that reach past the edge are of no use to anybody.
    if previous == .blank, columns > room, let point = candidate {
      end = point.end != start ? point.end : edge ?? end
    }
    let prefix = lines.isEmpty ? first : rest
    let last = Line(prefix + line.slice(from: start, to: end), continues: line.continues, joint: line.joint)
    lines.append(last)
    return lines
  }
}

/// What a glyph means for breaking lines.
private enum GlyphClass {
  case blank, letter, wide
  /// May not begin a line (closing punctuation), may not end one (opening brackets): the least of kinsoku.
  case closing, opening

  init(_ glyph: Glyph) {
    if glyph.base == 0x20 {
      self = .blank
    } else if glyph.width < 2 {
      self = .letter
    } else {
      switch glyph.base {
      case 0x3001, 0x3002, 0xFF0C, 0xFF0E, 0xFF01, 0xFF1F, 0xFF1A, 0xFF1B, 0xFF09, 0x300D, 0x300F, 0x3011,
        0x3009,
        0x300B, 0x3015, 0x30FC, 0x3005:
        self = .closing
      case 0xFF08, 0x300C, 0x300E, 0x3010, 0x3008, 0x300A, 0x3014: self = .opening
      default: self = .wide
      }
    }
  }

  static func mayBreak(_ left: GlyphClass, _ right: GlyphClass) -> Bool {
    if left == .opening || right == .closing { return false }
    return left == .wide || right == .wide || left == .closing || right == .opening
  }
}

extension Line {
  /// The spans between two places.
  fileprivate func slice(from start: Wrapper.Place, to end: Wrapper.Place) -> [Span] {
    var result: [Span] = []
    var index = start.span
    while index < spans.count, index <= end.span {
      let span = spans[index]
      let count = span.text.utf8.count
      let lower = index == start.span ? min(start.offset, count) : 0
      let upper = index == end.span ? min(end.offset, count) : count
      if lower == 0, upper == count {
        if count > 0 { result.append(span) }
      } else if lower < upper {
        let utf8 = span.text.utf8
        let from = utf8.index(utf8.startIndex, offsetBy: lower)
        let text = String(span.text[from..<utf8.index(from, offsetBy: upper - lower)])
        result.append(Span(text, span.style, link: span.link, gutter: span.isGutter))
      }
      index += 1
    }
    return result
  }
}
