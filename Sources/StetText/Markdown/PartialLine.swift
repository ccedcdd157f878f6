/// The beginning of a line whose end has not come.
enum PartialLine {
  /// Whether it could still become several things (a rule, an underline, a fence, a list item), so that showing it
  /// now would mean to take it back. Such beginnings are a few characters long.
  static func isUndecided(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    var rest = line
    var isItem = false
    while true {
      let before = rest.count
      rest = rest.drop { isBlank($0) }
      if rest.first == UInt8(ascii: ">") { rest = rest.dropFirst() }
      if let used = marker(rest) {
        rest = rest.dropFirst(used)
        isItem = true
      }
      if rest.count == before { break }
    }
    if rest.allSatisfy({ undecided.contains($0) }) { return true }
    let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
    let behind = rest.dropFirst(digits.count)
    if !digits.isEmpty, digits.count <= 9, behind.isEmpty || behind.count == 1 && isDelimiter(behind.first) {
      return true
    }
    if isItem, rest.first == UInt8(ascii: "["), rest.count < 4 { return true }
    return rest.starts(with: [0x60, 0x60, 0x60]) || rest.starts(with: [0x7E, 0x7E, 0x7E])
  }

  private static let undecided = Set("-=*_+#`~>|: \t\r".utf8)

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func isDelimiter(_ byte: UInt8?) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: ")")
  }

  /// The length of a list marker with the blank behind it.
  static func marker(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    guard let first = line.first else { return nil }
    var length = 1
    if first >= 0x30, first <= 0x39 {
      let digits = line.prefix { $0 >= 0x30 && $0 <= 0x39 }.count
      guard digits <= 9, isDelimiter(line.dropFirst(digits).first) else { return nil }
      length = digits + 1
    } else if first != 0x2D && first != 0x2A && first != 0x2B {
      return nil
    }
    guard let next = line.dropFirst(length).first, isBlank(next) else { return nil }
    return length + 1
  }
}

extension SourceLine {
  /// Whether more characters could make this line close the fence.
  func mayClose(_ fence: Fence) -> Bool {
    indent < 4 && !isBlank && trimmed.allSatisfy { $0 == fence.character }
  }
}
