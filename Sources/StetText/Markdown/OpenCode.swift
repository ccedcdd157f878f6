/// The lines of a fenced block that is still arriving.
struct OpenCode: Sendable {
  /// Where the block starts in the source.
  let start: Int
  /// The lines that are complete.
  private(set) var lines: [Line] = []
  private var layout: CodeLayout
  /// Up to where complete lines were read; at first, the opening fence.
  private var readTo: Int?

  init(start: Int, language: String, width: Int) {
    self.start = start
    layout = CodeLayout(language: language, width: width)
  }

  /// Reads complete lines into `lines`; returns how the incomplete one looks now. An empty block has one empty line.
  mutating func read(
    _ bytes: UnsafeBufferPointer<UInt8>, _ fence: SourceLine.Fence, isFinished: Bool
  ) -> [Line] {
    var at = readTo ?? SourceLines.end(bytes, from: start)
    while at < bytes.count {
      let end = SourceLines.end(bytes, from: at)
      guard SourceLines.isComplete(bytes, at..<end) else { break }
      lines += layout.lines(text(bytes, at..<end, fence))
      at = end
    }
    readTo = at
    var next = layout
    let partial = SourceLine(bytes[at...])
    let mayClose = isFinished ? partial.closes(fence) : partial.mayClose(fence)
    if at < bytes.count, !mayClose { return next.lines(text(bytes, at..<bytes.count, fence)) }
    return lines.isEmpty ? next.lines("") : []
  }

  private func text(
    _ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, _ fence: SourceLine.Fence
  ) -> String {
    let start = line.lowerBound + SourceLines.blanks(bytes, line, upTo: fence.indent)
    let end = bytes[line.upperBound - 1] == 0x0A ? line.upperBound - 1 : line.upperBound
    return start < end ? String(decoding: bytes[start..<end], as: UTF8.self) : ""
  }
}
