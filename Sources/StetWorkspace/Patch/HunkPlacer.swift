/// Finds where the hunks of one file belong, all against the original lines.
struct HunkPlacer {
  /// Lines of the file that give way to new ones.
  struct Edit: Hashable {
    /// 0-based lines of the file, half open.
    var range: Range<Int>
    var added: [[UInt8]]
  }

  private(set) var edits: [Edit] = []
  /// Whether a hunk of + lines alone went to the end: such an append ends with a newline.
  private(set) var appendsAtEnd = false
  /// What a remark of a hunk that reaches the end says about the final newline.
  private(set) var finalNewline: Bool?
  private let path: String
  private let lines: [ArraySlice<UInt8>]
  private var search: LineSearch
  private var cursor = 0
  private var sawEndOfFile = false

  init(path: String, lines: [ArraySlice<UInt8>]) {
    self.path = path
    self.lines = lines
    search = LineSearch(lines)
  }

  mutating func place(_ hunk: PatchHunk) throws(WorkspaceError) {
    let start = try narrowed(hunk)
    if hunk.old.isEmpty {
      try insert(hunk, after: start)
      return
    }
    guard let (match, fitted) = try find(hunk, from: start) else {
      throw notFound(hunk.old, what: "Failed to find expected lines in \(path)")
    }
    sawEndOfFile = sawEndOfFile || hunk.endOfFile
    try take(fitted, match)
    let end = match.position + fitted.old.count
    cursor = max(cursor, end)
    if end == lines.count { finalNewline = fitted.finalNewline ?? finalNewline }
  }

  /// Where the search begins after the `@@` texts.
  private mutating func narrowed(_ hunk: PatchHunk) throws(WorkspaceError) -> Int {
    var start = cursor
    for header in hunk.headers {
      guard let line = headerLine(header, from: start) else {
        throw notFound([header], what: "Failed to find context '\(PatchEnvelope.text(header))' in \(path)")
      }
      start = line + 1
    }
    return start
  }

  private mutating func headerLine(_ header: [UInt8], from start: Int) -> Int? {
    // A header closed by @@, as unified diffs have them, names the text between.
    let closed = Blanks.trimmedEnd(header[...])
    let inner = closed.suffix(2).elementsEqual("@@".utf8) ? Array(Blanks.trimmedEnd(closed.dropLast(2))) : nil
    for text in [header, inner].compactMap({ $0 }) {
      if let match = search.first([text], from: start) { return match.position }
    }
    guard !sawEndOfFile else { return nil }
    for text in [header, inner].compactMap({ $0 }) {
      for pass in [LineSearch.Pass.exact, .trailing, .trimmed] {
        let found = search.positions([text], pass, limit: 2)
        if found.count == 1 { return found[0] }
        if found.count > 1 { return nil }
      }
    }
    return nil
  }

  /// The place of the old lines, and the hunk without the blank last lines that the file does not have.
  private mutating func find(
    _ hunk: PatchHunk, from start: Int
  ) throws(WorkspaceError) -> (LineSearch.Match, PatchHunk)? {
    var hunk = hunk
    while true {
      let old = hunk.old
      if old.isEmpty {
        let end = LineSearch.Match(position: lines.count, pass: .exact)
        return lines.isEmpty ? (end, hunk) : nil
      }
      let hint = hunk.lineHint.map { $0 - 1 }
      if let match = search.first(old, from: start, atEnd: hunk.endOfFile, hint: hint) {
        return (match, hunk)
      }
      if let match = try elsewhere(old, hunk) { return (match, hunk) }
      guard old.last?.isEmpty == true else { return nil }
      hunk.dropLastOldLine()
    }
  }

  /// Hunks out of file order, or sharing context with the one before: taken where only one place fits and
  /// no line of it is taken already.
  private mutating func elsewhere(
    _ old: [[UInt8]], _ hunk: PatchHunk
  ) throws(WorkspaceError) -> LineSearch.Match? {
    guard !hunk.endOfFile, !sawEndOfFile, cursor > 0, hunk.headers.isEmpty else { return nil }
    for pass in [LineSearch.Pass.exact, .trailing] {
      let found = search.positions(old, pass).filter { !overlaps(hunk, at: $0) }
      if found.count == 1 { return LineSearch.Match(position: found[0], pass: pass) }
      if found.count > 1 {
        throw WorkspaceError(
          .ambiguous,
          "Hunk on line \(hunk.line) is out of order and fits \(found.count) places in \(path): lines "
            + found.prefix(5).map { String($0 + 1) }.joined(separator: ", "),
          hint: "Put the hunks in file order, or give more context lines.", path: path, line: hunk.line)
      }
    }
    return nil
  }

  private func overlaps(_ hunk: PatchHunk, at position: Int) -> Bool {
    var line = position
    for entry in hunk.lines where entry.mark != .add {
      if edits.contains(where: { $0.range.contains(line) }) { return true }
      line += 1
    }
    return false
  }

  private mutating func insert(_ hunk: PatchHunk, after start: Int) throws(WorkspaceError) {
    guard hunk.lineHint == nil else {
      throw WorkspaceError(
        .noMatch, "Hunk on line \(hunk.line) adds lines to \(path) at a line number only",
        hint: "Line numbers are not used: give context lines.", path: path, line: hunk.line)
    }
    // Right below its header; without one, at the end of the file.
    let position = hunk.headers.isEmpty || hunk.endOfFile ? lines.count : start
    edits.append(Edit(range: position..<position, added: hunk.lines.map(\.text)))
    if position == lines.count {
      appendsAtEnd = true
      finalNewline = hunk.finalNewline ?? finalNewline
    }
    cursor = max(cursor, position)
  }

  /// Turns a placed hunk into edits. Context keeps the bytes of the file.
  private mutating func take(_ hunk: PatchHunk, _ match: LineSearch.Match) throws(WorkspaceError) {
    let old = hunk.old
    let fuzzy = match.pass == .trimmed || match.pass == .folded
    let reindent = Reindenter(
      written: fuzzy ? old : [], found: Array(lines[match.position..<(match.position + old.count)]))
    var line = match.position
    var run = Edit(range: line..<line, added: [])
    for entry in hunk.lines {
      switch entry.mark {
      case .add: run.added.append(fuzzy ? reindent.line(entry.text) : entry.text)
      case .delete:
        line += 1
        run.range = run.range.lowerBound..<line
      case .context:
        try close(run, hunk)
        line += 1
        run = Edit(range: line..<line, added: [])
      }
    }
    try close(run, hunk)
  }

  private mutating func close(_ run: Edit, _ hunk: PatchHunk) throws(WorkspaceError) {
    guard !run.range.isEmpty || !run.added.isEmpty else { return }
    if edits.contains(where: { $0.range.overlaps(run.range) }) {
      throw WorkspaceError(
        .noMatch, "Hunk on line \(hunk.line) changes lines of \(path) that another hunk changes as well",
        hint: "Join the two hunks.", path: path, line: hunk.line)
    }
    edits.append(run)
  }

  private func notFound(_ wanted: [[UInt8]], what: String) -> WorkspaceError {
    let shown = wanted.prefix(NearestLines.shownLines).map { PatchEnvelope.text($0) }.joined(separator: "\n")
    let near = NearestLines.describe(wanted, in: lines)
    return WorkspaceError(
      .noMatch, wanted.count == 1 && what.contains("context") ? what : "\(what):\n\(shown)",
      hint: near ?? "Nothing in the file resembles these lines: read the file again.", path: path)
  }
}

extension PatchHunk {
  /// Leaves out the last old line. As context that added lines follow, it stays as an added one.
  mutating func dropLastOldLine() {
    guard let index = lines.lastIndex(where: { $0.mark != .add }) else { return }
    if lines[index].mark == .context, index + 1 < lines.count {
      lines[index].mark = .add
    } else {
      lines.remove(at: index)
    }
  }
}
