import Glibc
import StetJSON

/// Walks over the text of a record as `ThreadRecord` writes it: members in their order, no blanks. What is written
/// otherwise is not recognised and has to be parsed.
struct RecordText {
  private let bytes: UnsafeRawBufferPointer
  private var index = 0

  /// Valid as long as the bytes are.
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Passes over a text that must come next.
  mutating func take(_ text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    guard index + length <= bytes.count else { return false }
    guard let base = bytes.baseAddress, memcmp(base + index, text.utf8Start, length) == 0 else {
      return false
    }
    index += length
    return true
  }

  /// A whole number that is not negative.
  mutating func number() -> Int64? {
    let start = index
    var value: Int64 = 0
    while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) {
      // More digits than a time in milliseconds has are not of our writing.
      guard index - start < 17 else { return nil }
      value = value * 10 + Int64(bytes[index] - UInt8(ascii: "0"))
      index += 1
    }
    return index == start ? nil : value
  }

  /// The bytes of a string without escapes, from behind its opening quotation mark to behind its closing one.
  mutating func plain() -> UnsafeRawBufferPointer? {
    let start = index
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      if bytes[index] == UInt8(ascii: "\\") { return nil }
      index += 1
    }
    guard index < bytes.count else { return nil }
    defer { index += 1 }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<index])
  }

  /// The value that is left before the closing brace of the record, from `place`; nil unless it is one whole value.
  func rest(from place: Int) -> UnsafeRawBufferPointer? {
    guard let last = bytes.last, last == UInt8(ascii: "}"), place < bytes.count - 1 else { return nil }
    let rest = UnsafeRawBufferPointer(rebasing: bytes[place..<(bytes.count - 1)])
    return JSONText.isOneValue(rest) ? rest : nil
  }

  /// Whether a text that begins with a quotation mark stands somewhere in the bytes.
  static func contains(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    guard let base = bytes.baseAddress else { return false }
    var start = 0
    while start + length <= bytes.count,
      let found = memchr(base + start, Int32(UInt8(ascii: "\"")), bytes.count - length - start + 1)
    {
      start = base.distance(to: UnsafeRawPointer(found))
      if memcmp(base + start, text.utf8Start, length) == 0 { return true }
      start += 1
    }
    return false
  }

  var place: Int { index }

  var isAtEnd: Bool { index == bytes.count }
}
