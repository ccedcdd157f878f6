import StetText

extension AppState {
  /// Width from which the file list stands beside the diff by itself.
  static let fileListWidth = 140

  mutating func drawReview(in rect: Rect, _ surface: inout Surface) -> Point? {
    guard let review = prompts.review else { return nil }
    var body = rect
    var caret: Point?
    if let field {
      let foot = FieldView.lines(field, self, width: max(1, rect.width - 2))
      let height = min(foot.lines.count, body.height)
      let place = Rect(x: 1, y: body.maxY - height, width: body.width - 1, height: height)
      surface.place(foot.lines, in: place)
      caret = foot.caret.map { Point(x: min(place.x + $0.x, rect.width - 1), y: place.y + $0.y) }
      body = body.inset(bottom: height)
    }
    let isWide = rect.width >= Self.fileListWidth && review.files.count > 1
    if review.showsFileList || isWide {
      let isBeside = rect.width >= 80
      let width = isBeside ? min(40, rect.width / 3) : rect.width
      let height = isBeside ? body.height : min(review.files.count, max(1, body.height / 2))
      let place = Rect(x: body.x, y: body.y, width: width, height: height)
      let top = max(0, min(review.cursor.file - height / 2, review.files.count - height))
      surface.place(ReviewView.files(review, viewContext, width: width - 1), in: place, from: top)
      body = isBeside ? body.inset(left: width) : body.inset(top: height)
    }
    drawReviewRows(review, in: body, &surface)
    return caret
  }

  private mutating func drawReviewRows(_ review: ReviewState, in rect: Rect, _ surface: inout Surface) {
    let rows = review.rows
    guard rect.height > 0, !rows.isEmpty else { return }
    let cursor = min(max(0, review.cursor.row), rows.count - 1)
    let laid = windowTop(review, rows, cursor: cursor, rect)
    prompts.updateReview { review in
      review.cursor.row = cursor
      review.cursor.top = laid
    }
    var y = rect.y
    for index in laid..<rows.count {
      if y >= rect.maxY { break }
      for line in reviewLines(rows[index], review, width: rect.width - 2) where y < rect.maxY {
        let mark = index == cursor ? "› " : "  "
        surface.write(
          line.prefixed(by: [Span(mark, Look.promptKey, gutter: true)]), at: Point(x: rect.x, y: y), in: rect)
        y += 1
      }
    }
  }

  /// The first row so that the cursor's row is visible, moving as little as needed.
  private mutating func windowTop(_ review: ReviewState, _ rows: [ReviewRow], cursor: Int, _ rect: Rect)
    -> Int
  {
    var top = min(max(0, review.cursor.top), rows.count - 1)
    if cursor < top { top = cursor }
    // A hunk's heading is worth seeing when the cursor is at its beginning.
    var used = 0
    var index = cursor
    while index >= top {
      used += reviewLines(rows[index], review, width: rect.width - 2).count
      if used > rect.height { return min(index + 1, cursor) }
      index -= 1
    }
    return top
  }

  private mutating func reviewLines(_ row: ReviewRow, _ review: ReviewState, width: Int) -> [Line] {
    let file = review.files[review.cursor.file]
    let width = max(1, width)
    switch row {
    case .blank: return [.empty]
    case .hunk(let index):
      return [ReviewView.heading(file.hunks[index], review.summary(file.hunks[index]), width: width)]
    case .comment(let index):
      return PromptView.fact("  ┃ ", review.comments[index].text, Look.edited, width: width)
    case .line(let hunk, let line):
      let cached = reviewRows.rows(review, file: review.cursor.file, hunk: hunk)
      guard cached.indices.contains(line) else { return [] }
      let layout = DiffLayout(width: width, largestNumber: file.diff.largestNumber)
      return cached[line].lines(layout) + editedLines(file.hunks[hunk], line, review, layout)
    }
  }

  /// The edited text below the last line of the operation it replaces.
  private func editedLines(
    _ hunk: ReviewHunk, _ line: Int, _ review: ReviewState, _ layout: DiffLayout
  ) -> [Line] {
    for operation in hunk.operations where operation.lines.last == line {
      guard case .edited(let text)? = review.verdict(operation) else { continue }
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      if lines.last?.isEmpty == true { lines.removeLast() }
      return lines.flatMap { text in
        Wrapper(width: max(1, layout.width - 2)).wrap(Line(Sanitizer.display(String(text)), Look.edited))
          .map { $0.prefixed(by: [Span("~ ", Look.edited, gutter: true)]) }
      }
    }
    return []
  }
}
