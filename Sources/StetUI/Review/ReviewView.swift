import StetText

/// What surrounds the lines of a review: title, headings, notes.
enum ReviewView {
  /// Below this width the title takes two lines.
  static let narrow = 80

  static func title(_ review: ReviewState, _ context: ViewContext) -> Line {
    guard let file = review.file else { return Line(" Review", Look.header) }
    let facts = context.width < narrow ? .empty : facts(review)
    let several = review.files.count > 1 ? " (\(review.cursor.file + 1) of \(review.files.count))" : ""
    let summary = review.summary(file: review.cursor.file)
    let viewed = review.viewed.contains(review.cursor.file) ? " ◉" : ""
    let stale =
      (file.isStale ? " changed on disk" : "")
      + (review.tallies[review.cursor.file].isUnbalanced ? " ⚠ brackets don't match" : "")
    let words = Width.of(several) + Width.of(stale) + Width.of(viewed)
    let room = max(4, context.width - facts.width - words - 6)
    let name = context.path(file.path) + (file.movePath.map { " → " + context.path($0) } ?? "")
    let left = Line(
      (review.isViewer ? " " : " \(summary.sign) ", style(summary)),
      (Words.tail(name, columns: room), Look.header), (several, Look.headerDim), (viewed, Look.success),
      (stale, Look.warning))
    return Line.row(left, facts, width: max(1, context.width - 1))
  }

  /// Whether the bytes are on disk, and how far the review is.
  static func facts(_ review: ReviewState) -> Line {
    if review.isViewer {
      return Line((" " + (review.title.isEmpty ? "" : review.title + " "), Look.headerDim), counts(review))
    }
    let place = review.isOnDisk ? "ON DISK" : "not on disk"
    let left = review.isLoading ? " · reading the rest …" : ""
    return Line(
      (" " + place, review.isOnDisk ? Look.warning : Look.headerDim),
      (review.supersedes == nil ? "" : " · changed on disk meanwhile", Look.warning),
      (" · \(review.decidedHunks) of \(review.hunkCount) decided" + left, Look.headerDim))
  }

  private static func counts(_ review: ReviewState) -> (String, Style) {
    let (added, removed) = review.files.reduce((0, 0)) { ($0.0 + $1.added, $0.1 + $1.removed) }
    return ("+\(added) −\(removed)", Look.headerDim)
  }

  static func style(_ summary: ReviewSummary) -> Style {
    switch summary {
    case .undecided, .begun: Look.undecided
    case .accepted: Look.accepted
    case .rejected: Look.rejected
    case .edited, .mixed: Look.edited
    }
  }

  /// The heading of a hunk: its place, what it is about, and the verdict in words.
  static func heading(_ review: ReviewState, _ hunk: Int, path: String?, width: Int) -> Line {
    guard let file = review.file else { return .empty }
    let content = file.hunks[hunk]
    let summary = review.summary(file: review.cursor.file, hunk: hunk)
    let first = content.lines.lazy.compactMap { file.lines[$0].newNumber ?? file.lines[$0].oldNumber }.first
    var left: [Span] = review.isViewer ? [] : [Span(summary.sign + " ", style(summary))]
    if let path { left.append(Span(Words.tail(path, columns: max(4, width - 18)) + " ", Look.strong)) }
    left.append(Span(first.map { path == nil ? "@@ line \($0) " : "\($0) " } ?? "@@ ", Look.hunk))
    let title = Words.firstLine(content.title)
    let isChangeOfItsOwn =
      file.operations[content.operations].contains { $0.role != .content } && !title.isEmpty
    left.append(
      Span(title, content.isAlarming ? Look.error : isChangeOfItsOwn ? Look.strong : Look.dim))
    if content.isAlarming { left.append(Span(" outside the workspace", Look.error)) }
    if content.hasSecrets { left.append(Span(" ⚠ looks like a key", Look.error)) }
    if content.isConflicted { left.append(Span(" ⚠ these lines changed on disk", Look.warning)) }
    if let moved = content.moved { left.append(Span(" " + words(moved), Look.edited)) }
    if review.lacksRequired(file: review.cursor.file, hunk: hunk) {
      left.append(Span(" ⚠ needs a hunk that is rejected", Look.warning))
    }
    let right = review.isViewer ? Line.empty : Line(summary.words, style(summary))
    return Line.row(Line(left), right, width: max(1, width - 1))
  }

  private static func words(_ moved: MovedBlock) -> String {
    let place = moved.path.map {
      Words.path($0.split(separator: "/").last.map(String.init) ?? $0, directory: "")
    }
    return (moved.isArrival ? "moved from " : "moves to ") + (place.map { "\($0):" } ?? "line ")
      + "\(moved.line)"
  }

  /// The one row of a folded file.
  static func folded(_ review: ReviewState, width: Int) -> [Line] {
    guard let file = review.file else { return [] }
    let why = Words.firstLine(file.collapsed ?? "folded")
    let keys = review.isViewer ? "z opens it" : "y accepts all of it · n rejects it · z opens it"
    let line = Line(
      ("▸ \(why): ", Look.warning), ("+\(file.added) −\(file.removed)", Look.text),
      (" in \(Words.plural(file.hunks.count, "hunk")) · \(keys)", Look.dim))
    return Wrapper(width: max(1, width)).wrap(line)
  }

  static func gap(_ count: Int?, width: Int) -> Line {
    let words = count.map { Words.plural($0, "unchanged line") } ?? "the rest of the file"
    return Line([Span("⋯ \(words) · z", Look.hunk, gutter: true)]).truncated(to: max(1, width))
  }

  static func comment(_ comment: ReviewComment, width: Int) -> [Line] {
    PromptView.fact(
      Sign.slim("┃") + " \(comment.placeWords): ", comment.text, Look.edited, width: max(1, width))
  }
}
