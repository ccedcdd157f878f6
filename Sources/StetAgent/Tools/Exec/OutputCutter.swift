/// Cuts a text to what a model gets of it: head and tail one to one, whole lines, whole scalars (C9).
enum OutputCutter {
  /// Bytes of one output for the model by default: about 2,500 tokens, Codex's figure for models without metadata.
  static let defaultLimit = 10_000
  /// What `max_output_tokens` may raise it to, at four bytes a token.
  static let tokenLimit = 10_000

  /// - Parameter file: where the whole output can be read; named in the gap (C8).
  static func cut(_ text: String, to limit: Int, file: String?) -> String {
    let bytes = Array(text.utf8)
    guard bytes.count > limit else { return text }
    let half = max(limit / 2, 1)
    let head = lines(bytes[..<half], keeping: .start)
    let tail = lines(bytes[(bytes.count - half)...], keeping: .end)
    let omitted = bytes.count - head.count - tail.count
    let lineCount = bytes.count { $0 == 0x0A }
    var gap = "… \(omitted) of \(bytes.count) bytes cut (\(lineCount) lines in all)"
    if let file { gap += "; the whole output is in \(file): read a part of it with read_file or sed -n" }
    return String(decoding: head, as: UTF8.self) + "\n" + gap + " …\n" + String(decoding: tail, as: UTF8.self)
  }

  private enum Side { case start, end }

  /// The whole lines of a part; a part inside one long line is cut at a scalar instead.
  private static func lines(_ part: ArraySlice<UInt8>, keeping side: Side) -> ArraySlice<UInt8> {
    switch side {
    case .start:
      if let end = part.lastIndex(of: 0x0A) { return part[..<end] }
      var end = part.endIndex
      while end > part.startIndex, isIncomplete(part[..<end]) { end -= 1 }
      return part[..<end]
    case .end:
      if let start = part.firstIndex(of: 0x0A) { return part[(start + 1)...] }
      return part.drop { $0 & 0xC0 == 0x80 }
    }
  }

  /// Whether the last scalar of the part lacks bytes.
  private static func isIncomplete(_ part: ArraySlice<UInt8>) -> Bool {
    let continuation = part.reversed().prefix(3).prefix { $0 & 0xC0 == 0x80 }.count
    guard let lead = part.dropLast(continuation).last, lead >= 0xC0 else { return false }
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    return continuation + 1 < length
  }
}
