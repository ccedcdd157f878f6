/// A Markdown text that is still arriving, laid out again with work for its tail alone.
///
/// What it shows depends on the source so far, not on how it was cut into deltas; after `finish()` it shows what
/// `MarkdownDocument` does. Text already shown doesn't jump (U14): finished blocks are frozen, a construct that is half
/// there (a table, a link, `**`) waits or is shown as what it is about to be. A value; any thread.
public struct StreamingMarkdown: Sendable {
  /// Everything that arrived.
  public private(set) var source = ""
  private var isFinished = false

  private var splitter = ChunkSplitter()
  /// Up to where the splitter has read, which is the start of a line.
  private var readTo = 0
  /// The finished chunks.
  private var parsed: [ParsedChunk] = []

  /// Lines at `width`: of the first `laidOut` chunks, `frozenCount` in number, and after them those of the tail.
  private var rendered: [Line] = []
  private var width = 0
  private var laidOut = 0
  private var frozenCount = 0
  private var openCode: OpenCode?

  /// How many of the lines that `lines(width:)` gave last stay as they are at that width, whatever arrives.
  public private(set) var stableCount = 0

  public init() {}

  /// Adds what arrived. Ignored after `finish()`.
  public mutating func append(_ delta: String) {
    guard !isFinished, !delta.isEmpty else { return }
    source += delta
    source.makeContiguousUTF8()
    readCompleteLines()
  }

  /// Says that nothing more comes: what was held back is shown.
  public mutating func finish() {
    isFinished = true
  }

  /// The contents of the code blocks so far, in order.
  public var codeBlocks: [String] { parsed.flatMap(\.codeBlocks) + tailChunks().flatMap(\.codeBlocks) }

  /// The lines at a width of at least 1 column.
  public mutating func lines(width: Int) -> [Line] {
    if width != self.width {
      self.width = width
      rendered = []
      (laidOut, frozenCount) = (0, 0)
      openCode = nil
    }
    rendered.removeSubrange(frozenCount...)
    while laidOut < parsed.count {
      separate(parsed[laidOut], from: laidOut > 0 ? parsed[laidOut - 1] : nil)
      rendered += parsed[laidOut].lines(width: width)
      laidOut += 1
    }
    frozenCount = rendered.count
    stableCount = frozenCount
    if case .fence(let fence, let language)? = splitter.openChunk?.kind {
      appendOpenCode(fence, language)
    } else {
      openCode = nil
      appendTail()
    }
    return rendered
  }

  private mutating func readCompleteLines() {
    var found: [MarkdownChunk] = []
    var (splitter, readTo) = (splitter, readTo)
    source.withBytes { bytes in
      while readTo < bytes.count {
        let end = SourceLines.end(bytes, from: readTo)
        guard SourceLines.isComplete(bytes, readTo..<end) else { break }
        splitter.read(bytes, line: readTo..<end, into: &found)
        readTo = end
      }
    }
    (self.splitter, self.readTo) = (splitter, readTo)
    for chunk in found { parsed.append(ParsedChunk(chunk, text: text(chunk.range))) }
  }

  private func text(_ range: Range<Int>) -> String {
    let utf8 = source.utf8
    let lower = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
    return String(source[lower..<utf8.index(lower, offsetBy: range.count)])
  }

  private mutating func separate(_ chunk: ParsedChunk, from above: ParsedChunk?) {
    if let above, chunk.isApart(from: above) { rendered.append(.empty) }
  }

  /// What is not there for good: the open chunk and the line that is not complete.
  private mutating func appendTail() {
    var above = parsed.last
    for chunk in tailChunks() {
      separate(chunk, from: above)
      rendered += chunk.lines(width: width)
      above = chunk
    }
  }

  private func tailChunks() -> [ParsedChunk] {
    var found: [MarkdownChunk] = []
    var splitter = splitter
    source.withBytes { bytes in
      let partial = readTo..<bytes.count
      if !partial.isEmpty, isFinished || !PartialLine.isUndecided(bytes[partial]) {
        splitter.read(bytes, line: partial, into: &found)
      }
      splitter.finish(into: &found)
    }
    return found.enumerated().compactMap { index, chunk in
      let text = text(chunk.range)
      let isLast = index == found.count - 1 && !isFinished
      return isLast ? UnfinishedChunk.parse(chunk, text: text) : ParsedChunk(chunk, text: text)
    }
  }

  /// A fenced block that is open: its complete lines are laid out once.
  private mutating func appendOpenCode(_ fence: SourceLine.Fence, _ language: String) {
    let start = splitter.openStart ?? readTo
    var code = openCode ?? OpenCode(start: start, language: language, width: width)
    if code.start != start { code = OpenCode(start: start, language: language, width: width) }
    openCode = nil
    separate(ParsedChunk(kind: .fence(fence, language: language), blocks: []), from: parsed.last)
    let partial = source.withBytes { code.read($0, fence, isFinished: isFinished) }
    rendered += code.lines
    stableCount = rendered.count
    rendered += partial
    openCode = code
  }
}
