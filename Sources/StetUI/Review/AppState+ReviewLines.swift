import StetText

/// The rows of a review as lines: only those that are visible are ever made.
extension AppState {
  mutating func reviewLines(_ row: ReviewRow, _ review: ReviewState, width: Int) -> [Line] {
    guard let file = review.file else { return [] }
    let width = max(1, width)
    switch row {
    case .blank: return [.empty]
    case .gap(let index):
      let gaps = review.index.gaps
      return [ReviewView.gap(gaps.indices.contains(index) ? gaps[index].count : nil, width: width)]
    case .folded: return ReviewView.folded(review, width: width)
    case .fileNote: return PromptView.prose("why: ", file.note ?? "", Look.dim, width: width)
    case .heading(let hunk):
      let path = isTinyReview ? viewContext.path(file.name).split(separator: "/").last.map(String.init) : nil
      return [ReviewView.heading(review, hunk, path: path, width: width)]
    case .note(let hunk):
      return PromptView.prose("why: ", file.hunks[hunk].note ?? "", Look.dim, width: width)
    case .comment(let index):
      guard review.comments.indices.contains(index) else { return [] }
      return ReviewView.comment(review.comments[index], width: width)
    case .line(_, let line):
      return review.view.isSplit
        ? sides(line, line, review, width: width) : unified(line, review, file, width: width)
    case .pair(_, let old, let new): return sides(old, new, review, width: width)
    }
  }

  private mutating func unified(_ line: Int, _ review: ReviewState, _ file: ReviewFile, width: Int) -> [Line]
  {
    guard var row = reviewRows.row(review, file: review.cursor.file, line: line) else { return [] }
    if review.view.ignoresWhitespace, file.isBlankChange(line) { row.kind = .context }
    var layout = layout(review, file, width: width)
    layout.isTwoColumn = width >= ReviewView.narrow - 2
    return marked(row, review).lines(layout) + warning(line, file, width: width)
      + edited(after: line, review, file, width: width)
  }

  private func layout(_ review: ReviewState, _ file: ReviewFile, width: Int) -> DiffLayout {
    var layout = DiffLayout(width: width, largestNumber: file.largestNumber)
    layout.wraps = review.view.wraps ?? (size.columns < 100 || review.view.isSplit)
    return layout
  }

  /// Two lines beside each other, blank where there is none.
  private mutating func sides(_ old: Int?, _ new: Int?, _ review: ReviewState, width: Int) -> [Line] {
    guard let file = review.file else { return [] }
    let side = max(1, (width - 3) / 2)
    var layout = layout(review, file, width: side)
    layout.isTwoColumn = false
    var columns: [[Line]] = []
    for (line, isOld) in [(old, true), (new, false)] {
      layout.showsOld = isOld
      guard let line, var row = reviewRows.row(review, file: review.cursor.file, line: line) else {
        columns.append([])
        continue
      }
      if review.view.ignoresWhitespace, file.isBlankChange(line) { row.kind = .context }
      columns.append(marked(row, review).lines(layout))
    }
    let rows = (0..<max(columns[0].count, columns[1].count)).map { index in
      let left = (columns[0].indices.contains(index) ? columns[0][index] : .empty).padded(to: side)
      let right = columns[1].indices.contains(index) ? columns[1][index] : .empty
      return Line(left.spans + [Span(" " + Sign.slim("│") + " ", Look.rule, gutter: true)] + right.spans)
    }
    let last = [old, new].compactMap { $0 }.max()
    return rows + (new.map { warning($0, file, width: width) } ?? [])
      + (last.map { edited(after: $0, review, file, width: width) } ?? [])
  }

  /// Below a line that should not be in any repository.
  private func warning(_ line: Int, _ file: ReviewFile, width: Int) -> [Line] {
    guard file.isSecret(line) else { return [] }
    return Wrapper(width: width).wrap(Line("⚠ this looks like a key or a password", Look.error))
  }

  /// The line with what is looked for.
  private func marked(_ row: DiffRow, _ review: ReviewState) -> DiffRow {
    guard !review.search.text.isEmpty else { return row }
    let ranges = review.search.ranges(in: row.content.text)
    guard !ranges.isEmpty else { return row }
    var row = row
    row.content = row.content.restyled(ranges) { $0.adding([.reverse, .bold]) }
    return row
  }

  /// The user's own text, below the last line that it stands for.
  private func edited(after line: Int, _ review: ReviewState, _ file: ReviewFile, width: Int) -> [Line] {
    guard let operation = file.operation(at: line) else { return [] }
    let lead: Int
    switch review.verdict(review.cursor.file, operation) {
    case .edited: lead = operation
    case .covered(let by): lead = by
    default: return []
    }
    guard case .edited(let edit)? = review.verdict(review.cursor.file, lead) else { return [] }
    let covered = file.operations[lead..<min(lead + edit.count, file.operations.count)]
    guard covered.flatMap({ [$0.removed.last, $0.added.last] }).compactMap({ $0 }).max() == line else {
      return []
    }
    var lines = edit.text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    let wrapper = Wrapper(width: max(1, width - 2))
    if edit.isWholeFile {
      let words = "the whole file as you edited it, \(Words.plural(lines.count, "line")) · E opens it"
      return wrapper.wrap(Line(words, Look.edited)).map {
        $0.prefixed(by: [Span("~ ", Look.edited, gutter: true)])
      }
    }
    return lines.flatMap { text in
      wrapper.wrap(Line(Sanitizer.display(String(text)), Look.edited))
        .map { $0.prefixed(by: [Span("~ ", Look.edited, gutter: true)]) }
    }
  }
}
