/// A finished Markdown text: CommonMark with tables, task lists, strikethrough and bare links.
///
/// Parsed once when it is made; laid out at any width. A value; any thread.
public struct MarkdownDocument: Sendable {
  private let chunks: [ParsedChunk]

  public init(_ source: String) {
    chunks = source.withBytes { bytes in
      var splitter = ChunkSplitter()
      var found: [MarkdownChunk] = []
      var at = 0
      while at < bytes.count {
        let end = SourceLines.end(bytes, from: at)
        splitter.read(bytes, line: at..<end, into: &found)
        at = end
      }
      splitter.finish(into: &found)
      return found.map { chunk in
        ParsedChunk(chunk, text: String(decoding: bytes[chunk.range], as: UTF8.self))
      }
    }
  }

  /// The lines at a width of at least 1 column, without empty lines at the ends.
  public func lines(width: Int) -> [Line] {
    var result: [Line] = []
    for (index, chunk) in chunks.enumerated() {
      if index > 0, chunk.isApart(from: chunks[index - 1]) { result.append(.empty) }
      result += chunk.lines(width: width)
    }
    return result
  }

  /// The contents of the code blocks, in order, as they stand in the source.
  public var codeBlocks: [String] { chunks.flatMap(\.codeBlocks) }
}
