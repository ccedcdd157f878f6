/// Reads unified diffs line by line. Counts in a hunk header say how many lines belong to it, so a removed line that
/// looks like a header (`--- x`) is not taken for one; a header without counts is followed up to the next header.
struct DiffParser {
  private let table: LineTable
  private var files: [FileDiff] = []
  private var current: FileDiff?
  private var hunk: OpenHunk?

  private struct OpenHunk {
    var oldStart = 0
    var newStart = 0
    var oldCount = 0
    var newCount = 0
    /// False for a bare `@@`: the counts are those of the lines that come.
    var isCounted = true
    var heading = ""
    var oldNext = 0
    var newNext = 0
    var oldLeft = 0
    var newLeft = 0
    var lines: [DiffLine] = []

    var isFull: Bool { isCounted && oldLeft <= 0 && newLeft <= 0 }
  }

  init(_ table: LineTable) { self.table = table }

  /// Reads everything, once.
  mutating func read() -> [FileDiff] {
    for line in table.indices { read(table.range(line)) }
    closeFile()
    return files
  }

  private mutating func read(_ place: Range<Int>) {
    let first = place.isEmpty ? nil : table.bytes[place.lowerBound]
    if hunk != nil, first == UInt8(ascii: "\\") {
      return append(.noNewline, min(place.lowerBound + 2, place.upperBound)..<place.upperBound)
    }
    // The open hunk is changed in place: a copy of it held here would copy its lines at each line.
    if hunk?.isFull == false, readBody(place, first, isCounted: hunk?.isCounted ?? true) { return }
    readHeader(Substring(String(decoding: table.bytes[place], as: UTF8.self)))
  }

  /// Takes a line of the open hunk; false if it can't be one.
  private mutating func readBody(_ place: Range<Int>, _ first: UInt8?, isCounted: Bool) -> Bool {
    switch first {
    case UInt8(ascii: "+"):
      if !isCounted, begins(place, "+++ ") { return false }
      append(.plus, place.lowerBound + 1..<place.upperBound)
    case UInt8(ascii: "-"):
      if !isCounted, begins(place, "--- ") { return false }
      append(.minus, place.lowerBound + 1..<place.upperBound)
    case UInt8(ascii: " "): append(.context, place.lowerBound + 1..<place.upperBound)
    case nil, UInt8(ascii: "\r"):
      // Editors and models drop the blank of an empty context line.
      append(.context, place)
    default: return false
    }
    return true
  }

  private func begins(_ place: Range<Int>, _ word: StaticString) -> Bool {
    word.withUTF8Buffer { table.bytes[place].starts(with: $0) }
  }

  private mutating func append(_ kind: DiffLineKind, _ place: Range<Int>) {
    guard let oldNext = hunk?.oldNext, let newNext = hunk?.newNext else { return }
    let hasOld = kind == .context || kind == .minus
    let hasNew = kind == .context || kind == .plus
    hunk?.lines.append(DiffLine(kind, table, place, hasOld ? oldNext : nil, hasNew ? newNext : nil))
    if hasOld {
      hunk?.oldNext += 1
      hunk?.oldLeft -= 1
    }
    if hasNew {
      hunk?.newNext += 1
      hunk?.newLeft -= 1
    }
  }

  private mutating func readHeader(_ line: Substring) {
    if line.hasPrefix("@@") {
      closeHunk()
      if current == nil { current = FileDiff() }
      hunk = Self.hunkHeader(line)
    } else if line.hasPrefix("diff --git ") {
      closeFile()
      let (oldPath, path) = Self.gitPaths(line.dropFirst(11))
      current = FileDiff(path: path, oldPath: oldPath)
    } else if line.hasPrefix("--- ") {
      if hunk != nil || current?.hunks.isEmpty == false { closeFile() }
      if current == nil { current = FileDiff() }
      current?.oldPath = Self.path(line.dropFirst(4), prefix: "a/")
    } else if line.hasPrefix("+++ ") {
      closeHunk()
      if current == nil { current = FileDiff() }
      current?.path = Self.path(line.dropFirst(4), prefix: "b/")
    } else if line.hasPrefix("new file mode") {
      current?.oldPath = nil
    } else if line.hasPrefix("deleted file mode") {
      current?.path = nil
    } else if line.hasPrefix("rename from ") || line.hasPrefix("copy from ") {
      current?.oldPath = Self.unquoted(line.dropFirst(line.hasPrefix("r") ? 12 : 10))
    } else if line.hasPrefix("rename to ") || line.hasPrefix("copy to ") {
      current?.path = Self.unquoted(line.dropFirst(line.hasPrefix("r") ? 10 : 8))
    } else if line.hasPrefix("Binary files ") || line.hasPrefix("GIT binary patch") {
      current?.isBinary = true
    } else {
      closeHunk()
    }
  }

  private mutating func closeHunk() {
    guard let open = hunk else { return }
    hunk = nil
    let old = open.isCounted ? open.oldCount : open.lines.count { $0.oldNumber != nil }
    let new = open.isCounted ? open.newCount : open.lines.count { $0.newNumber != nil }
    current?.hunks.append(
      Hunk(
        oldStart: open.oldStart, oldCount: old, newStart: open.newStart, newCount: new, heading: open.heading,
        lines: open.lines))
  }

  private mutating func closeFile() {
    closeHunk()
    if let file = current { files.append(file) }
    current = nil
  }
}

extension DiffParser {
  /// The single hunk of a file that is new or gone; none for an empty file.
  static func whole(_ content: String, _ kind: DiffLineKind) -> [Hunk] {
    if content.isEmpty { return [] }
    let table = LineTable(content)
    let isOld = kind == .minus
    var lines = table.indices.map { line in
      DiffLine(
        kind: kind, line: line, of: table, oldNumber: isOld ? line + 1 : nil,
        newNumber: isOld ? nil : line + 1)
    }
    if !table.endsWithLineFeed { lines.append(.noLineEnd) }
    let count = table.count
    return [
      Hunk(
        oldStart: isOld ? 1 : 0, oldCount: isOld ? count : 0, newStart: isOld ? 0 : 1,
        newCount: isOld ? 0 : count, lines: lines)
    ]
  }

  /// `@@ -1,2 +3,4 @@ heading`; a bare `@@ heading` starts a hunk at line 1 with as many lines as come.
  private static func hunkHeader(_ line: Substring) -> OpenHunk {
    var open = OpenHunk()
    var rest = line.dropFirst(2).drop { $0 == " " }
    if let old = range(&rest, sign: "-"), let new = range(&rest, sign: "+") {
      (open.oldStart, open.oldCount) = old
      (open.newStart, open.newCount) = new
      rest = rest.drop { $0 == " " }
      if rest.hasPrefix("@@") { rest = rest.dropFirst(2) }
    } else {
      open.isCounted = false
      (open.oldStart, open.newStart) = (1, 1)
    }
    // A count of 0 names the line before; the numbers of the other side still begin at its start.
    (open.oldNext, open.newNext) = (open.oldStart, open.newStart)
    (open.oldLeft, open.newLeft) = (open.oldCount, open.newCount)
    open.heading = String(rest.drop { $0 == " " })
    return open
  }

  private static func range(_ rest: inout Substring, sign: Character) -> (Int, Int)? {
    guard rest.first == sign else { return nil }
    var text = rest.dropFirst()
    guard let start = number(&text) else { return nil }
    var count = 1
    if text.first == "," {
      text = text.dropFirst()
      guard let given = number(&text) else { return nil }
      count = given
    }
    rest = text.drop { $0 == " " }
    return (start, count)
  }

  /// Digits, at most nine: no file has more lines, and sums of such numbers can't overflow.
  private static func number(_ text: inout Substring) -> Int? {
    let digits = text.utf8.prefix { $0 >= 0x30 && $0 <= 0x39 }
    guard !digits.isEmpty, digits.count <= 9, let value = Int(String(Substring(digits))) else { return nil }
    text = text[digits.endIndex...]
    return value
  }

  /// The path of a `---` or `+++` line: without the prefix, a time stamp behind a tab, and quotes; nil for /dev/null.
  private static func path(_ text: Substring, prefix: String) -> String? {
    let end = text.utf8.firstIndex { $0 == 0x09 || $0 == 0x0D } ?? text.endIndex
    let path = unquoted(text[..<end])
    if path == "/dev/null" || path.isEmpty { return nil }
    return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
  }

  /// The two paths of a `diff --git a/x b/x` line, which counts only where no other line names them.
  private static func gitPaths(_ text: Substring) -> (String?, String?) {
    var text = text
    if text.utf8.last == 0x0D { text = text.dropLast() }
    if text.first == "\"", let end = text.dropFirst().firstIndex(of: "\"") {
      return (path(text[...end], prefix: "a/"), path(text[end...].dropFirst(2), prefix: "b/"))
    }
    // The names are the same but for renames, which have lines of their own: split where both halves agree.
    let bytes = Array(text.utf8)
    if bytes.count % 2 == 1, bytes.count > 4 {
      let middle = text.utf8.index(text.startIndex, offsetBy: bytes.count / 2)
      let old = path(text[..<middle], prefix: "a/")
      let new = path(text[middle...].dropFirst(), prefix: "b/")
      if old == new { return (old, new) }
    }
    let words = text.split(separator: " ", maxSplits: 1)
    guard words.count == 2 else { return (nil, nil) }
    return (path(words[0], prefix: "a/"), path(words[1], prefix: "b/"))
  }

  /// Undoes git's quoting of unusual paths ("a\303\244.txt").
  private static func unquoted(_ text: Substring) -> String {
    guard text.count >= 2, text.first == "\"", text.last == "\"" else { return String(text) }
    let source = Array(text.dropFirst().dropLast().utf8)
    var bytes: [UInt8] = []
    var at = 0
    while at < source.count {
      guard source[at] == UInt8(ascii: "\\"), at + 1 < source.count else {
        bytes.append(source[at])
        at += 1
        continue
      }
      let next = source[at + 1]
      let digits = source[(at + 1)...].prefix(3)
      if digits.count == 3, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x37 }) {
        bytes.append(digits.reduce(UInt8(0)) { $0 &* 8 &+ ($1 &- 0x30) })
        at += 4
      } else {
        bytes.append(next == UInt8(ascii: "t") ? 0x09 : next == UInt8(ascii: "n") ? 0x0A : next)
        at += 2
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
