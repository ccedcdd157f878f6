import StetText

/// What is looked for in a diff, and where it stands.
struct ReviewSearch: Sendable {
  struct Match: Comparable, Sendable {
    var file: Int
    var line: Int

    static func < (left: Match, right: Match) -> Bool { (left.file, left.line) < (right.file, right.line) }
  }

  var text = ""
  var matches: [Match] = []

  /// Lines that are found; beyond it nobody steps through them one by one.
  static let maxMatches = 10_000

  /// Letters of either case are the same unless the text has a capital.
  var isExact: Bool { text.contains { $0.isUppercase } }

  /// Bytes to look for; ASCII letters are folded where case does not matter.
  fileprivate var pattern: [UInt8] { isExact ? Array(text.utf8) : text.utf8.map(Self.folded) }

  fileprivate static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

  /// Where the text stands in a line, in characters.
  func ranges(in line: String) -> [Range<Int>] {
    guard !text.isEmpty else { return [] }
    let characters = Array(isExact ? line : line.lowercased())
    let wanted = Array(isExact ? text : text.lowercased())
    var ranges: [Range<Int>] = []
    var at = 0
    while at + wanted.count <= characters.count, !wanted.isEmpty {
      if characters[at..<at + wanted.count].elementsEqual(wanted) {
        ranges.append(at..<at + wanted.count)
        at += wanted.count
      } else {
        at += 1
      }
    }
    return ranges
  }

  /// The line has the text.
  fileprivate static func contains(_ line: DiffLine, _ pattern: [UInt8], _ isExact: Bool) -> Bool {
    guard let first = pattern.first, line.length >= pattern.count else { return false }
    return line.withBytes { bytes in
      for start in 0...(bytes.count - pattern.count) {
        guard (isExact ? bytes[start] : folded(bytes[start])) == first else { continue }
        var at = 1
        while at < pattern.count,
          (isExact ? bytes[start + at] : folded(bytes[start + at])) == pattern[at]
        {
          at += 1
        }
        if at == pattern.count { return true }
      }
      return false
    }
  }
}

extension ReviewState {
  /// Looks for the text in all files.
  mutating func findMatches() {
    search.matches = []
    guard !search.text.isEmpty else { return }
    let (pattern, isExact) = (search.pattern, search.isExact)
    for (file, content) in files.enumerated() {
      for (line, text) in content.lines.enumerated()
      where ReviewSearch.contains(text, pattern, isExact) {
        search.matches.append(.init(file: file, line: line))
        if search.matches.count >= ReviewSearch.maxMatches { return }
      }
    }
  }

  /// Goes to the next or previous match, round the end.
  /// - Returns: which one it is, from 1; nil where there is none.
  mutating func stepMatch(_ step: Int, includesCurrent: Bool = false) -> Int? {
    guard !search.matches.isEmpty else { return nil }
    let here = ReviewSearch.Match(file: cursor.file, line: currentRow?.lines.last ?? lineAtCursor)
    let found: Int
    if step > 0 {
      found = search.matches.firstIndex { includesCurrent ? $0 >= here : $0 > here } ?? 0
    } else {
      found = search.matches.lastIndex { $0 < here } ?? search.matches.count - 1
    }
    let match = search.matches[found]
    moveCursor(toFile: match.file)
    if files[match.file].isFolded {
      files[match.file].isFolded = false
      rebuild()
    }
    cursor.row = index.row(ofLine: match.line) ?? cursor.row
    cursor.anchor = nil
    return found + 1
  }

  /// The line before which the cursor stands when it is on none.
  private var lineAtCursor: Int {
    guard let file, let hunk = currentHunk, file.hunks.indices.contains(hunk) else { return -1 }
    return file.hunks[hunk].lines.lowerBound - 1
  }
}
