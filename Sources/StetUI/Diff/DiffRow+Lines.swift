import StetText

/// How the rows of a diff are laid out.
struct DiffLayout: Sendable {
  var width: Int
  /// Columns of a line number; 0 shows none.
  var numberWidth: Int
  /// Both sides' numbers, or the new one alone (the old one where a line was removed).
  var isTwoColumn = false
  /// The one number is the old one: the left side of two.
  var showsOld = false
  /// Long lines are wrapped; otherwise cut with an ellipsis.
  var wraps = true

  /// The layout that fits a width and the largest line number.
  init(width: Int, largestNumber: Int) {
    self.width = width
    let digits = String(max(1, largestNumber)).count
    isTwoColumn = width >= 80
    numberWidth = width >= 30 ? max(3, digits) : 0
    wraps = width < 100
  }
}

extension DiffRow {
  /// The row's lines; signs and numbers are decoration that copying leaves out.
  func lines(_ layout: DiffLayout) -> [Line] {
    let style = signStyle
    var head: [Span] = []
    if layout.numberWidth > 0 {
      if layout.isTwoColumn {
        head.append(number(oldNumber, layout.numberWidth))
        head.append(number(newNumber, layout.numberWidth))
      } else {
        let shown = layout.showsOld ? oldNumber ?? newNumber : newNumber ?? oldNumber
        head.append(number(shown, layout.numberWidth))
      }
    }
    head.append(Span(sign + " ", style, gutter: true))
    let headWidth = head.reduce(0) { $0 + $1.width }
    let room = max(1, layout.width - headWidth)
    let broken: [Line]
    if layout.wraps {
      broken = Wrapper(width: room).wrap(content)
    } else {
      broken = [content.truncated(to: room)]
    }
    let ground = style.on(kind == .context || kind == .noNewline ? nil : style.foreground)
    return broken.enumerated().map { index, line in
      let filled = line.padded(to: room, ground)
      if index == 0 { return filled.prefixed(by: head) }
      return filled.prefixed(by: [.blank(headWidth - 2), Span("  ", style, gutter: true)])
    }
  }

  private func number(_ value: Int?, _ width: Int) -> Span {
    let digits = value.map(String.init) ?? ""
    return Span(digits.padded(left: width) + " ", Look.number, gutter: true)
  }

  private var sign: String {
    switch kind {
    case .plus: isMoved ? ">" : "+"
    case .minus: isMoved ? "<" : "-"
    case .context, .noNewline: " "
    }
  }

  private var signStyle: Style {
    switch kind {
    case .plus: Look.plus.on(Look.plus.foreground)
    case .minus: Look.minus.on(Look.minus.foreground)
    case .context: Look.context
    case .noNewline: Look.dim
    }
  }
}

extension FileDiff {
  /// The largest line number that the diff shows.
  var largestNumber: Int {
    hunks.last.map { max($0.oldStart + $0.oldCount, $0.newStart + $0.newCount) } ?? 0
  }

  /// The whole diff as lines: hunks with their headings, signs and numbers.
  /// - Parameter limit: rows after which the rest is only counted; a pane shows the beginning, a page everything.
  func lines(width: Int, language: Language?, limit: Int = .max) -> [Line] {
    if isBinary { return [Line("binary file", Look.dim)] }
    let layout = DiffLayout(width: width, largestNumber: largestNumber)
    var lines: [Line] = []
    var shown = 0
    let total = hunks.reduce(0) { $0 + $1.lines.count }
    for (index, hunk) in hunks.enumerated() {
      if shown >= limit { break }
      if index > 0 { lines.append(Line([Span("  ⋯", Look.hunk, gutter: true)])) }
      let room = limit - shown
      let part = hunk.lines.count > room ? hunk.first(room) : hunk
      for row in DiffRow.rows(of: part, language: language) { lines += row.lines(layout) }
      shown += part.lines.count
    }
    if total > shown { lines.append(Line([Span("  … \(total - shown) more lines", Look.dim, gutter: true)])) }
    return lines
  }
}

extension Hunk {
  fileprivate func first(_ count: Int) -> Hunk {
    Hunk(
      oldStart: oldStart, oldCount: oldCount, newStart: newStart, newCount: newCount, heading: heading,
      lines: Array(lines.prefix(count)))
  }
}
