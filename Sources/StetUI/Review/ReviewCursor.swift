import StetText

/// Where a review is looked at: a file, a row of it, and where a selection began.
struct ReviewCursor: Equatable, Sendable {
  var file = 0
  var row = 0
  /// The first row shown.
  var top = 0
  /// The row where a selection began.
  var anchor: Int?

  /// The selected rows, or the cursor's alone.
  var rows: ClosedRange<Int> {
    guard let anchor else { return row...row }
    return min(anchor, row)...max(anchor, row)
  }
}

extension ReviewState {
  var file: ReviewFile? { files.indices.contains(cursor.file) ? files[cursor.file] : nil }

  /// Counts the rows of the file under the cursor anew; the cursor stays with what it is on.
  mutating func rebuild() {
    guard files.indices.contains(cursor.file) else { return }
    let place = index[cursor.row]
    let offset = cursor.row - cursor.top
    let own = comments.indices.filter { comment in
      comments[comment].path == files[cursor.file].path
        || comments[comment].place == .whole && cursor.file == 0
    }
    index = ReviewIndex(files[cursor.file], comments: own.map { ($0, comments[$0]) }, view)
    if let place { cursor.row = row(of: place) ?? cursor.row }
    cursor.row = min(max(0, cursor.row), max(0, index.count - 1))
    // What comes above the first row is seen.
    cursor.top = cursor.top == 0 ? 0 : max(0, cursor.row - max(0, offset))
    cursor.anchor = nil
    findMatches()
  }

  private func row(of place: ReviewRow) -> Int? {
    if let line = place.lines.last {
      return index.row(ofLine: line) ?? place.hunk.flatMap { index.row(of: .heading($0)) }
    }
    return index.row(of: place)
  }

  /// The row under the cursor.
  var currentRow: ReviewRow? { index[cursor.row] }

  /// The hunk that the cursor stands in; below a comment, the one it belongs to; above the first, the first.
  var currentHunk: Int? {
    var row = cursor.row
    while row >= 0 {
      if let place = index[row] {
        if let hunk = place.hunk { return hunk }
        if case .gap(let next) = place { return min(next, (file?.hunks.count ?? 1) - 1) }
      }
      row -= 1
    }
    return file?.hunks.isEmpty == false ? 0 : nil
  }

  mutating func moveCursor(by step: Int) {
    cursor.row = min(max(0, cursor.row + step), max(0, index.count - 1))
  }

  mutating func moveCursor(toHunk hunk: Int) {
    cursor.row = index.row(of: .heading(hunk)) ?? 0
    cursor.anchor = nil
  }

  mutating func moveCursor(toFile file: Int) {
    guard files.indices.contains(file), file != cursor.file else { return }
    cursor = ReviewCursor(file: file)
    index = ReviewIndex()
    rebuild()
    goToStart()
  }

  /// The first hunk, with all that stands above it in view.
  mutating func goToStart() {
    cursor.row = index.row(of: .heading(0)) ?? index.row(of: .folded) ?? 0
    cursor.top = 0
  }

  /// The next or previous hunk, over the ends of files.
  mutating func stepHunk(_ step: Int) {
    guard let file else { return }
    // From inside a hunk, back means its heading first.
    if step < 0, !file.isFolded, let current = currentHunk, let row = index.row(of: .heading(current)),
      row < cursor.row
    {
      return moveCursor(toHunk: current)
    }
    let target = (currentHunk ?? 0) + step
    if !file.isFolded, file.hunks.indices.contains(target) {
      moveCursor(toHunk: target)
    } else if step > 0, files.indices.contains(cursor.file + 1) {
      moveCursor(toFile: cursor.file + 1)
      moveCursor(toHunk: 0)
    } else if step < 0, cursor.file > 0 {
      moveCursor(toFile: cursor.file - 1)
      moveCursor(toHunk: files[cursor.file].hunks.count - 1)
    }
  }

  /// The next (or previous) undecided hunk over all files, round the end; stays where it is if there is none.
  mutating func stepUndecided(_ step: Int) {
    guard !files.isEmpty else { return }
    let start = currentHunk ?? 0
    for distance in 0...files.count {
      let raw = (cursor.file + distance * step) % files.count
      let place = raw < 0 ? raw + files.count : raw
      guard tallies[place].decided < tallies[place].hunks else { continue }
      let hunks = Array(files[place].hunks.indices)
      var candidates = step > 0 ? hunks : hunks.reversed()
      if distance == 0 { candidates.removeAll { step > 0 ? $0 <= start : $0 >= start } }
      if distance == files.count { candidates.removeAll { step > 0 ? $0 > start : $0 < start } }
      guard let hunk = candidates.first(where: { !summary(file: place, hunk: $0).isDecided }) else {
        continue
      }
      moveCursor(toFile: place)
      moveCursor(toHunk: hunk)
      return
    }
  }

  /// The next or previous note or comment, over the ends of files.
  /// - Returns: false where there is none.
  mutating func stepRemark(_ step: Int) -> Bool {
    let start = cursor
    let startIndex = index
    var row = cursor.row
    for _ in 0...files.count {
      let remarks = index.remarks
      if let next = step > 0 ? remarks.first(where: { $0 > row }) : remarks.last(where: { $0 < row }) {
        cursor.row = next
        cursor.anchor = nil
        return true
      }
      let raw = (cursor.file + step) % files.count
      moveCursor(toFile: raw < 0 ? raw + files.count : raw)
      row = step > 0 ? -1 : .max
    }
    (cursor, index) = (start, startIndex)
    return false
  }

  /// The operations that the selected rows change, or nil when nothing is selected.
  var selectedOperations: [Int]? {
    guard cursor.anchor != nil, let file else { return nil }
    var found: [Int] = []
    for row in cursor.rows {
      for line in index[row]?.lines ?? [] {
        if let operation = file.operation(at: line), found.last != operation { found.append(operation) }
      }
    }
    return Array(Set(found)).sorted()
  }

  /// The lines of the selection, or nil when nothing is selected.
  var selectedLines: [DiffLine]? {
    guard cursor.anchor != nil, let file else { return nil }
    return cursor.rows.flatMap { index[$0]?.lines ?? [] }.map { file.lines[$0] }
  }

  /// Where a comment made now belongs: the selection, the line under the cursor, or the hunk's first new line,
  /// its first old one where nothing new comes.
  var commentPlace: ReviewComment.Place? {
    guard let file, let hunk = currentHunk else { return nil }
    var lines = selectedLines ?? (currentRow?.lines ?? []).map { file.lines[$0] }
    if lines.isEmpty {
      // What is asked about is what comes, not what goes for it.
      let own = file.lines[file.hunks[hunk].lines]
      lines = (own.first { $0.kind == .plus } ?? own.first { $0.kind == .minus }).map { [$0] } ?? []
    }
    let new = lines.filter { $0.kind != .minus }.compactMap(\.newNumber)
    if let first = new.first, let last = new.last {
      return .lines(path: file.path, isNew: true, line: first, end: max(first, last))
    }
    let old = lines.compactMap(\.oldNumber)
    if let first = old.first, let last = old.last {
      return .lines(path: file.path, isNew: false, line: first, end: max(first, last))
    }
    return .file(path: file.path)
  }
}
