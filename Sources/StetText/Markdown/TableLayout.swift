/// Lays out a table: as columns where they fit, with cells wrapped if need be; else each row as a record.
struct TableLayout {
  /// A column is not made narrower than its longest word, up to this many columns.
  private static let longestKeptWord = 12
  private static let narrowestColumn = 4
  private static let border = Style(.tableBorder)

  private let table: MarkdownTable
  private let width: Int

  init(_ table: MarkdownTable, width: Int) {
    self.table = table
    self.width = max(1, width)
  }

  func lines() -> [Line] {
    guard let widths = columnWidths() else { return records() }
    var result = row(table.header, widths)
    let (line, cross) = (Sign.slim("─"), Sign.slim("┼"))
    let rule = widths.map { String(repeating: line, count: $0) }.joined(separator: line + cross + line)
    result.append(Line([Span(rule, Self.border, gutter: true)]))
    let rows = table.rows.map { row($0, widths) }
    let hasTallRow = rows.contains { $0.count > 1 }
    let thin = Sign.slim("┈")
    let thinRule = widths.map { String(repeating: thin, count: $0) }.joined(separator: thin + cross + thin)
    for (index, lines) in rows.enumerated() {
      if index > 0, hasTallRow { result.append(Line([Span(thinRule, Self.border, gutter: true)])) }
      result += lines
    }
    return result
  }

  /// Nil if the columns don't fit side by side.
  private func columnWidths() -> [Int]? {
    let count = table.header.count
    guard count > 0 else { return nil }
    var natural = Array(repeating: 1, count: count)
    var least = Array(repeating: 1, count: count)
    for row in [table.header] + table.rows {
      for (column, cell) in row.prefix(count).enumerated() {
        for line in cell {
          natural[column] = max(natural[column], line.width)
          least[column] = max(least[column], Self.longestWord(line))
        }
      }
    }
    let room = width - 3 * (count - 1)
    let total = natural.reduce(0, +)
    if total <= room { return natural }
    for column in 0..<count {
      least[column] = min(
        natural[column], max(Self.narrowestColumn, min(least[column], Self.longestKeptWord)))
    }
    var spare = room - least.reduce(0, +)
    guard spare >= 0 else { return nil }
    // What is left goes to the columns that want more, in proportion, and the rest of the division from the left.
    let wanted = zip(natural, least).map { $0 - $1 }
    let sum = max(1, wanted.reduce(0, +))
    let share = spare
    for column in 0..<count {
      let more = min(wanted[column], share * wanted[column] / sum)
      least[column] += more
      spare -= more
    }
    for column in 0..<count where spare > 0 && least[column] < natural[column] {
      least[column] += 1
      spare -= 1
    }
    return least
  }

  private static func longestWord(_ line: Line) -> Int {
    line.text.split(separator: " ").reduce(0) { max($0, Width.of($1)) }
  }

  private func row(_ cells: [[Line]], _ widths: [Int]) -> [Line] {
    let columns = widths.indices.map { column -> [Line] in
      let cell = column < cells.count ? cells[column] : []
      let wrapper = Wrapper(width: widths[column])
      return cell.flatMap { wrapper.wrap($0) }
    }
    let height = max(1, columns.reduce(0) { max($0, $1.count) })
    return (0..<height).map { y in
      var spans: [Span] = []
      for (column, lines) in columns.enumerated() {
        if column > 0 { spans.append(Span(" " + Sign.slim("│") + " ", Self.border, gutter: true)) }
        let line = y < lines.count ? lines[y] : .empty
        spans += align(line, column, widths[column], isLast: column == widths.count - 1)
      }
      return Line(spans)
    }
  }

  private func align(_ line: Line, _ column: Int, _ width: Int, isLast: Bool) -> [Span] {
    let space = max(0, width - line.width)
    let alignment = column < table.alignments.count ? table.alignments[column] : .left
    let before = alignment == .right ? space : alignment == .center ? space / 2 : 0
    let after = isLast ? 0 : space - before
    return (before > 0 ? [.blank(before)] : []) + line.spans + (after > 0 ? [.blank(after)] : [])
  }

  /// One row after the other, each cell with its heading before it.
  private func records() -> [Line] {
    var result: [Line] = []
    let wrapper = Wrapper(width: width, hanging: width >= 12 ? 2 : 0)
    let rows = table.rows.isEmpty ? [table.header.map { _ in [] }] : table.rows
    for (index, row) in rows.enumerated() {
      if index > 0 {
        result.append(
          Line([Span(String(repeating: Sign.slim("┈"), count: min(width, 20)), Self.border, gutter: true)]))
      }
      for (column, header) in table.header.enumerated() {
        let cell = column < row.count ? row[column] : []
        let value = cell.enumerated().flatMap { ($0 > 0 ? [Span(" ")] : []) + $1.spans }
        if value.isEmpty, !table.rows.isEmpty { continue }
        let name = header.flatMap(\.spans)
        let colon = name.isEmpty ? [] : [Span(value.isEmpty ? ":" : ": ", Self.border)]
        result += wrapper.wrap(Line(name + colon + value))
      }
    }
    return result
  }
}
