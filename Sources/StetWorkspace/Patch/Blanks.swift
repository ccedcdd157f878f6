/// Blanks and punctuation of lines, on bytes: invalid UTF-8 passes through untouched.
enum Blanks {
  /// Without blanks (Unicode's White_Space) on both sides.
  static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = trimmedEnd(line)
    while let length = leadingBlank(rest) { rest = rest.dropFirst(length) }
    return rest
  }

  static func trimmedEnd(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = line
    while let length = trailingBlank(rest) { rest = rest.dropLast(length) }
    return rest
  }

  /// The blanks and tabs that a line starts with.
  static func indentation(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    line.prefix { $0 == 32 || $0 == 9 }
  }

  /// Trimmed, with typographic dashes, quotes and blanks as their ASCII forms.
  static func folded(_ line: ArraySlice<UInt8>) -> [UInt8] {
    let trimmed = trimmed(line)
    guard trimmed.contains(where: { $0 >= 0x80 }), let text = String(validating: trimmed, as: UTF8.self)
    else {
      return Array(trimmed)
    }
    var out: [UInt8] = []
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x2010...0x2015, 0x2212: out.append(UInt8(ascii: "-"))
      case 0x2018...0x201B: out.append(UInt8(ascii: "'"))
      case 0x201C...0x201F: out.append(UInt8(ascii: "\""))
      case 0xA0, 0x2002...0x200A, 0x202F, 0x205F, 0x3000: out.append(UInt8(ascii: " "))
      default: out.append(contentsOf: String(scalar).utf8)
      }
    }
    return out
  }

  private static func isASCIIBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

  /// The non-ASCII characters of White_Space, all of two or three bytes.
  private static let wide: [[UInt8]] =
    ([0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000] + (0x2000...0x200A)).compactMap { value in
      Unicode.Scalar(UInt32(value)).map { Array(String($0).utf8) }
    }

  private static func leadingBlank(_ line: ArraySlice<UInt8>) -> Int? {
    guard let first = line.first else { return nil }
    if isASCIIBlank(first) { return 1 }
    return first < 0x80 ? nil : wide.first { line.starts(with: $0) }?.count
  }

  private static func trailingBlank(_ line: ArraySlice<UInt8>) -> Int? {
    guard let last = line.last else { return nil }
    if isASCIIBlank(last) { return 1 }
    return last < 0x80 ? nil : wide.first { line.suffix($0.count).elementsEqual($0) }?.count
  }
}
