import StetText

/// A proposed change in the conversation: the hunk itself if there is one, else what there is to review.
enum ReviewPromptView {
  /// Lines of a hunk in the conversation; the full review has all of them.
  static let maxLines = 200
  /// Files that the question lists.
  static let maxFiles = 100

  static func content(_ review: ReviewState, _ state: AppState, width: Int) -> (title: Line, body: [Line]) {
    let context = state.viewContext
    if review.isSingleHunk, let file = review.files.first, let hunk = file.hunks.first {
      return (title(file, context), single(review, file, hunk, width: width))
    }
    let hunks = "Review " + Words.plural(review.hunkCount, "hunk")
    let files = " in " + Words.plural(review.files.count, "file")
    let long = review.isOnDisk ? " · already on disk" : " · nothing is on disk yet"
    // Whether the bytes are on disk is never what a narrow pane leaves out; the files stand below.
    let hasRoom = Width.of(hunks + files + long) + 2 <= width
    let question = hasRoom ? hunks + files : hunks
    let state = hasRoom ? long : review.isOnDisk ? " · ON DISK" : " · not on disk"
    var body = reason(review, width: width)
    for (file, tally) in zip(review.files, review.tallies).prefix(maxFiles) {
      let facts = Line(counts(file) + [Span("  \(tally.decided) of \(tally.hunks) decided", Look.dim)])
      body.append(Line.row(Line(context.path(file.path), Look.strong), facts, width: width))
    }
    if review.files.contains(where: \.hasSecrets) { body += secretWarning(width: width) }
    let more = review.files.count - maxFiles
    if more > 0 {
      body.append(Line("… \(Words.plural(more, "more file")) · enter opens the review", Look.dim))
    }
    if !review.comments.isEmpty {
      body.append(Line("\(Words.plural(review.comments.count, "comment")) to go with it", Look.edited))
    }
    return (Line((question, Look.promptTitle), (state, Look.dim)), body)
  }

  private static func counts(_ file: ReviewFile) -> [Span] {
    FileChangeView.counts(added: file.added, removed: file.removed)
  }

  private static func title(_ file: ReviewFile, _ context: ViewContext) -> Line {
    let verb =
      switch file.kind {
      case "add": "Create "
      case "delete": "Delete "
      case "move": "Move "
      default: "Edit "
      }
    let target = file.movePath.map { " → " + context.path($0) } ?? ""
    return Line(
      [
        Span(verb, Look.promptTitle), Span(context.path(file.path) + target, Look.strong),
        Span("? ", Look.promptTitle),
      ]
        + counts(file))
  }

  private static func secretWarning(width: Int) -> [Line] {
    Wrapper(width: width).wrap(Line("⚠ an added line looks like a key or a password", Look.error))
  }

  /// What there is to say of a change that has no lines: a binary file, a mode, a link.
  private static func withoutLines(_ file: ReviewFile, _ hunk: ReviewHunk) -> String {
    let title = Words.firstLine(hunk.title)
    if !title.isEmpty { return title }
    let size = file.size.map { ", \($0) bytes as proposed" } ?? ""
    return file.kind == "binary" ? "binary content\(size): there are no lines to show" : "\(file.kind)\(size)"
  }

  private static func single(
    _ review: ReviewState, _ file: ReviewFile, _ hunk: ReviewHunk, width: Int
  ) -> [Line] {
    var body = reason(review, width: width)
    if review.isOnDisk { body.append(Line("already on disk: refusing rolls it back", Look.warning)) }
    if let note = file.note, !note.isEmpty { body += PromptView.prose("why: ", note, width: width) }
    if file.hasSecrets { body += secretWarning(width: width) }
    if hunk.lines.isEmpty { body.append(Line(withoutLines(file, hunk), Look.promptText)) }
    let lines = Array(file.lines[hunk.lines].prefix(maxLines))
    let shown = Hunk(oldStart: 1, oldCount: 0, newStart: 1, newCount: 0, lines: lines)
    var layout = DiffLayout(width: width, largestNumber: file.largestNumber)
    layout.isTwoColumn = false
    for row in DiffRow.rows(of: shown, language: file.language) { body += row.lines(layout) }
    let hidden = hunk.lines.count - lines.count
    if hidden > 0 { body.append(Line("… \(hidden) more lines · enter opens them", Look.dim)) }
    for comment in review.comments {
      body += PromptView.fact("comment on \(comment.placeWords): ", comment.text, Look.edited, width: width)
    }
    return body
  }

  private static func reason(_ review: ReviewState, width: Int) -> [Line] {
    var lines: [Line] = []
    if review.supersedes != nil {
      let words = "changed on disk meanwhile: what you decided still stands, look again"
      lines += Wrapper(width: width).wrap(Line(words, Look.warning))
    }
    guard let reason = review.reason, !reason.isEmpty else { return lines }
    return lines + PromptView.prose("why: ", reason, width: width)
  }
}
