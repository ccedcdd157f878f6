/// Finds the ends of TOML's keys and values in bytes, for the outline and the writer.
///
/// It does not judge: text that is not TOML gives some end within the text, never a trap. Whether a file is
/// valid is TOMLKit's to say.
struct TOMLLexer {
  let bytes: [UInt8]
  var index: Int

  init(_ bytes: [UInt8], at index: Int = 0) {
    self.bytes = bytes
    self.index = index
  }

  var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  func starts(with text: StaticString, at position: Int) -> Bool {
    let length = text.utf8CodeUnitCount
    guard position + length <= bytes.count else { return false }
    for offset in 0..<length where bytes[position + offset] != text.utf8Start[offset] { return false }
    return true
  }

  mutating func skipBlanks() {
    while let byte = current, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { index += 1 }
  }

  /// To the newline, or to the end of the text.
  mutating func skipToLineEnd() {
    while let byte = current, byte != UInt8(ascii: "\n") { index += 1 }
  }

  /// Past a string of any of the four kinds; a one-line string ends at the latest with its line.
  mutating func skipString() {
    guard let quote = current else { return }
    let escapes = quote == UInt8(ascii: "\"")
    let multiline = escapes ? starts(with: "\"\"\"", at: index) : starts(with: "'''", at: index)
    index += multiline ? 3 : 1
    while let byte = current {
      if escapes, byte == UInt8(ascii: "\\") {
        index = min(index + 2, bytes.count)
      } else if byte != quote {
        if !multiline, byte == UInt8(ascii: "\n") { return }
        index += 1
      } else if !multiline {
        index += 1
        return
      } else if escapes ? starts(with: "\"\"\"", at: index) : starts(with: "'''", at: index) {
        index += 3
        // Up to two quotes may stand right before the closing three.
        for _ in 0..<2 where current == quote { index += 1 }
        return
      } else {
        index += 1
      }
    }
  }

  /// Past a value: a string, an array, an inline table, or a bare word up to `,`, a bracket, a comment or the line's end.
  mutating func skipValue() {
    switch current {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): skipString()
    case UInt8(ascii: "["), UInt8(ascii: "{"): skipBrackets()
    default: skipBare()
    }
  }

  private mutating func skipBrackets() {
    var depth = 0
    while let byte = current {
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        index += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        index += 1
        if depth == 0 { return }
      case UInt8(ascii: "\""), UInt8(ascii: "'"): skipString()
      case UInt8(ascii: "#"): skipToLineEnd()
      default: index += 1
      }
    }
  }

  private mutating func skipBare() {
    let start = index
    while let byte = current, !Self.endsBareValue(byte) { index += 1 }
    while index > start, let last = Optional(bytes[index - 1]), last == 0x20 || last == 0x09 || last == 0x0D {
      index -= 1
    }
  }

  private static func endsBareValue(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\n"), UInt8(ascii: "#"), UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"):
      return true
    default: return false
    }
  }

  /// Reads `a."b c".d`; nil if there is no key here. Leaves the index after the key and its blanks.
  mutating func key() -> [String]? {
    var parts: [String] = []
    while true {
      skipBlanks()
      guard let part = keyPart() else { return nil }
      parts.append(part)
      skipBlanks()
      guard current == UInt8(ascii: ".") else { return parts }
      index += 1
    }
  }

  private mutating func keyPart() -> String? {
    let start = index
    if let quote = current, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      skipString()
      guard index - start >= 2 else { return nil }
      let inner = bytes[(start + 1)..<(index - 1)]
      return quote == UInt8(ascii: "'") ? String(decoding: inner, as: UTF8.self) : TOMLText.unescape(inner)
    }
    while let byte = current, TOMLText.isBareKey(byte) { index += 1 }
    return index > start ? String(decoding: bytes[start..<index], as: UTF8.self) : nil
  }
}
