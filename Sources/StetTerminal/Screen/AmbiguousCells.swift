import StetText

/// Characters of ambiguous width in two columns, which ncurses can't do: it asks wcwidth, and that says one.
///
/// ncurses is given a filler that wcwidth calls wide, with the character behind it in the same cell; on the way out the
/// filler gives place to what makes both columns blank, writes the character, and puts the cursor behind the two. So the
/// columns after it are right whether the terminal draws the character wide, as the user's setting says, or not.
enum AmbiguousCells {
  /// HANGUL CHOSEONG FILLER: two columns by wcwidth, and never in a cell, since text with it is shown with U+FFFD.
  static let filler: Unicode.Scalar = "\u{115F}"
  private static let fillerBytes: [UInt8] = [0xE1, 0x85, 0x9F]

  // The place is saved for each return: some terminals forget it when they have gone back.
  private static let before = Array("\u{1B}7  \u{1B}8\u{1B}7".utf8)
  private static let behind = Array("\u{1B}8\u{1B}[2C".utf8)

  /// The bytes of a frame with every filler resolved.
  static func place(_ bytes: [UInt8]) -> [UInt8] {
    guard var next = index(of: fillerBytes, in: bytes, from: 0) else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count * 2)
    var at = 0
    while true {
      result += bytes[at..<next]
      let start = next + fillerBytes.count
      at = glyphEnd(bytes, start)
      result += before + bytes[start..<at] + behind
      guard let following = index(of: fillerBytes, in: bytes, from: at) else { break }
      next = following
    }
    return result + bytes[at...]
  }

  private static func index(of part: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    var at = start
    while at + part.count <= bytes.count {
      if bytes[at] == part[0], bytes[at + 1] == part[1], bytes[at + 2] == part[2] { return at }
      at += 1
    }
    return nil
  }

  /// Where the character that begins at `start` ends, with the marks on it.
  private static func glyphEnd(_ bytes: [UInt8], _ start: Int) -> Int {
    var end = scalarEnd(bytes, start)
    while end < bytes.count, bytes[end] >= 0xC0 {
      let next = scalarEnd(bytes, end)
      let text = String(decoding: bytes[end..<next], as: UTF8.self)
      guard text.unicodeScalars.allSatisfy({ Width.of($0) == 0 }) else { break }
      end = next
    }
    return end
  }

  private static func scalarEnd(_ bytes: [UInt8], _ start: Int) -> Int {
    guard start < bytes.count else { return bytes.count }
    let lead = bytes[start]
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1
    return min(start + length, bytes.count)
  }
}
