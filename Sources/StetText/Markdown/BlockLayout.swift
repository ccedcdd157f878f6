/// Lays blocks out at a width. Every line is within it, unless a glyph is wider.
struct BlockLayout {
  let width: Int

  init(width: Int) { self.width = max(1, width) }

  /// The lines of blocks below each other. `first` stands before the first line, `rest` before all others.
  func lines(_ blocks: [MarkdownBlock], first: [Span] = [], rest: [Span] = []) -> [Line] {
    var result: [Line] = []
    for (index, block) in blocks.enumerated() {
      if index > 0, Self.isApart(blocks[index - 1], block, isNested: !rest.isEmpty) {
        result.append(Line(rest))
      }
      result += lines(block, first: result.isEmpty ? first : rest, rest: rest)
    }
    return result.isEmpty && !first.isEmpty ? [Line(first)] : result
  }

  /// Whether an empty line stands between two blocks. In a list item, a list follows its paragraph closely.
  private static func isApart(_ above: MarkdownBlock, _ below: MarkdownBlock, isNested: Bool) -> Bool {
    if case .list = below, case .paragraph = above, isNested { return false }
    return true
  }

  private func lines(_ block: MarkdownBlock, first: [Span], rest: [Span]) -> [Line] {
    switch block {
    case .paragraph(let lines), .heading(let lines): return wrap(lines, first: first, rest: rest)
    case .rule:
      let room = max(1, width - Self.width(of: first))
      return [Line(first + [Span(String(repeating: Sign.slim("─"), count: room), Style(.ruleLine))])]
    case .code(let language, let text):
      var layout = CodeLayout(language: language, width: width, first: first, rest: rest)
      var lines: [Line] = []
      for line in CodeLayout.split(text) { lines += layout.lines(line) }
      return lines.isEmpty ? layout.lines("") : lines
    case .quote(let blocks):
      let bar = [Span(Sign.slim("│") + " ", Style(.quote), gutter: true)]
      return self.lines(blocks, first: extended(first, by: bar), rest: extended(rest, by: bar))
    case .list(let items): return list(items, first: first, rest: rest)
    case .table(let table):
      let room = max(1, width - max(Self.width(of: first), Self.width(of: rest)))
      return TableLayout(table, width: room).lines().enumerated().map {
        $1.prefixed(by: $0 == 0 ? first : rest)
      }
    }
  }

  private func list(_ items: [MarkdownItem], first: [Span], rest: [Span]) -> [Line] {
    var result: [Line] = []
    for (index, item) in items.enumerated() {
      if index > 0, items[index - 1].isTall { result.append(Line(rest)) }
      let marker = [Span(item.marker + " ", Style(.listMarker))]
      let indent = [Span.blank(Self.width(of: marker))]
      // Where no deeper indent fits, the marker still stands before the item, and those of outer items go.
      let isDeep = Self.width(of: rest) + Self.width(of: indent) > width * 2 / 3
      let outer = result.isEmpty ? first : rest
      let before = Self.width(of: outer) + Self.width(of: marker) > width * 2 / 3 ? [] : outer
      result += lines(item.blocks, first: before + marker, rest: isDeep ? rest : rest + indent)
    }
    return result
  }

  private func wrap(_ lines: [Line], first: [Span], rest: [Span]) -> [Line] {
    var result: [Line] = []
    for line in lines {
      result += Wrapper(width: width, first: result.isEmpty ? first : rest, rest: rest).wrap(line)
    }
    return result
  }

  private func extended(_ prefix: [Span], by more: [Span]) -> [Span] {
    Self.width(of: prefix) + Self.width(of: more) > width * 2 / 3 ? prefix : prefix + more
  }

  private static func width(of spans: [Span]) -> Int { spans.reduce(0) { $0 + $1.width } }
}
