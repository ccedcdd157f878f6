/// The content of a file with the hunks of an update in it.
enum PatchedText {
  static func apply(_ hunks: [PatchHunk], to bytes: [UInt8], path: String) throws(WorkspaceError) -> [UInt8] {
    guard !bytes.contains(0) || String(validating: bytes, as: UTF8.self) != nil else {
      throw WorkspaceError(
        .wrongKind, "\(path) is a binary file", hint: "A patch can only change text.", path: path)
    }
    let text = TextLines(bytes)
    var placer = HunkPlacer(path: path, lines: text.lines.map(\.text))
    for hunk in hunks { try placer.place(hunk) }
    // Only context: nothing was asked for, so every byte stays.
    if placer.edits.isEmpty { return bytes }
    return compose(text, placer)
  }

  private static func compose(_ text: TextLines, _ placer: HunkPlacer) -> [UInt8] {
    // Stable: of two insertions at one place the earlier hunk's comes first.
    let edits = placer.edits.enumerated().sorted { a, b in
      (a.element.range.lowerBound, a.offset) < (b.element.range.lowerBound, b.offset)
    }.map(\.element)
    var lines: [TextLines.Line] = []
    var cursor = 0
    for edit in edits {
      // Insertions inside of lines that another hunk removed come after them.
      lines.append(contentsOf: text.lines[cursor..<max(cursor, edit.range.lowerBound)])
      for (offset, added) in edit.added.enumerated() {
        let ending = ending(of: offset, in: edit, text)
        let isFirst = lines.isEmpty && text.hasMark && added.starts(with: TextLines.mark)
        lines.append(TextLines.Line(text: isFirst ? added.dropFirst(3) : added[...], ending: ending[...]))
      }
      cursor = max(cursor, edit.range.upperBound)
    }
    lines.append(contentsOf: text.lines[cursor...])
    finish(&lines, text, placer)
    var out = text.hasMark ? TextLines.mark : []
    for line in lines {
      out.append(contentsOf: line.text)
      out.append(contentsOf: line.ending)
    }
    return out
  }

  /// The end of the line that an added one replaces, else of its neighbour above, below, or of the first
  /// line.
  private static func ending(of offset: Int, in edit: HunkPlacer.Edit, _ text: TextLines) -> [UInt8] {
    var candidates: [Int] = []
    if !edit.range.isEmpty {
      candidates.append(min(edit.range.lowerBound + offset, edit.range.upperBound - 1))
    }
    candidates.append(contentsOf: [edit.range.lowerBound - 1, edit.range.upperBound])
    for index in candidates where text.lines.indices.contains(index) && !text.lines[index].ending.isEmpty {
      return Array(text.lines[index].ending)
    }
    return text.firstEnding
  }

  /// Only the last line may lack its end, and it does so where the file did (or the patch says so).
  private static func finish(_ lines: inout [TextLines.Line], _ text: TextLines, _ placer: HunkPlacer) {
    for index in lines.indices where lines[index].ending.isEmpty {
      lines[index].ending = text.firstEnding[...]
    }
    let keepsNewline = placer.finalNewline ?? (!text.lacksFinalNewline || placer.appendsAtEnd)
    if !keepsNewline, !lines.isEmpty { lines[lines.count - 1].ending = [] }
  }
}
