import StetText

/// Coloured lines of a review, made in pieces when they come into view: a diff of any length costs what is visible.
struct ReviewRowCache: Sendable {
  /// Lines of a piece: more than a screen, so that few are needed; colouring one costs some milliseconds.
  static let pieceLines = 120
  /// Lines read before a piece, so that a comment or a string which began above has its colour.
  static let leadLines = 60
  /// Pieces kept.
  static let maxPieces = 64

  private struct Place: Hashable, Sendable {
    var file: Int
    var piece: Int
  }

  private var review = ""
  private var lineCounts: [Int: Int] = [:]
  private var pieces: [Place: [DiffRow]] = [:]

  /// Lines that are kept coloured.
  var colouredLines: Int { pieces.values.reduce(0) { $0 + $1.count } }

  /// The coloured line of a file.
  mutating func row(_ review: ReviewState, file: Int, line: Int) -> DiffRow? {
    let key = review.itemId + "\0" + (review.reviewId ?? "") + "\0" + review.title
    if key != self.review {
      self = ReviewRowCache()
      self.review = key
    }
    let content = review.files[file]
    guard content.lines.indices.contains(line) else { return nil }
    // Context that was added moved the lines.
    let stamp = content.lines.count &* 31 &+ content.hunks.count
    if lineCounts[file] != stamp {
      lineCounts[file] = stamp
      pieces = pieces.filter { $0.key.file != file }
    }
    let place = Place(file: file, piece: line / Self.pieceLines)
    if let known = pieces[place] { return known[line % Self.pieceLines] }
    if pieces.count >= Self.maxPieces { pieces = [:] }
    let made = Self.piece(content, from: place.piece * Self.pieceLines)
    pieces[place] = made
    return made[line % Self.pieceLines]
  }

  private static func piece(_ file: ReviewFile, from start: Int) -> [DiffRow] {
    let end = min(start + pieceLines, file.lines.count)
    let lead = max(0, start - leadLines)
    let hunk = Hunk(
      oldStart: 1, oldCount: 0, newStart: 1, newCount: 0, lines: Array(file.lines[lead..<end]))
    var rows = Array(
      DiffRow.rows(of: hunk, language: file.language, emphasises: false)[(start - lead)...])
    for line in start..<end {
      rows[line - start].isMoved = file.moved.contains(line)
      guard let partner = file.partner(of: line) else { continue }
      rows[line - start].emphasise(against: file.lines[partner].text)
    }
    return rows
  }
}
