/// A chunk that was read, ready to be laid out.
struct ParsedChunk: Sendable {
  let kind: MarkdownChunk.Kind
  let blocks: [MarkdownBlock]

  init(_ chunk: MarkdownChunk, text: String) {
    kind = chunk.kind
    switch chunk.kind {
    case .fence(let fence, let language):
      blocks = [.code(language: language, text: Self.code(text, fence))]
    case .flow: blocks = MarkdownParser.parse(Self.wideningRules(Self.showingDefinitions(text)))
    case .quote: blocks = MarkdownParser.parse(Self.wideningRules(text))
    case .indented: blocks = MarkdownParser.parse(text)
    case .item(let number, _): blocks = Self.numbered(MarkdownParser.parse(Self.wideningRules(text)), number)
    }
  }

  init(kind: MarkdownChunk.Kind, blocks: [MarkdownBlock]) {
    self.kind = kind
    self.blocks = blocks
  }

  /// Whether an empty line stands between this chunk and the one above it.
  func isApart(from above: ParsedChunk) -> Bool {
    guard case .item(_, isFirst: false) = kind, case .list(let items)? = above.blocks.first else {
      return true
    }
    return above.blocks.count > 1 || items.last?.isTall ?? false
  }

  func lines(width: Int) -> [Line] { BlockLayout(width: width).lines(blocks) }

  /// The contents of the code blocks in it, in order.
  var codeBlocks: [String] { Self.codeBlocks(blocks) }

  private static func codeBlocks(_ blocks: [MarkdownBlock]) -> [String] {
    blocks.flatMap { block -> [String] in
      switch block {
      case .code(_, let text): return [text]
      case .quote(let blocks): return codeBlocks(blocks)
      case .list(let items): return items.flatMap { codeBlocks($0.blocks) }
      case .paragraph, .heading, .rule, .table: return []
      }
    }
  }

  /// The text of a fenced block: without the fences, and without as much indent as the opening fence has.
  static func code(_ text: String, _ fence: SourceLine.Fence) -> String {
    text.withBytes { bytes in
      var result: [UInt8] = []
      var at = SourceLines.end(bytes, from: 0)
      while at < bytes.count {
        let end = SourceLines.end(bytes, from: at)
        if end == bytes.count, SourceLine(bytes[at..<end]).closes(fence) { break }
        result.append(contentsOf: bytes[(at + SourceLines.blanks(bytes, at..<end, upTo: fence.indent))..<end])
        at = end
      }
      return String(decoding: result, as: UTF8.self)
    }
  }

  /// A link definition would vanish, and with it the target that other chunks refer to: it is shown as text.
  private static func showingDefinitions(_ text: String) -> String {
    guard text.utf8.first == UInt8(ascii: "[") || text.utf8.first == 0x20 else { return text }
    return text.withBytes { bytes in
      var result: [UInt8] = []
      var at = 0
      while at < bytes.count {
        let end = SourceLines.end(bytes, from: at)
        guard SourceLine(bytes[at..<end]).isDefinition else { break }
        var line = bytes[(at + SourceLines.blanks(bytes, at..<end, upTo: 3))..<end]
        while let last = line.last, last == 0x0A || last == 0x0D { line = line.dropLast() }
        result.append(UInt8(ascii: "\\"))
        result.append(contentsOf: line)
        if end < bytes.count { result.append(contentsOf: [0x5C, 0x0A]) }
        at = end
      }
      return String(decoding: result + Array(bytes[at...]), as: UTF8.self)
    }
  }

  /// md4c wants three dashes in each column of the rule below a table's header, where GitHub is content with one.
  private static func wideningRules(_ text: String) -> String {
    let isPlain = !text.utf8.contains(UInt8(ascii: "|")) || text.contains("```") || text.contains("~~~")
    if isPlain { return text }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> Substring in
      let isRule =
        line.utf8.allSatisfy { "|:->\t\r ".utf8.contains($0) } && line.utf8.contains(UInt8(ascii: "|"))
      return isRule ? Substring(widened(line)) : line
    }
    return lines.joined(separator: "\n")
  }

  private static func widened(_ line: Substring) -> String {
    var result = ""
    var dashes = 0
    for character in line {
      if character != "-", (1...2).contains(dashes) { result += String(repeating: "-", count: 3 - dashes) }
      dashes = character == "-" ? dashes + 1 : 0
      result.append(character)
    }
    return (1...2).contains(dashes) ? result + String(repeating: "-", count: 3 - dashes) : result
  }

  /// An item of a list that was cut into chunks gets the number that it has in the whole list.
  private static func numbered(_ blocks: [MarkdownBlock], _ number: Int?) -> [MarkdownBlock] {
    guard let number, case .list(var items)? = blocks.first, !items.isEmpty, let last = items[0].marker.last,
      last == "." || last == ")"
    else { return blocks }
    items[0].marker = "\(number)\(last)"
    return [.list(items)] + blocks.dropFirst()
  }
}

/// Where lines of source end.
enum SourceLines {
  /// A line longer than this is read as several, so that the cost of one is bounded.
  static let maximumLine = 16_384

  /// The offset behind the line that starts at `start`: behind its line feed, or the end of the text.
  static func end(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var at = start
    let limit = min(bytes.count, start + maximumLine)
    while at < limit {
      if bytes[at] == 0x0A { return at + 1 }
      at += 1
    }
    // Not inside a scalar.
    while at < bytes.count, at > start + 1, bytes[at] & 0xC0 == 0x80 { at -= 1 }
    return at
  }

  /// Whether the line ends where it does because of a line feed or its length, and not because more is to come.
  static func isComplete(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Bool {
    line.upperBound < bytes.count || !line.isEmpty && bytes[line.upperBound - 1] == 0x0A
  }

  /// How many blanks begin a line, no more than `limit`.
  static func blanks(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, upTo limit: Int) -> Int {
    bytes[line].prefix(limit).prefix { $0 == 0x20 }.count
  }
}
