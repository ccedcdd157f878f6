/// Cuts a text to what a model gets of it: head and tail one to one, whole lines, whole scalars (C9).
enum OutputCutter {
  /// Bytes of one output for the model by default: about 2,500 tokens, Codex's figure for models without metadata.
  static let defaultLimit = 10_000
  /// What `max_output_tokens` may raise it to, at four bytes a token.
  static let tokenLimit = 10_000

  /// Stands before the path of the file that keeps a whole output, and of one that keeps its beginning.
  static let filePhrases = (whole: "; the whole output is in ", part: " bytes of it are in ")

  /// The bytes that a call asked for with `max_output_tokens`.
  static func limit(_ arguments: ToolArguments) throws(ToolArgumentError) -> Int {
    4 * (try arguments.int("max_output_tokens", default: defaultLimit / 4, in: 1...tokenLimit))
  }

  /// - Parameter file: where the whole output can be read; named in the gap (C8).
  static func cut(_ text: String, to limit: Int, file: KeptOutput?) -> String {
    let bytes = Array(text.utf8)
    guard bytes.count > limit else { return text }
    return join(bytes, bytes, total: bytes.count, lines: bytes.count { $0 == 0x0A }, limit, file)
  }

  /// The same for output of which only both ends were kept; terminal codes are stripped (T9).
  static func cut(_ output: OutputBuffer, to limit: Int, file: KeptOutput?) -> String {
    let (head, tail) = output.parts
    let first = PlainOutput.strip(String(decoding: head, as: UTF8.self))
    guard output.omitted > 0 else { return cut(first, to: limit, file: file) }
    let last = PlainOutput.strip(String(decoding: tail, as: UTF8.self))
    return join(
      Array(first.utf8), Array(last.utf8), total: output.total, lines: output.lineFeeds, limit, file)
  }

  private static func join(
    _ first: [UInt8], _ last: [UInt8], total: Int, lines: Int, _ limit: Int, _ file: KeptOutput?
  ) -> String {
    let half = max(limit / 2, 1)
    let head = beginning(first.prefix(half))
    let tail = ending(last.suffix(half))
    var gap = "… \(max(total - head.count - tail.count, 0)) of \(total) bytes cut (\(lines) lines in all)"
    if let file {
      gap += file.bytes.map { "; the first \($0)\(filePhrases.part)" } ?? filePhrases.whole
      gap += "\(file.path): read a part of it with read_file or sed -n"
    }
    return String(decoding: head, as: UTF8.self) + "\n" + gap + " …\n" + String(decoding: tail, as: UTF8.self)
  }

  /// The whole lines of a beginning; one inside a long line is cut at a scalar instead.
  private static func beginning(_ part: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    if let end = part.lastIndex(of: 0x0A) { return part[..<end] }
    return part.dropLast(OutputBuffer.incompleteEnd(of: part))
  }

  private static func ending(_ part: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    // The last line feed ends the text; it begins no line.
    if let start = part.dropLast().firstIndex(of: 0x0A) { return part[(start + 1)...] }
    return part.drop { $0 & 0xC0 == 0x80 }
  }
}
