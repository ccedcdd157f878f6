import StetText

/// Blocks that go in one place and come in another, in the same review: read once, not twice.
enum MovedCode {
  /// A block must have this many lines and letters, as git's own detection: a brace moves nowhere.
  static let leastLines = 3
  static let leastLetters = 20
  /// Changed lines of all files that are compared; beyond it nobody reads line by line.
  static let lineLimit = 5_000

  private struct Place {
    var file: Int
    var line: Int
  }

  /// Marks the lines of blocks that moved and says at each block's hunk where it came from or went.
  static func mark(_ files: inout [ReviewFile]) {
    guard files.reduce(0, { $0 + $1.added + $1.removed }) <= lineLimit else { return }
    var gone: [Substring: [Place]] = [:]
    for (index, file) in files.enumerated() {
      for (line, content) in file.lines.enumerated() where content.kind == .minus {
        let bare = bare(content.text)
        if !bare.isEmpty { gone[bare, default: []].append(Place(file: index, line: line)) }
      }
    }
    guard !gone.isEmpty else { return }
    for index in files.indices {
      var line = 0
      while line < files[index].lines.count {
        line += max(1, markBlock(at: Place(file: index, line: line), gone, &files))
      }
    }
  }

  /// The longest block that begins at an added line.
  /// - Returns: its lines; 0 where there is none.
  private static func markBlock(at place: Place, _ gone: [Substring: [Place]], _ files: inout [ReviewFile])
    -> Int
  {
    let lines = files[place.file].lines
    guard lines[place.line].kind == .plus, let sources = gone[bare(lines[place.line].text)] else { return 0 }
    var best: (source: Place, count: Int)?
    // Lines that stand everywhere begin no block.
    for source in sources.prefix(20) {
      let old = files[source.file].lines
      var count = 0
      while place.line + count < lines.count, source.line + count < old.count,
        lines[place.line + count].kind == .plus, old[source.line + count].kind == .minus,
        bare(lines[place.line + count].text) == bare(old[source.line + count].text)
      {
        count += 1
      }
      if count > best?.count ?? 0 { best = (source, count) }
    }
    guard let best, best.count >= leastLines else { return 0 }
    let letters = lines[place.line..<place.line + best.count].reduce(0) { sum, line in
      sum + line.text.utf8.count { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || (0x30...0x39).contains($0) }
    }
    guard letters >= leastLetters else { return 0 }
    note(place, best.source, best.count, &files)
    return best.count
  }

  private static func note(_ new: Place, _ old: Place, _ count: Int, _ files: inout [ReviewFile]) {
    func number(_ place: Place) -> Int {
      let line = files[place.file].lines[place.line]
      return line.newNumber ?? line.oldNumber ?? 0
    }
    let isSameFile = new.file == old.file
    let from = MovedBlock(path: isSameFile ? nil : files[old.file].path, line: number(old), isArrival: true)
    let to = MovedBlock(path: isSameFile ? nil : files[new.file].name, line: number(new), isArrival: false)
    for (place, block) in [(new, from), (old, to)] {
      files[place.file].moved.formUnion(place.line..<place.line + count)
      guard let hunk = files[place.file].hunk(atLine: place.line) else { continue }
      if files[place.file].hunks[hunk].moved == nil { files[place.file].hunks[hunk].moved = block }
    }
  }

  /// Moved code is often indented anew.
  private static func bare(_ text: String) -> Substring {
    let bytes = text.utf8
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
    guard let first = bytes.firstIndex(where: { !isBlank($0) }),
      let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return Substring(bytes[first...last])
  }
}

/// Where a block of a hunk came from, or went to.
struct MovedBlock: Equatable, Sendable {
  /// nil: the same file.
  var path: String?
  var line: Int
  var isArrival: Bool
}
