import StetText

extension AppState {
  /// From here on the diff is shown side by side, and the file list stands beside it by itself.
  static let splitWidth = 140
  static let treeWidth = 180
  /// Columns of code that each side needs to be read, by itself and when it was asked for.
  static let sideColumns = 60
  static let leastSideColumns = 24

  /// So little room that only the hunk and three keys are shown.
  var isTinyReview: Bool { size.columns < 40 || size.rows < 10 }

  mutating func drawReview(in rect: Rect, _ surface: inout Surface) -> Point? {
    guard let review else { return nil }
    arrival?.paint(now)
    var body = rect
    var caret: Point?
    if let reviewField {
      let foot = FieldView.lines(reviewField, self, width: max(1, rect.width - 2), hasKeys: false)
      let height = min(foot.lines.count, body.height)
      let place = Rect(x: 1, y: body.maxY - height, width: body.width - 1, height: height)
      surface.place(foot.lines, in: place)
      caret = foot.caret.map { Point(x: min(place.x + $0.x, rect.width - 1), y: place.y + $0.y) }
      body = body.inset(bottom: height)
    } else if let confirm = review.confirm {
      let lines = confirmLines(confirm, width: max(1, rect.width - 2))
      let height = min(lines.count, body.height)
      surface.place(lines, in: Rect(x: 1, y: body.maxY - height, width: body.width - 1, height: height))
      body = body.inset(bottom: height)
    }
    reviewHits = [:]
    body = drawFiles(review, in: body, &surface)
    setSplit(width: body.width)
    drawReviewRows(in: body, &surface)
    return caret
  }

  private func confirmLines(_ confirm: ReviewConfirm, width: Int) -> [Line] {
    let words =
      switch confirm {
      case .reject(let file, let count):
        "Reject \(Words.plural(count, "undecided hunk"))\(file == nil ? " in the whole review" : " in this file")?"
      case .accept(_, _, let words): words
      case .rejectLinked(let places):
        places.count == 1
          ? "Another hunk needs the one you rejected. Reject it, too?"
          : "\(places.count) other hunks need the one you rejected. Reject them, too?"
      }
    return Wrapper(width: width).wrap(Line(words, Look.promptTitle))
      + [
        Line(
          ("y", Look.promptKey), (" yes  ", Look.promptText), ("n", Look.promptKey),
          (" no", Look.promptText))
      ]
  }

  /// The file list where it is shown; what is left of the room.
  private mutating func drawFiles(_ review: ReviewState, in rect: Rect, _ surface: inout Surface) -> Rect {
    guard review.files.count > 1, !isTinyReview || review.view.showsFiles else { return rect }
    let isBeside = rect.width >= ReviewView.narrow
    guard review.view.showsFiles || rect.width >= Self.treeWidth else { return rect }
    let width = isBeside ? min(40, rect.width / 3) : rect.width
    let rows = ReviewFilesView.rows(review, viewContext, isTree: isBeside)
    let current = rows.firstIndex(of: .file(review.cursor.file)) ?? 0
    let top = max(0, min(current - rect.height / 2, rows.count - rect.height))
    for offset in 0..<rect.height where rows.indices.contains(top + offset) {
      let row = rows[top + offset]
      let line = ReviewFilesView.line(row, review, viewContext, isTree: isBeside, width: width - 1)
      surface.write(line, at: Point(x: rect.x, y: rect.y + offset), in: rect)
      if case .file(let file) = row { reviewHits[rect.y + offset, default: ReviewHit()].file = file }
      reviewHits[rect.y + offset]?.fileColumns = width
    }
    guard isBeside else { return Rect(x: rect.x, y: rect.maxY, width: rect.width, height: 0) }
    for y in rect.y..<rect.maxY {
      surface.write(Line(Sign.slim("│"), Look.rule), at: Point(x: rect.x + width - 1, y: y))
    }
    return rect.inset(left: width)
  }

  /// Side by side where the pane is wide enough, or where it was asked for and can be.
  private mutating func setSplit(width: Int) {
    updateReview { review in
      let side = (width - 3) / 2 - 8
      let isSplit =
        switch review.view.layout {
        case .unified: false
        case .split: side >= Self.leastSideColumns
        case .auto: width >= Self.splitWidth && side >= Self.sideColumns
        }
      guard isSplit != review.view.isSplit else { return }
      review.view.isSplit = isSplit
      review.rebuild()
    }
  }

  private mutating func drawReviewRows(in rect: Rect, _ surface: inout Surface) {
    guard rect.height > 0, let review, review.index.count > 0 else { return }
    let cursor = min(max(0, review.cursor.row), review.index.count - 1)
    let top = windowTop(review, cursor: cursor, rect)
    updateReview { review in
      review.cursor.row = cursor
      review.cursor.top = top
      review.view.pageRows = rect.height
    }
    let selection = review.cursor.anchor.map { min($0, cursor)...max($0, cursor) }
    var y = rect.y
    var row = top
    while y < rect.maxY, let place = review.index[row] {
      let isSelected = selection?.contains(row) ?? false
      for (number, line) in reviewLines(place, review, width: rect.width - 2).enumerated() where y < rect.maxY
      {
        let mark =
          isSelected
          ? (row == cursor ? "»" : Sign.slim("▌"))
          : row == cursor ? (number == 0 ? "›" : Sign.slim("│")) : " "
        let verdict = number == 0 ? verdictMark(place, review) : Span(" ", Look.text, gutter: true)
        let head = [Span(mark, Look.promptKey, gutter: true), verdict]
        surface.write(line.prefixed(by: head), at: Point(x: rect.x, y: y), in: rect)
        reviewHits[y, default: ReviewHit()].row = row
        y += 1
      }
      row += 1
    }
  }

  /// What was decided about a line, told without colour.
  private func verdictMark(_ row: ReviewRow, _ review: ReviewState) -> Span {
    guard let line = row.lines.last, let operation = review.file?.operation(at: line),
      let verdict = review.verdict(review.cursor.file, operation)
    else { return Span(" ", Look.text, gutter: true) }
    let summary = ReviewSummary([verdict])
    return Span(summary.sign, ReviewView.style(summary), gutter: true)
  }

  /// The first row so that the cursor's row is visible, moving as little as needed.
  private mutating func windowTop(_ review: ReviewState, cursor: Int, _ rect: Rect) -> Int {
    var top = min(max(0, review.cursor.top), review.index.count - 1)
    if cursor < top { top = cursor }
    // In a sliver of a pane the hunk alone matters.
    if isTinyReview, let hunk = review.currentHunk, let heading = review.index.row(of: .heading(hunk)) {
      top = min(cursor, max(top, heading))
    }
    // What a hunk begins with is read when the cursor comes to it: its beginning stands in the upper part.
    let isAtHeading = if case .heading? = review.index[cursor] { true } else { false }
    let room = isAtHeading ? max(1, rect.height / 3) : rect.height
    var used = 0
    var row = cursor
    while row >= top {
      used += review.index[row].map { reviewLines($0, review, width: rect.width - 2).count } ?? 0
      if used > rect.height || row < cursor && used > room && !fits(review, from: top, cursor, rect) {
        return min(row + 1, cursor)
      }
      row -= 1
    }
    return top
  }

  /// The hunk that begins at the cursor ends inside the window already.
  private func fits(_ review: ReviewState, from top: Int, _ cursor: Int, _ rect: Rect) -> Bool {
    guard let hunk = review.currentHunk, let file = review.file else { return true }
    return cursor - top + 1 + file.hunks[hunk].lines.count <= rect.height
  }
}

/// What stands in a line of the screen, for the mouse.
struct ReviewHit: Sendable {
  var row: Int?
  var file: Int?
  var fileColumns = 0
}
