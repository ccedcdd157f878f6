/// A textual patch as changes of files, for looking at: what lies between its hunks is not known and stands as empty
/// lines on both sides, so that the lines keep their numbers. Paths are as the patch names them.
public enum UnifiedPatch {
  /// Lines of a file up to the last hunk: a number in a header must not make a file of gigabytes.
  static let lineLimit = 2_000_000
  /// Empty lines that stand for what the patch leaves out, over all of its files: twice the longest of them.
  static let fillLimit = 4_000_000
  /// Files of a patch.
  static let fileLimit = 10_000
  /// Bytes of a patch.
  public static let byteLimit = 64 << 20

  /// - Throws: `.patchSyntax` with the line where it is no unified diff.
  public static func changes(_ patch: [UInt8]) throws(WorkspaceError) -> [FileChange] {
    guard patch.count <= byteLimit else {
      throw WorkspaceError(.tooLarge, "The patch has more than \(byteLimit >> 20) MB")
    }
    var reader = UnifiedPatchReader(LineIndex(patch))
    try reader.read()
    guard !reader.changes.isEmpty else {
      throw WorkspaceError(.patchSyntax, "There is no difference in it: no `--- `, `+++ ` and `@@ ` lines")
    }
    return reader.changes
  }
}

private struct UnifiedPatchReader {
  private struct File {
    var old: String?
    var new: String?
    var oldMode: UInt16?
    var newMode: UInt16?
    var isNew = false
    var isGone = false
    var isBinary = false
    var base: [UInt8] = []
    var proposed: [UInt8] = []
    var baseLines = 0
    var newLines = 0
    var hasHunks = false
  }

  private let lines: LineIndex
  private var next = 0
  private var filled = 0
  private var file: File?
  private(set) var changes: [FileChange] = []

  init(_ lines: LineIndex) { self.lines = lines }

  mutating func read() throws(WorkspaceError) {
    while next < lines.count {
      let line = text(next)
      if line.hasPrefix("diff --git ") {
        try close()
        file = File()
        gitNames(line.dropFirst(11))
      } else if line.hasPrefix("--- "), next + 1 < lines.count, text(next + 1).hasPrefix("+++ ") {
        if file == nil || file?.hasHunks == true { try close() }
        var current = file ?? File()
        current.old = Self.name(line.dropFirst(4))
        current.new = Self.name(text(next + 1).dropFirst(4))
        current.isNew = current.isNew || current.old == nil
        current.isGone = current.isGone || current.new == nil
        file = current
        next += 1
      } else if line.hasPrefix("@@ "), file != nil {
        try hunk(line)
        continue
      } else {
        header(line)
      }
      next += 1
    }
    try close()
  }

  // MARK: - Headers

  private mutating func header(_ line: Substring) {
    if line.hasPrefix("new file mode ") {
      file?.isNew = true
      file?.newMode = UInt16(line.suffix(4), radix: 8)
    } else if line.hasPrefix("deleted file mode ") {
      file?.isGone = true
      file?.oldMode = UInt16(line.suffix(4), radix: 8)
    } else if line.hasPrefix("old mode ") {
      file?.oldMode = UInt16(line.suffix(4), radix: 8)
    } else if line.hasPrefix("new mode ") {
      file?.newMode = UInt16(line.suffix(4), radix: 8)
    } else if line.hasPrefix("rename from ") {
      file?.old = Self.unquoted(line.dropFirst(12))
    } else if line.hasPrefix("rename to ") {
      file?.new = Self.unquoted(line.dropFirst(10))
    } else if line.hasPrefix("GIT binary patch") || line.hasPrefix("Binary files ") {
      file?.isBinary = true
    }
  }

  /// `a/x b/x`; names that differ are told again by `rename` lines.
  private mutating func gitNames(_ text: Substring) {
    if text.hasPrefix("\"") {
      let name = Self.name(text)
      file?.old = name
      file?.new = name
      return
    }
    let half = text.count / 2
    let old = text.prefix(half)
    let new = text.dropFirst(half + 1)
    guard old.hasPrefix("a/"), old.dropFirst(2) == new.dropFirst(2) else { return }
    let name = String(old.dropFirst(2))
    file?.old = name
    file?.new = name
  }

  /// Nil for `/dev/null`. A time behind a tab is none of the name's.
  private static func name(_ text: Substring) -> String? {
    let name = unquoted(text.hasPrefix("\"") ? text : text.prefix { $0 != "\t" })
    if name == "/dev/null" { return nil }
    return name.hasPrefix("a/") || name.hasPrefix("b/") ? String(name.dropFirst(2)) : name
  }

  /// git quotes names with unusual bytes as C strings.
  private static func unquoted(_ text: Substring) -> String {
    guard text.hasPrefix("\"") else { return String(text) }
    var bytes: [UInt8] = []
    var rest = text.utf8.dropFirst()
    while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
      guard byte == UInt8(ascii: "\\"), let mark = rest.popFirst() else {
        bytes.append(byte)
        continue
      }
      switch mark {
      case UInt8(ascii: "n"): bytes.append(10)
      case UInt8(ascii: "t"): bytes.append(9)
      case UInt8(ascii: "0")...UInt8(ascii: "7"):
        var value = Int(mark - UInt8(ascii: "0"))
        for _ in 0..<2 {
          guard let digit = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else { break }
          value = value * 8 + Int(digit - UInt8(ascii: "0"))
          rest.removeFirst()
        }
        bytes.append(UInt8(truncatingIfNeeded: value))
      default: bytes.append(mark)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: - Hunks

  /// `@@ -1,2 +3,4 @@` and its lines.
  private mutating func hunk(_ header: Substring) throws(WorkspaceError) {
    let fault = WorkspaceError(.patchSyntax, "This is no hunk header: \(header)", line: next + 1)
    let parts = header.split(separator: " ")
    guard parts.count >= 4, let old = Self.range(parts[1], "-"), let new = Self.range(parts[2], "+") else {
      throw fault
    }
    file?.hasHunks = true
    try fill(old, new)
    next += 1
    var (oldLeft, newLeft) = (old.count, new.count)
    while next < lines.count, oldLeft > 0 || newLeft > 0 {
      let line = lines.line(next)
      let content = line.dropFirst()
      switch line.first {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        // Some programs cut the blank of an empty line of context.
        add(line.first == UInt8(ascii: " ") ? content : line, old: true, new: true)
        (oldLeft, newLeft) = (oldLeft - 1, newLeft - 1)
      case UInt8(ascii: "-"):
        add(content, old: true, new: false)
        oldLeft -= 1
      case UInt8(ascii: "+"):
        add(content, old: false, new: true)
        newLeft -= 1
      case UInt8(ascii: "\\"): cutLineEnd()
      default: throw WorkspaceError(.patchSyntax, "A hunk ends before its header says", line: next + 1)
      }
      next += 1
    }
    guard oldLeft == 0, newLeft == 0 else {
      throw WorkspaceError(.patchSyntax, "A hunk does not have the lines that its header says", line: next)
    }
    if next < lines.count, lines.line(next).first == UInt8(ascii: "\\") {
      cutLineEnd()
      next += 1
    }
  }

  private static func range(_ text: Substring, _ sign: Character) -> (start: Int, count: Int)? {
    guard text.first == sign else { return nil }
    let numbers = text.dropFirst().split(separator: ",").map { Int($0) }
    guard let first = numbers.first, let start = first, start >= 0, start <= UnifiedPatch.lineLimit else {
      return nil
    }
    if numbers.count == 1 { return (start, 1) }
    guard numbers.count == 2, let count = numbers[1], count >= 0, count <= UnifiedPatch.lineLimit else {
      return nil
    }
    return (start, count)
  }

  /// Empty lines up to the hunk; a header names the line before an empty range.
  private mutating func fill(
    _ old: (start: Int, count: Int), _ new: (start: Int, count: Int)
  ) throws(WorkspaceError) {
    guard var current = file else { return }
    let base = old.count == 0 ? old.start : old.start - 1
    let proposed = new.count == 0 ? new.start : new.start - 1
    let gap = base - current.baseLines
    guard gap >= 0, proposed - current.newLines == gap else {
      throw WorkspaceError(.patchSyntax, "The hunks are not in order", line: next + 1)
    }
    filled += gap
    guard filled <= UnifiedPatch.fillLimit else {
      throw WorkspaceError(
        .tooLarge, "The patch leaves out more than \(UnifiedPatch.fillLimit) lines before its hunks",
        line: next + 1)
    }
    let filler = [UInt8](repeating: LineEndings.lf, count: gap)
    current.base += filler
    current.proposed += filler
    current.baseLines += gap
    current.newLines += gap
    file = current
  }

  private mutating func add(_ line: ArraySlice<UInt8>, old: Bool, new: Bool) {
    if old {
      file?.base.append(contentsOf: line)
      file?.baseLines += 1
    }
    if new {
      file?.proposed.append(contentsOf: line)
      file?.newLines += 1
    }
  }

  /// `\ No newline at end of file`: of the line before.
  private mutating func cutLineEnd() {
    guard next > 0 else { return }
    let mark = lines.line(next - 1).first
    if mark != UInt8(ascii: "+"), file?.base.last == LineEndings.lf { file?.base.removeLast() }
    if mark != UInt8(ascii: "-"), file?.proposed.last == LineEndings.lf { file?.proposed.removeLast() }
  }

  // MARK: - Files

  private mutating func close() throws(WorkspaceError) {
    defer { file = nil }
    guard let done = file, let name = done.old ?? done.new else { return }
    guard changes.count < UnifiedPatch.fileLimit else {
      throw WorkspaceError(.tooLarge, "The patch changes more than \(UnifiedPatch.fileLimit) files")
    }
    let mode = done.oldMode ?? done.newMode ?? 0o644
    // Contents that the patch does not tell: two that differ, and no text.
    let base = done.isBinary ? [0, 0] : done.base
    let proposed = done.isBinary ? [0, 1] : done.proposed
    let target = done.new ?? name
    changes.append(
      FileChange(
        path: done.isNew ? target : name,
        movePath: !done.isNew && !done.isGone && target != name ? target : nil,
        base: done.isNew ? .absent : .regular(base, mode: mode),
        proposed: done.isGone ? .absent : .regular(proposed, mode: done.newMode ?? mode),
        spelled: done.isGone ? name : target))
  }

  private func text(_ index: Int) -> Substring {
    let line = LineEndings.stripped(lines.line(index))
    return Substring(String(decoding: line, as: UTF8.self))
  }
}
