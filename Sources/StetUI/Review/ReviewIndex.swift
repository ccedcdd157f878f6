import StetText

/// One row of a review, before it is laid out.
enum ReviewRow: Hashable, Sendable {
  case blank
  /// Unchanged lines that are not shown, before the hunk of this number (or after the last).
  case gap(Int)
  /// The whole of a folded file.
  case folded
  /// What the agent says of the file.
  case fileNote
  case heading(Int)
  /// What the agent says of the hunk.
  case note(Int)
  case line(hunk: Int, line: Int)
  /// Side by side: a line that goes and the one that comes for it.
  case pair(hunk: Int, old: Int?, new: Int?)
  case comment(Int)

  var hunk: Int? {
    switch self {
    case .heading(let hunk), .note(let hunk), .line(let hunk, _), .pair(let hunk, _, _): hunk
    case .gap, .comment, .blank, .folded, .fileNote: nil
    }
  }

  /// The lines of the file that it shows.
  var lines: [Int] {
    switch self {
    case .line(_, let line): [line]
    case .pair(_, let old, let new): [old, new].compactMap { $0 }
    default: []
    }
  }

  /// People read notes and comments, so keys go to them.
  var isRemark: Bool {
    switch self {
    case .comment, .note, .fileNote: true
    default: false
    }
  }
}

/// The rows of one file as a few segments with prefix sums: a row is found in O(log segments), and none is laid out.
struct ReviewIndex: Sendable {
  private enum Kind: Sendable {
    case single(ReviewRow)
    case lines(hunk: Int, first: Int)
    case pairs(hunk: Int, old: Range<Int>, new: Range<Int>)
  }

  private var kinds: [Kind] = []
  private var firsts: [Int] = []
  private(set) var count = 0
  /// Unchanged lines that are not shown, before each hunk and after the last.
  private(set) var gaps: [ReviewGap] = []

  subscript(row: Int) -> ReviewRow? {
    guard row >= 0, row < count, let segment = segment(of: row) else { return nil }
    let offset = row - firsts[segment]
    switch kinds[segment] {
    case .single(let row): return row
    case .lines(let hunk, let first): return .line(hunk: hunk, line: first + offset)
    case .pairs(let hunk, let old, let new):
      return .pair(
        hunk: hunk, old: offset < old.count ? old.lowerBound + offset : nil,
        new: offset < new.count ? new.lowerBound + offset : nil)
    }
  }

  private func segment(of row: Int) -> Int? {
    var (low, high) = (0, firsts.count)
    while low < high {
      let middle = (low + high) / 2
      if firsts[middle] <= row { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }

  /// The row that shows a line of the file.
  func row(ofLine line: Int) -> Int? {
    for (segment, kind) in kinds.enumerated() {
      let first = firsts[segment]
      let next = segment + 1 < firsts.count ? firsts[segment + 1] : count
      switch kind {
      case .lines(_, let start) where line >= start && line < start + next - first:
        return first + line - start
      case .pairs(_, let old, let new):
        if old.contains(line) { return first + line - old.lowerBound }
        if new.contains(line) { return first + line - new.lowerBound }
      default: break
      }
    }
    return nil
  }

  /// The row of a heading, a note, a comment or a gap.
  func row(of wanted: ReviewRow) -> Int? {
    for (segment, kind) in kinds.enumerated() {
      if case .single(wanted) = kind { return firsts[segment] }
    }
    return nil
  }

  /// The rows of notes and comments, top to bottom.
  var remarks: [Int] {
    kinds.indices.compactMap { segment in
      if case .single(let row) = kinds[segment], row.isRemark { firsts[segment] } else { nil }
    }
  }

  // MARK: Building

  init() {}

  init(_ file: ReviewFile, comments: [(index: Int, comment: ReviewComment)], _ view: ReviewViewOptions) {
    for (index, comment) in comments {
      if case .lines = comment.place { continue }
      add(.comment(index))
    }
    if view.showsNotes, file.note?.isEmpty == false { add(.fileNote) }
    guard !file.isFolded else {
      add(.folded)
      return
    }
    let breaks = Self.places(of: comments, in: file)
    gaps = file.gaps()
    for (hunk, content) in file.hunks.enumerated() {
      if gaps[hunk].count ?? 0 > 0 { add(.gap(hunk)) } else if hunk > 0 { add(.blank) }
      add(.heading(hunk))
      if view.showsNotes, content.note?.isEmpty == false { add(.note(hunk)) }
      let own = breaks.filter { content.lines.contains($0.line) }
      var start = content.lines.lowerBound
      for (line, index) in own {
        if line + 1 > start { addLines(file, hunk, start..<line + 1, view) }
        start = max(start, line + 1)
        add(.comment(index))
      }
      if start < content.lines.upperBound { addLines(file, hunk, start..<content.lines.upperBound, view) }
    }
    if gaps.last?.count.map({ $0 > 0 }) ?? false { add(.gap(file.hunks.count)) }
    // Comments on lines that are not shown are shown all the same.
    for (index, comment) in comments where !breaks.contains(where: { $0.index == index }) {
      if case .lines = comment.place { add(.comment(index)) }
    }
  }

  private static func places(
    of comments: [(index: Int, comment: ReviewComment)], in file: ReviewFile
  ) -> [(line: Int, index: Int)] {
    guard !comments.isEmpty else { return [] }
    var places: [(line: Int, index: Int)] = []
    for (index, comment) in comments {
      if let line = file.lines.firstIndex(where: comment.isBelow) { places.append((line, index)) }
    }
    return places.sorted { ($0.line, $0.index) < ($1.line, $1.index) }
  }

  private mutating func add(_ row: ReviewRow) { append(.single(row), rows: 1) }

  private mutating func append(_ kind: Kind, rows: Int) {
    guard rows > 0 else { return }
    kinds.append(kind)
    firsts.append(count)
    count += rows
  }

  private mutating func addLines(
    _ file: ReviewFile, _ hunk: Int, _ lines: Range<Int>, _ view: ReviewViewOptions
  ) {
    if view.isSplit {
      addPairs(file, hunk, lines, view)
    } else if view.ignoresWhitespace {
      addRuns(hunk, lines) { !file.isBlankChange($0) || file.lines[$0].kind != .minus }
    } else {
      append(.lines(hunk: hunk, first: lines.lowerBound), rows: lines.count)
    }
  }

  private mutating func addRuns(_ hunk: Int, _ lines: Range<Int>, where isShown: (Int) -> Bool) {
    var start: Int?
    for line in lines {
      if isShown(line) {
        start = start ?? line
      } else if let first = start {
        append(.lines(hunk: hunk, first: first), rows: line - first)
        start = nil
      }
    }
    if let start { append(.lines(hunk: hunk, first: start), rows: lines.upperBound - start) }
  }

  private mutating func addPairs(
    _ file: ReviewFile, _ hunk: Int, _ lines: Range<Int>, _ view: ReviewViewOptions
  ) {
    var line = lines.lowerBound
    while line < lines.upperBound {
      let start = line
      while line < lines.upperBound, file.lines[line].kind == .context { line += 1 }
      append(.lines(hunk: hunk, first: start), rows: line - start)
      let old = line
      while line < lines.upperBound, file.isOld(line) { line += 1 }
      let new = line
      while line < lines.upperBound, file.isNew(line) { line += 1 }
      append(.pairs(hunk: hunk, old: old..<new, new: new..<line), rows: max(new - old, line - new))
      // A mark that follows context belongs to neither side.
      if line == start {
        append(.lines(hunk: hunk, first: line), rows: 1)
        line += 1
      }
    }
  }
}

extension ReviewFile {
  func isOld(_ line: Int) -> Bool {
    lines[line].kind == .minus || lines[line].kind == .noNewline && line > 0 && lines[line - 1].kind == .minus
  }

  func isNew(_ line: Int) -> Bool {
    lines[line].kind == .plus || lines[line].kind == .noNewline && line > 0 && lines[line - 1].kind == .plus
  }

  /// The line and the one it stands for differ in blanks alone.
  func isBlankChange(_ line: Int) -> Bool {
    guard let index = operation(at: line) else { return false }
    let operation = operations[index]
    guard operation.role == .content, let old = operation.removed.first, let new = operation.added.first,
      operation.removed.count == 1, operation.added.count == 1
    else { return false }
    return lines[old].withBytes { old in lines[new].withBytes { Self.isSame(old, $0) } }
  }

  /// The same but for blanks, as `git diff -w` has it.
  private static func isSame(_ old: UnsafeBufferPointer<UInt8>, _ new: UnsafeBufferPointer<UInt8>) -> Bool {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0D }
    var (left, right) = (0, 0)
    while true {
      while left < old.count, isBlank(old[left]) { left += 1 }
      while right < new.count, isBlank(new[right]) { right += 1 }
      guard left < old.count, right < new.count else { return left == old.count && right == new.count }
      guard old[left] == new[right] else { return false }
      (left, right) = (left + 1, right + 1)
    }
  }
}
