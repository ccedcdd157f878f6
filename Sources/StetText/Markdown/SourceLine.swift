/// What the beginning of a line of Markdown says, as far as it decides where top-level blocks begin and end
/// (CommonMark 0.30, chapter 4 and 5).
struct SourceLine {
  struct Fence: Hashable {
    var character: UInt8
    var length: Int
    var indent: Int
  }

  struct Marker: Hashable {
    /// The bullet, or the delimiter behind the number.
    var character: UInt8
    /// Nil for a bullet.
    var number: Int?
    /// Columns from the start of the line to the item's text.
    var contentIndent: Int
    var isEmpty: Bool

    func continues(_ other: Marker) -> Bool {
      character == other.character && (number == nil) == (other.number == nil)
    }
  }

  let indent: Int
  let isBlank: Bool
  /// The line from its first byte that is no blank, without the line end.
  private let bytes: Slice<UnsafeBufferPointer<UInt8>>

  /// Without the blanks before it and the line end.
  var trimmed: Slice<UnsafeBufferPointer<UInt8>> { bytes }

  init(_ line: Slice<UnsafeBufferPointer<UInt8>>) {
    var line = line
    while let last = line.last, last == 0x0A || last == 0x0D { line = line.dropLast() }
    var indent = 0
    var rest = line
    while let byte = rest.first, byte == 0x20 || byte == 0x09 {
      indent += byte == 0x09 ? 4 - indent % 4 : 1
      rest = rest.dropFirst()
    }
    self.indent = indent
    bytes = rest
    isBlank = rest.isEmpty
  }

  /// `# Title`
  var isHeading: Bool {
    guard indent < 4 else { return false }
    let hashes = bytes.prefix { $0 == UInt8(ascii: "#") }.count
    return hashes > 0 && hashes <= 6 && Self.isBlank(bytes.dropFirst(hashes).first)
  }

  /// `---`, `* * *`; below a paragraph, dashes in one run are its underline instead.
  var isRule: Bool {
    guard indent < 4, let first = bytes.first, first == 0x2D || first == 0x2A || first == 0x5F else {
      return false
    }
    var count = 0
    for byte in bytes {
      if byte == first { count += 1 } else if byte != 0x20 && byte != 0x09 { return false }
    }
    return count >= 3
  }

  /// `===` or `---` below a paragraph.
  var isUnderline: Bool {
    guard indent < 4, let first = bytes.first, first == 0x2D || first == 0x3D else { return false }
    return bytes.drop { $0 == first }.allSatisfy { $0 == 0x20 || $0 == 0x09 }
  }

  var isQuote: Bool { indent < 4 && bytes.first == UInt8(ascii: ">") }

  /// An opening fence.
  var fence: Fence? {
    guard indent < 4, let first = bytes.first, first == 0x60 || first == 0x7E else { return nil }
    let length = bytes.prefix { $0 == first }.count
    guard length >= 3 else { return nil }
    if first == 0x60, bytes.dropFirst(length).contains(0x60) { return nil }
    return Fence(character: first, length: length, indent: indent)
  }

  /// The first word behind an opening fence.
  var fenceLanguage: String {
    guard let fence else { return "" }
    let info = bytes.dropFirst(fence.length).drop { $0 == 0x20 || $0 == 0x09 }
    return String(decoding: info.prefix { $0 != 0x20 && $0 != 0x09 }, as: UTF8.self)
  }

  func closes(_ fence: Fence) -> Bool {
    guard indent < 4 else { return false }
    let length = bytes.prefix { $0 == fence.character }.count
    return length >= fence.length && bytes.dropFirst(length).allSatisfy { $0 == 0x20 || $0 == 0x09 }
  }

  /// `- `, `3. `
  var marker: Marker? {
    guard indent < 4, let first = bytes.first, !isRule else { return nil }
    var used = 1
    var number: Int?
    var character = first
    if first >= 0x30, first <= 0x39 {
      let digits = bytes.prefix { $0 >= 0x30 && $0 <= 0x39 }
      guard digits.count <= 9, let delimiter = bytes.dropFirst(digits.count).first,
        delimiter == UInt8(ascii: ".") || delimiter == UInt8(ascii: ")")
      else { return nil }
      number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
      character = delimiter
      used = digits.count + 1
    } else if first != 0x2D && first != 0x2B && first != 0x2A {
      return nil
    }
    let rest = bytes.dropFirst(used)
    guard Self.isBlank(rest.first) else { return nil }
    var blanks = 0
    var text = rest
    while let byte = text.first, byte == 0x20 || byte == 0x09 {
      let column = indent + used + blanks
      blanks += byte == 0x09 ? 4 - column % 4 : 1
      text = text.dropFirst()
    }
    let isEmpty = text.isEmpty
    // Five blanks and more: the item begins with indented code.
    let gap = isEmpty || blanks > 4 ? 1 : blanks
    return Marker(character: character, number: number, contentIndent: indent + used + gap, isEmpty: isEmpty)
  }

  /// `[label]: target`, which defines a link and shows nothing.
  var isDefinition: Bool {
    guard indent < 4, bytes.first == UInt8(ascii: "["), let close = bytes.firstIndex(of: UInt8(ascii: "]"))
    else {
      return false
    }
    return close > bytes.startIndex + 1 && bytes[(close + 1)...].first == UInt8(ascii: ":")
  }

  private static func isBlank(_ byte: UInt8?) -> Bool { byte == nil || byte == 0x20 || byte == 0x09 }
}
