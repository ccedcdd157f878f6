/// Reads the patch format (the grammar that models are given, and what they make of it).
///
/// Pure: bytes in, a `Patch` or an error with the line out. A syntax error anywhere refuses the whole patch.
public enum PatchParser {
  /// No model writes more; a longer text is a mistake.
  public static let byteLimit = 16 << 20

  public static func parse(_ bytes: [UInt8]) throws(WorkspaceError) -> Patch {
    guard bytes.count <= byteLimit else {
      throw WorkspaceError(.tooLarge, "The patch is larger than \(byteLimit) bytes")
    }
    let lines = try PatchEnvelope.open(bytes)
    var section = PatchSectionParser(lines: lines[1..<(lines.count - 1)])
    let operations = try section.parse()
    guard !operations.isEmpty else {
      throw WorkspaceError(.patchSyntax, "No files were modified: the patch holds no file section")
    }
    return Patch(operations: operations)
  }
}

/// Walks the lines between Begin and End.
struct PatchSectionParser {
  private let lines: [PatchEnvelope.Line]
  private var position = 0

  init(lines: ArraySlice<PatchEnvelope.Line>) { self.lines = Array(lines) }

  private var current: PatchEnvelope.Line? { position < lines.count ? lines[position] : nil }

  mutating func parse() throws(WorkspaceError) -> [PatchOperation] {
    var operations: [PatchOperation] = []
    if let first = current, Blanks.trimmed(first.text).starts(with: "*** Environment ID:".utf8) {
      position += 1
    }
    while let line = current {
      if Blanks.trimmed(line.text).isEmpty {
        position += 1
      } else {
        operations.append(try operation(line))
      }
    }
    return operations
  }

  private mutating func operation(_ line: PatchEnvelope.Line) throws(WorkspaceError) -> PatchOperation {
    position += 1
    if let path = try path(in: line, after: "*** Add File: ") {
      return PatchOperation(path: path, action: .add(lines: addedLines()), line: line.number)
    }
    if let path = try path(in: line, after: "*** Delete File: ") {
      return PatchOperation(path: path, action: .delete, line: line.number)
    }
    if let path = try path(in: line, after: "*** Update File: ") {
      var target: String?
      if let next = current, let moved = try self.path(in: next, after: "*** Move to: ") {
        target = moved
        position += 1
      }
      let hunks = try hunks()
      guard !hunks.isEmpty || target != nil else {
        throw failure(line, "Update file hunk for path '\(path)' is empty")
      }
      return PatchOperation(path: path, action: .update(hunks: hunks, moveTo: target), line: line.number)
    }
    throw notAHeader(line)
  }

  private func notAHeader(_ line: PatchEnvelope.Line) -> WorkspaceError {
    let text = PatchEnvelope.text(line.text)
    if Blanks.trimmed(line.text).elementsEqual("*** End Patch".utf8) {
      return failure(line, "Text follows '*** End Patch': the last line of the patch must be '*** End Patch'")
    }
    return failure(
      line,
      "'\(text)' is not a valid hunk header. Valid hunk headers: '*** Add File: {path}', "
        + "'*** Delete File: {path}', '*** Update File: {path}'")
  }

  private mutating func addedLines() -> [[UInt8]] {
    var added: [[UInt8]] = []
    while let line = current, line.text.first == UInt8(ascii: "+") {
      added.append(Array(line.text.dropFirst()))
      position += 1
    }
    return added
  }

  private mutating func hunks() throws(WorkspaceError) -> [PatchHunk] {
    var hunks: [PatchHunk] = []
    while let line = current {
      if line.text.starts(with: "***".utf8) { break }
      if Blanks.trimmed(line.text).isEmpty {
        position += 1
        continue
      }
      hunks.append(try hunk(line, isFirst: hunks.isEmpty))
    }
    return hunks
  }

  private mutating func hunk(_ start: PatchEnvelope.Line, isFirst: Bool) throws(WorkspaceError) -> PatchHunk {
    var hunk = PatchHunk(line: start.number)
    while let line = current, line.text.starts(with: "@@".utf8) {
      PatchHeader.read(line.text, into: &hunk)
      position += 1
    }
    if current == start, !isFirst {
      throw failure(
        start,
        "Expected update hunk to start with a @@ context marker, got: '\(PatchEnvelope.text(start.text))'")
    }
    try body(&hunk)
    guard !hunk.lines.isEmpty else {
      guard let line = current, !line.text.starts(with: "***".utf8) else {
        throw failure(start, "Update hunk does not contain any lines")
      }
      throw failure(
        line,
        "Unexpected line found in update hunk: '\(PatchEnvelope.text(line.text))'. "
          + "Every line should start with ' ' (context line), '+' (added line), or '-' (removed line)")
    }
    return hunk
  }

  private mutating func body(_ hunk: inout PatchHunk) throws(WorkspaceError) {
    while let line = current {
      if Blanks.trimmedEnd(line.text).elementsEqual("*** End of File".utf8) {
        // A marker alone is no hunk.
        if !hunk.lines.isEmpty { position += 1 }
        hunk.endOfFile = true
        return
      }
      guard let first = line.text.first else {
        hunk.lines.append(PatchHunk.Line(mark: .context, text: []))
        position += 1
        continue
      }
      let text = Array(line.text.dropFirst())
      switch first {
      case UInt8(ascii: " "): hunk.lines.append(PatchHunk.Line(mark: .context, text: text))
      case UInt8(ascii: "-"): hunk.lines.append(PatchHunk.Line(mark: .delete, text: text))
      case UInt8(ascii: "+"): hunk.lines.append(PatchHunk.Line(mark: .add, text: text))
      case UInt8(ascii: "\\") where text.starts(with: " No newline".utf8):
        guard let last = hunk.lines.last else { return }
        // On a removed line it tells about the old text; the new one then has the newline, unless said again.
        hunk.finalNewline = last.mark == .delete
      default: return
      }
      position += 1
    }
  }

  private func path(in line: PatchEnvelope.Line, after prefix: String) throws(WorkspaceError) -> String? {
    let header = Blanks.trimmed(line.text)
    guard header.starts(with: prefix.utf8) else { return nil }
    let bytes = Blanks.trimmed(header.dropFirst(prefix.utf8.count))
    guard !bytes.isEmpty else { return nil }
    guard let path = String(validating: bytes, as: UTF8.self) else {
      throw failure(line, "The path '\(PatchEnvelope.text(bytes))' is not UTF-8")
    }
    return path
  }

  private func failure(_ line: PatchEnvelope.Line, _ message: String) -> WorkspaceError {
    WorkspaceError(
      .patchSyntax, "Invalid patch hunk on line \(line.number): \(message)",
      hint: "Nothing was written. Correct the patch and send it whole again.", line: line.number)
  }
}

/// The line that starts a hunk: `@@`, `@@ text`, `@@ text @@`, or a unified diff's header.
enum PatchHeader {
  static func read(_ line: ArraySlice<UInt8>, into hunk: inout PatchHunk) {
    let text = Blanks.trimmedEnd(line.dropFirst(2))
    let inner = text.first == 32 ? text.dropFirst() : text
    if Blanks.trimmed(inner).isEmpty { return }
    if let number = unifiedStart(inner) {
      // The numbers of a model are rough, and the heading is git's guess: neither is required to be found.
      hunk.lineHint = number
    } else {
      hunk.headers.append(Array(inner))
    }
  }

  /// The old start of "-11,4 +11,4 @@ heading" or the same without the closing mark.
  private static func unifiedStart(_ text: ArraySlice<UInt8>) -> Int? {
    let words = String(decoding: text, as: UTF8.self).split(separator: " ")
    guard words.count >= 2, words[0].hasPrefix("-"), words[1].hasPrefix("+"),
      let start = number(words[0]), number(words[1]) != nil, words.count == 2 || words[2] == "@@"
    else { return nil }
    return start
  }

  private static func number(_ word: Substring) -> Int? {
    let parts = word.dropFirst().split(separator: ",")
    guard (1...2).contains(parts.count), parts.allSatisfy({ Int($0) != nil }) else { return nil }
    return Int(parts[0])
  }
}
