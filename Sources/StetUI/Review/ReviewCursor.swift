import StetText

/// Where a review is looked at: a file, and a row of it.
struct ReviewCursor: Equatable, Sendable {
  var file = 0
  var row = 0
  /// The first row shown.
  var top = 0
}

/// The rows of one file of a review, top to bottom.
enum ReviewRow: Equatable, Sendable {
  case hunk(Int)
  case line(hunk: Int, line: Int)
  case comment(Int)
  case blank

  var hunkIndex: Int? {
    switch self {
    case .hunk(let index), .line(let index, _): index
    case .comment, .blank: nil
    }
  }
}

extension ReviewState {
  /// The rows of the file under the cursor.
  var rows: [ReviewRow] {
    guard files.indices.contains(cursor.file) else { return [] }
    let file = files[cursor.file]
    let noted = comments.indices.filter { comments[$0].path == file.path }
    var rows: [ReviewRow] = []
    for (index, hunk) in file.hunks.enumerated() {
      if index > 0 { rows.append(.blank) }
      rows.append(.hunk(index))
      for number in hunk.lines.indices {
        rows.append(.line(hunk: index, line: number))
        let line = hunk.lines[number]
        for note in noted where comments[note].matches(line) { rows.append(.comment(note)) }
      }
    }
    return rows
  }

  /// The hunk that the cursor stands in.
  var currentHunk: Int? {
    let rows = rows
    guard !rows.isEmpty else { return nil }
    return rows[...min(max(0, cursor.row), rows.count - 1)].last { $0.hunkIndex != nil }?.hunkIndex
  }

  mutating func moveCursor(by step: Int) {
    cursor.row = min(max(0, cursor.row + step), max(0, rows.count - 1))
  }

  mutating func moveCursor(toHunk hunk: Int) {
    cursor.row = rows.firstIndex { $0 == .hunk(hunk) } ?? cursor.row
  }

  mutating func moveCursor(toFile file: Int) {
    guard files.indices.contains(file), file != cursor.file else { return }
    cursor = ReviewCursor(file: file)
  }

  /// The next or previous hunk of the file.
  mutating func stepHunk(_ step: Int) {
    guard let current = currentHunk, files.indices.contains(cursor.file) else { return }
    let target = current + step
    if files[cursor.file].hunks.indices.contains(target) {
      moveCursor(toHunk: target)
    } else if step > 0, files.indices.contains(cursor.file + 1) {
      moveCursor(toFile: cursor.file + 1)
    } else if step < 0, cursor.file > 0 {
      moveCursor(toFile: cursor.file - 1)
      moveCursor(toHunk: files[cursor.file].hunks.count - 1)
    }
  }

  /// The next (or previous) undecided hunk over all files, round the end; stays where it is if there is none.
  mutating func stepUndecided(_ step: Int) {
    let all = files.indices.flatMap { file in files[file].hunks.indices.map { (file: file, hunk: $0) } }
    guard !all.isEmpty else { return }
    let current = all.firstIndex { $0.file == cursor.file && $0.hunk == (currentHunk ?? 0) } ?? 0
    for distance in 1...all.count {
      let raw = (current + distance * step) % all.count
      let place = all[raw < 0 ? raw + all.count : raw]
      if summary(files[place.file].hunks[place.hunk]) == .undecided {
        moveCursor(toFile: place.file)
        moveCursor(toHunk: place.hunk)
        return
      }
    }
  }
}

extension ReviewComment {
  func matches(_ line: DiffLine) -> Bool {
    isNew
      ? line.newNumber == self.line && line.kind != .minus
      : line.oldNumber == self.line && line.kind == .minus
  }
}
