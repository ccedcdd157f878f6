import StetText

/// The list of files with counts and verdicts; beside the diff as a tree, one heading a directory.
enum ReviewFilesView {
  enum Row: Equatable { case directory(String), file(Int) }

  static func rows(_ review: ReviewState, _ context: ViewContext, isTree: Bool) -> [Row] {
    guard isTree else { return review.files.indices.map(Row.file) }
    var rows: [Row] = []
    var last: Substring?
    for index in review.files.indices {
      let path = context.path(review.files[index].name)
      let directory = path.lastIndex(of: "/").map { path[..<$0] } ?? ""
      if directory != last, !directory.isEmpty { rows.append(.directory(String(directory))) }
      last = directory
      rows.append(.file(index))
    }
    return rows
  }

  static func line(_ row: Row, _ review: ReviewState, _ context: ViewContext, isTree: Bool, width: Int)
    -> Line
  {
    switch row {
    case .directory(let path): return Line(" " + Words.tail(path, columns: max(1, width - 2)) + "/", Look.dim)
    case .file(let index): return file(index, review, context, isTree: isTree, width: width)
    }
  }

  private static func file(
    _ index: Int, _ review: ReviewState, _ context: ViewContext, isTree: Bool, width: Int
  ) -> Line {
    let file = review.files[index]
    let summary = review.summary(file: index)
    let isCurrent = index == review.cursor.file
    let mark = isCurrent ? (review.view.showsFiles ? Sign.slim("▌") : "›") : " "
    let counts = [
      file.added > 0 ? Span("+\(file.added) ", Style(Look.plus.foreground, on: Look.text.foreground)) : nil,
      file.removed > 0
        ? Span("−\(file.removed) ", Style(Look.minus.foreground, on: Look.text.foreground)) : nil,
    ].compactMap { $0 }
    let most = width >= 60 ? review.files.reduce(0) { max($0, DiffStat.lines($1.added, $1.removed)) } : 0
    let bar = most > 0 ? DiffStat.bar(added: file.added, removed: file.removed, most: most) + [.blank(1)] : []
    let tally = review.tallies[index]
    let decided = review.isViewer ? "" : "\(tally.decided)/\(tally.hunks) "
    let viewed = review.viewed.contains(index) ? "◉ " : ""
    let facts = Line(
      counts + bar + [Span(decided, Look.dim), Span(viewed, Look.success)].filter { $0.width > 0 })
    let shown = context.path(file.name)
    let name = isTree ? shown.split(separator: "/").last.map(String.init) ?? shown : shown
    let indent = isTree && shown.utf8.contains(UInt8(ascii: "/")) ? "  " : ""
    let room = max(4, width - (width >= 30 ? facts.width : 0) - 5 - indent.count)
    let isWarned = file.hasSecrets || review.tallies[index].isUnbalanced
    let stale = file.isStale ? "! " : isWarned ? "⚠ " : file.isFolded ? "▸ " : ""
    let left = Line(
      (mark, Look.promptKey), (indent, Look.text),
      (review.isViewer ? "" : summary.sign + " ", ReviewView.style(summary)),
      (stale, Look.warning), (Words.tail(name, columns: room), isCurrent ? Look.strong : Look.text))
    return Line.row(left, facts, width: width)
  }
}
