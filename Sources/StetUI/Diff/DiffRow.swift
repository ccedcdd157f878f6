import StetText

/// One line of a diff, coloured and ready to be laid out at any width.
struct DiffRow: Sendable {
  var kind: DiffLineKind
  var oldNumber: Int?
  var newNumber: Int?
  /// The text without its sign, syntax and emphasis applied.
  var content: Line
  /// The line also goes, or comes, elsewhere in the review.
  var isMoved = false

  /// Hunks with more lines than this get neither syntax colours nor word emphasis: they are looked through, not read.
  static let maxColoured = 3000
  /// Lines longer than this are shown cut; nobody reads a minified line in a pane.
  static let maxCharacters = 4000

  /// The rows of a hunk in order.
  static func rows(of hunk: Hunk, language: Language?, emphasises: Bool = true) -> [DiffRow] {
    let isColoured = hunk.lines.count <= maxColoured
    var old = isColoured ? language.map { Highlighter($0, base: Look.context) } : nil
    var new = old
    var rows: [DiffRow] = []
    rows.reserveCapacity(hunk.lines.count)
    var last: Int?
    for line in hunk.lines {
      defer { last = line.newNumber ?? last }
      let text = shown(line)
      var spans: [Span]
      switch line.kind {
      case .minus: spans = old?.spans(text) ?? [Span(text, Look.minus)]
      case .plus: spans = new?.spans(text) ?? [Span(text, Look.plus)]
      case .context:
        // Lines that are not shown are not known: what they left open is not guessed.
        if let number = line.newNumber, let last, number != last + 1, let language {
          new = isColoured ? Highlighter(language, base: Look.context) : nil
          old = new
        }
        spans = new?.spans(text) ?? [Span(text, Look.context)]
        _ = old?.spans(text)
      case .noNewline: spans = [Span(text, Look.dim)]
      }
      if let ground = ground(of: line.kind) {
        spans = spans.map { $0.styled(coloured($0.style, ground)) }
      }
      rows.append(
        DiffRow(kind: line.kind, oldNumber: line.oldNumber, newNumber: line.newNumber, content: Line(spans)))
    }
    if isColoured, emphasises { emphasise(&rows, hunk) }
    return rows
  }

  /// Emphasises the words that differ from another line.
  mutating func emphasise(against other: String) {
    let other = Sanitizer.display(other)
    switch kind {
    case .minus:
      content = content.restyled(WordEmphasis.ranges(old: content.text, new: other).old) {
        Style($0.foreground, on: Look.minusEmphasis.foreground, $0.attributes.union(.bold))
      }
    case .plus:
      content = content.restyled(WordEmphasis.ranges(old: other, new: content.text).new) {
        Style($0.foreground, on: Look.plusEmphasis.foreground, $0.attributes.union(.bold))
      }
    case .context, .noNewline: break
    }
  }

  private static func shown(_ line: DiffLine) -> String {
    if line.kind == .noNewline { return "⌁ no newline at end of file" }
    let text =
      line.length > maxCharacters ? String(line.text.prefix(maxCharacters)) + "…" : line.text
    return Sanitizer.display(text)
  }

  /// Syntax colours stay readable on the coloured ground; plain text takes the colour of the sign.
  private static func coloured(_ style: Style, _ ground: Style) -> Style {
    let isPlain = style.foreground == Look.context.foreground || style.foreground == ground.foreground
    return Style(
      isPlain ? ground.foreground : style.foreground, on: ground.foreground, style.attributes)
  }

  private static func ground(of kind: DiffLineKind) -> Style? {
    switch kind {
    case .plus: Look.plus
    case .minus: Look.minus
    case .context, .noNewline: nil
    }
  }

  /// Pairs each run of removed lines with the run of added lines behind it, line by line.
  private static func emphasise(_ rows: inout [DiffRow], _ hunk: Hunk) {
    var index = 0
    while index < rows.count {
      guard rows[index].kind == .minus else {
        index += 1
        continue
      }
      let minusEnd = rows[index...].firstIndex { $0.kind != .minus && $0.kind != .noNewline } ?? rows.count
      let plusEnd = rows[minusEnd...].firstIndex { $0.kind != .plus } ?? rows.count
      let minus = (index..<minusEnd).filter { rows[$0].kind == .minus }
      let plus = Array(minusEnd..<plusEnd)
      // Lines that have little in common get no emphasis, so pairs by place do no harm.
      for (left, right) in zip(minus, plus) {
        let ranges = WordEmphasis.ranges(old: rows[left].content.text, new: rows[right].content.text)
        rows[left].content = rows[left].content.restyled(ranges.old) {
          Style($0.foreground, on: Look.minusEmphasis.foreground, $0.attributes.union(.bold))
        }
        rows[right].content = rows[right].content.restyled(ranges.new) {
          Style($0.foreground, on: Look.plusEmphasis.foreground, $0.attributes.union(.bold))
        }
      }
      index = max(plusEnd, index + 1)
    }
  }
}
