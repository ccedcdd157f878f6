import StetProtocol
import StetText

extension ReviewState {
  /// The rows from the first to the last line of the hunk.
  mutating func selectHunk() {
    guard let hunk = currentHunk, let file, let first = file.hunks[hunk].lines.first,
      let last = file.hunks[hunk].lines.last, let top = index.row(ofLine: first),
      let bottom = index.row(ofLine: last)
    else { return }
    (cursor.anchor, cursor.row) = (top, bottom)
  }

  /// Counts the rows anew after lines came; the cursor goes to the same line, or to the hunk.
  mutating func rebuild(at line: DiffLine?, hunk: Int) {
    let offset = cursor.row - cursor.top
    rebuild()
    if let line, let place = files[cursor.file].lines.firstIndex(of: line), let row = index.row(ofLine: place)
    {
      cursor.row = row
    } else {
      cursor.row =
        index.row(of: .heading(min(hunk, max(0, files[cursor.file].hunks.count - 1)))) ?? cursor.row
    }
    cursor.top = max(0, cursor.row - max(0, offset))
  }

  /// Nothing accepted: for asking whether files are still what they were.
  var emptyDecisions: [StetFileDecision] {
    files.map { StetFileDecision(path: $0.path, baseHash: $0.baseHash, decision: .reject) }
  }

  /// Files that are no longer on disk what was reviewed.
  mutating func markStale(_ previews: [StetFilePreview]) {
    let stale = Set(previews.filter(\.stale).map(\.path))
    for index in files.indices { files[index].isStale = stale.contains(files[index].path) }
  }

  mutating func markConflicts(_ previews: [StetFilePreview]) {
    for preview in previews {
      guard let file = files.firstIndex(where: { $0.path == preview.path }) else { continue }
      let ids = Set(preview.conflictedHunks)
      for hunk in files[file].hunks.indices {
        files[file].hunks[hunk].isConflicted = ids.contains(files[file].hunks[hunk].id)
      }
    }
  }

  /// The user's version of the whole file: as edits of its hunks where the lines between them are as they were, so that
  /// each keeps its own verdict; else as one edit of all of it.
  /// - Returns: false where the file can't be edited; nothing is decided then.
  mutating func editFile(_ file: Int, text: String) -> Bool {
    guard files.indices.contains(file), let sides = files[file].sides else { return false }
    // A missing end of the last line is no line of its own, so hunks can't tell of it.
    let isWhole = sides.endsWithNewline == (text.utf8.last == 0x0A)
    if isWhole, editHunks(of: file, sides, text: text) { return true }
    return editWhole(file, text: text)
  }

  private mutating func editHunks(of file: Int, _ sides: ReviewSides, text: String) -> Bool {
    // By bytes: a CR before the LF is one Character with it.
    var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    if lines.last?.isEmpty == true { lines.removeLast() }
    let hunks = files[file].hunks.filter { hunk in
      files[file].operations[hunk.operations].contains { $0.role == .content }
    }
    var results: [[String]] = []
    var (at, end) = (0, 0)
    for (index, hunk) in hunks.enumerated() {
      let own = files[file].operations[hunk.operations]
      let start = min(own.map(\.new.lowerBound).min() ?? 0, sides.proposed.count)
      let stop = min(own.map(\.new.upperBound).max() ?? 0, sides.proposed.count)
      guard start >= end, stop >= start else { return false }
      let gap = Array(sides.proposed[end..<start])
      guard index == 0 || !gap.isEmpty, let found = Self.find(gap, in: lines, from: at, isFirst: index == 0)
      else { return false }
      if index > 0 { results.append(Array(lines[at..<found])) }
      (at, end) = (found + gap.count, stop)
    }
    let tail = Array(sides.proposed[end...])
    guard lines.count - tail.count >= at, Array(lines.suffix(tail.count)) == tail else { return false }
    results.append(Array(lines[at..<(lines.count - tail.count)]))
    guard results.count == hunks.count else { return false }
    // What stands at the end of a file without a last line end has none either.
    let isOpen = tail.isEmpty && !sides.endsWithNewline
    for (index, (hunk, result)) in zip(hunks, results).enumerated() {
      let ended = result.map { $0 + "\n" }.joined()
      let text = isOpen && index == hunks.count - 1 ? ended.droppingLineFeed : ended
      if proposedText(file: file, operations: hunk.operations) != text {
        edit(file: file, operations: hunk.operations, text: text)
      } else if verdicts[file][hunk.operations].allSatisfy({ $0 == nil }) {
        edit(file: file, operations: hunk.operations, text: text)
      }
    }
    return true
  }

  func rejectedOperations(file: Int) -> Int {
    verdicts.indices.contains(file) ? verdicts[file].count { $0 == .rejected } : 0
  }

  private static func find(_ part: [String], in lines: [String], from: Int, isFirst: Bool) -> Int? {
    if isFirst { return lines.starts(with: part) ? 0 : nil }
    guard from <= lines.count - part.count else { return nil }
    return (from...(lines.count - part.count)).first { lines[$0..<$0 + part.count].elementsEqual(part) }
  }
}

extension String {
  /// Without the LF at its end, which is no Character of its own behind a CR.
  var droppingLineFeed: String {
    guard utf8.last == 0x0A else { return self }
    return String(decoding: utf8.dropLast(), as: UTF8.self)
  }
}
