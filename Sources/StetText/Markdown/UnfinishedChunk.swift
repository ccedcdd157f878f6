/// The last chunk of a text that is still arriving, shown as what it is about to be.
enum UnfinishedChunk {
  /// Nil if nothing of it can be shown yet.
  static func parse(_ chunk: MarkdownChunk, text: String) -> ParsedChunk? {
    switch chunk.kind {
    case .fence, .indented: return ParsedChunk(chunk, text: text)
    case .flow:
      if let rows = tableRows(text) { return table(rows) }
    case .quote, .item: break
    }
    let repaired = text.withBytes { bytes -> String in
      guard let start = lastParagraph(bytes) else { return text }
      let (end, closers) = InlineTail.complete(bytes, from: start)
      return String(decoding: bytes[..<end], as: UTF8.self) + closers
    }
    return ParsedChunk(chunk, text: repaired)
  }

  /// Where the text of the last paragraph, item or heading begins; nil if it ends in a code block.
  private static func lastParagraph(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var start = 0
    var at = 0
    var fence: SourceLine.Fence?
    var wasBlank = true
    while at < bytes.count {
      let end = SourceLines.end(bytes, from: at)
      let content = contentStart(bytes, at..<end)
      let line = SourceLine(bytes[content.offset..<end])
      if let open = fence {
        if line.closes(open) { fence = nil }
        start = end
      } else if let open = line.fence {
        fence = open
        start = end
      } else if line.isBlank {
        start = end
      } else if wasBlank || content.beginsBlock || line.isHeading {
        start = content.offset
      }
      wasBlank = line.isBlank
      at = end
    }
    return fence == nil ? start : nil
  }

  /// Behind the blanks, quote signs and list markers of a line.
  private static func contentStart(
    _ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>
  ) -> (offset: Int, beginsBlock: Bool) {
    var rest = bytes[line]
    var beginsBlock = false
    while true {
      let before = rest.count
      rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
      if rest.first == UInt8(ascii: ">") { rest = rest.dropFirst() }
      if let used = PartialLine.marker(rest) {
        rest = rest.dropFirst(used)
        beginsBlock = true
      }
      if rest.count == before { return (rest.startIndex, beginsBlock) }
    }
  }

  /// How many complete rows a table has that is still growing; nil if the text is no table. Every new row may change
  /// the widths of the columns, so a table is shown when it is complete. -1: it may become one.
  private static func tableRows(_ text: String) -> Int? {
    let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard let first = lines.first else { return nil }
    let begins = first.first { $0 != 0x20 } == UInt8(ascii: "|")
    if lines.count == 1 || lines.count == 2 && lines[1].isEmpty { return begins ? -1 : nil }
    let second = lines[1]
    let isDelimiter = second.allSatisfy { "|-: \t\r".utf8.contains($0) } && second.contains(UInt8(ascii: "-"))
    let hasColumns = begins || first.contains(UInt8(ascii: "|")) && second.contains(UInt8(ascii: "|"))
    guard isDelimiter, hasColumns else { return nil }
    return max(0, lines.count - 3)
  }

  private static func table(_ rows: Int) -> ParsedChunk? {
    if rows < 0 { return nil }
    let text = rows == 0 ? "table …" : rows == 1 ? "table, 1 row …" : "table, \(rows) rows …"
    return ParsedChunk(kind: .flow, blocks: [.paragraph([Line(text, Style(.dimmed))])])
  }
}
