/// Tells whether bytes are one JSON value without reading it into anything: some 1 GB/s, for texts that are passed on.
///
/// What `JSONReader` refuses is refused here too; a value with blanks between its parts is none of ours and is also
/// refused, so that whoever has it parses it.
enum JSONShape {
  static func isOneValue(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var walk = JSONWalk(bytes: bytes)
    return walk.value() && walk.isAtEnd && (!walk.hasHighBytes || isUTF8(bytes))
  }

  private static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
    String(validating: bytes, as: UTF8.self) != nil
  }
}

/// Walks over one value, iteratively: nesting costs a bit, no stack.
private struct JSONWalk {
  let bytes: UnsafeRawBufferPointer
  private(set) var hasHighBytes = false
  private var index = 0
  /// One flag a level, the innermost last: whether it is an object.
  private var levels: [Bool] = []

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { index == bytes.count }

  private var next: UInt8 { index < bytes.count ? bytes[index] : 0 }

  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: byte) else { return false }
    index += 1
    return true
  }

  mutating func value() -> Bool {
    while true {
      // A value begins here.
      if next == UInt8(ascii: "{") || next == UInt8(ascii: "[") {
        guard levels.count < JSONReader.maximumDepth else { return false }
        let isObject = next == UInt8(ascii: "{")
        index += 1
        levels.append(isObject)
        if next != UInt8(ascii: isObject ? "}" : "]") {
          if isObject, !key() { return false }
          continue
        }
      } else if !scalar() {
        return false
      }
      // A value, or an empty container, ended here.
      while let isObject = levels.last {
        if take(",") {
          if isObject, !key() { return false }
          break
        }
        guard take(isObject ? "}" : "]") else { return false }
        levels.removeLast()
      }
      if levels.isEmpty { return true }
    }
  }

  /// Digits before the point, exponent included, that any double can have.
  private static let largestMagnitude = 308

  private mutating func key() -> Bool { next == UInt8(ascii: "\"") && string() && take(":") }

  private mutating func scalar() -> Bool {
    switch next {
    case UInt8(ascii: "\""): string()
    case UInt8(ascii: "t"): word("true")
    case UInt8(ascii: "f"): word("false")
    case UInt8(ascii: "n"): word("null")
    default: number()
    }
  }

  private mutating func word(_ text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    guard index + length <= bytes.count else { return false }
    for offset in 0..<length where bytes[index + offset] != text.utf8Start[offset] { return false }
    index += length
    return true
  }

  private mutating func digits() -> Bool {
    let start = index
    while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) { index += 1 }
    return index > start
  }

  /// A number too large for a double is none to the reader: who has one parses it.
  private mutating func number() -> Bool {
    _ = take("-")
    let start = index
    if !take("0"), !digits() { return false }
    var magnitude = index - start
    if take("."), !digits() { return false }
    if take("e") || take("E") {
      let isNegative = take("-")
      if !isNegative { _ = take("+") }
      let begin = index
      guard digits(), index - begin <= 3 else { return false }
      let exponent = bytes[begin..<index].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
      if !isNegative { magnitude += exponent }
    }
    return magnitude <= Self.largestMagnitude
  }

  /// A string from its opening quotation mark on, eight bytes at a time where none of them is special.
  private mutating func string() -> Bool {
    index += 1
    while true {
      while index + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        if Self.hasSpecial(word) { break }
        index += 8
      }
      guard index < bytes.count else { return false }
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return true
      case UInt8(ascii: "\\"): if !escape() { return false }
      case 0..<0x20: return false
      case 0x80...: hasHighBytes = true
      default: break
      }
    }
  }

  /// Whether a byte of the word is a quotation mark, a backslash, a control character or not ASCII.
  private static func hasSpecial(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    func hasZero(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
    let controls = (word &- ones &* 0x20) & ~word
    return (word | hasZero(word ^ ones &* 0x22) | hasZero(word ^ ones &* 0x5C) | controls) & highs != 0
  }

  private mutating func escape() -> Bool {
    let byte = next
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return true
    case UInt8(ascii: "u"):
      // Half of a surrogate pair may be no text at all: who has one parses it.
      guard let unit = hex4() else { return false }
      if (0xDC00...0xDFFF).contains(unit) { return false }
      guard (0xD800...0xDBFF).contains(unit) else { return true }
      guard take("\\"), take("u"), let low = hex4() else { return false }
      return (0xDC00...0xDFFF).contains(low)
    default: return false
    }
  }

  private mutating func hex4() -> Int? {
    guard index + 4 <= bytes.count else { return nil }
    var value = 0
    for _ in 0..<4 {
      switch bytes[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value * 16 + Int(bytes[index] - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"):
        value = value * 16 + Int(bytes[index] - UInt8(ascii: "a")) + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"):
        value = value * 16 + Int(bytes[index] - UInt8(ascii: "A")) + 10
      default: return nil
      }
      index += 1
    }
    return value
  }
}
