/// A file as patches see it: lines end at LF, CRLF or a lone CR; a byte order mark belongs to no line.
struct TextLines {
  struct Line: Hashable {
    var text: ArraySlice<UInt8>
    var ending: ArraySlice<UInt8>
  }

  static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  let hasMark: Bool
  let lines: [Line]
  /// The end of the first line; LF for a file without any.
  let firstEnding: [UInt8]

  init(_ bytes: [UInt8]) {
    hasMark = bytes.starts(with: Self.mark)
    firstEnding = LineEndings.first(of: bytes)
    var lines: [Line] = []
    var start = hasMark ? Self.mark.count : 0
    var index = start
    while index < bytes.count {
      guard bytes[index] == LineEndings.lf || bytes[index] == LineEndings.cr else {
        index += 1
        continue
      }
      let isPair =
        bytes[index] == LineEndings.cr && index + 1 < bytes.count && bytes[index + 1] == LineEndings.lf
      let next = index + (isPair ? 2 : 1)
      lines.append(Line(text: bytes[start..<index], ending: bytes[index..<next]))
      start = next
      index = next
    }
    if start < bytes.count { lines.append(Line(text: bytes[start...], ending: bytes[bytes.endIndex...])) }
    self.lines = lines
  }

  var lacksFinalNewline: Bool { lines.last?.ending.isEmpty ?? false }
}
