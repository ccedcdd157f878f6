import StetText

/// The rows of the full review.
enum ReviewView {
  /// Below this width the title takes two lines.
  static let narrow = 80

  static func title(_ review: ReviewState, _ context: ViewContext) -> Line {
    guard review.files.indices.contains(review.cursor.file) else { return Line(" Review", Look.header) }
    let file = review.files[review.cursor.file]
    let facts = context.width < narrow ? .empty : facts(review)
    let several = review.files.count > 1 ? " (\(review.cursor.file + 1) of \(review.files.count))" : ""
    let summary = review.summary(file)
    let room = max(4, context.width - facts.width - several.count - 6)
    let left = Line(
      (" \(summary.sign) ", style(summary)),
      (Words.tail(context.path(file.path), columns: room), Look.header),
      (several, Look.headerDim))
    return Line.row(left, facts, width: max(1, context.width - 1))
  }

  /// Whether the bytes are on disk, and how far the review is.
  static func facts(_ review: ReviewState) -> Line {
    let place = review.isOnDisk ? "ON DISK" : "not on disk"
    return Line(
      (" " + place, review.isOnDisk ? Look.warning : Look.headerDim),
      (" · \(review.decidedHunks) of \(review.hunkCount) decided", Look.headerDim))
  }

  static func style(_ summary: ReviewSummary) -> Style {
    switch summary {
    case .undecided: Look.undecided
    case .accepted: Look.accepted
    case .rejected: Look.rejected
    case .edited, .mixed: Look.edited
    }
  }

  /// The heading of a hunk: its place, what it is about, and the verdict in words.
  static func heading(_ hunk: ReviewHunk, _ summary: ReviewSummary, width: Int) -> Line {
    let numbers = hunk.lines.compactMap { $0.newNumber ?? $0.oldNumber }
    let place = numbers.first.map { "@@ line \($0) " } ?? "@@ "
    let left = Line(
      (summary.sign + " ", style(summary)), (place, Look.hunk), (Words.firstLine(hunk.title), Look.dim))
    return Line.row(left, Line(summary.words, style(summary)), width: max(1, width - 1))
  }

  /// The list of files with counts and verdicts.
  static func files(_ review: ReviewState, _ context: ViewContext, width: Int) -> [Line] {
    review.files.enumerated().map { index, file in
      let summary = review.summary(file)
      let mark = index == review.cursor.file ? "›" : " "
      let decided = file.hunks.count { review.summary($0) != .undecided }
      let facts = Line(
        FileChangeView.counts(file.diff) + [Span(" \(decided)/\(file.hunks.count) ", Look.dim)])
      let room = max(4, width - facts.width - 5)
      let left = Line(
        (mark, Look.promptKey), (summary.sign + " ", style(summary)),
        (
          Words.tail(context.path(file.path), columns: room),
          index == review.cursor.file ? Look.strong : Look.text
        ))
      return Line.row(left, facts, width: width)
    }
  }
}

/// Coloured rows of hunks, made once while their review is open.
struct ReviewRowCache: Sendable {
  /// Hunks kept: several screens; colouring one again costs a millisecond.
  static let maxHunks = 128

  private struct Place: Hashable, Sendable {
    var file: Int
    var hunk: Int
  }

  private var item = ""
  private var rows: [Place: [DiffRow]] = [:]

  mutating func rows(_ review: ReviewState, file: Int, hunk: Int) -> [DiffRow] {
    if item != review.itemId {
      item = review.itemId
      rows = [:]
    }
    let place = Place(file: file, hunk: hunk)
    if let known = rows[place] { return known }
    if rows.count >= Self.maxHunks { rows = [:] }
    let source = review.files[file].hunks[hunk]
    let whole = Hunk(oldStart: 1, oldCount: 0, newStart: 1, newCount: 0, lines: source.lines)
    let made = DiffRow.rows(of: whole, language: review.files[file].language)
    rows[place] = made
    return made
  }
}
