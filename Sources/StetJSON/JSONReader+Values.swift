extension JSONReader {
  /// Reads one value of any kind as a tree.
  public mutating func readValue() throws(JSONError) -> JSONValue {
    switch try peek() {
    case .null, .bool: return try readLiteral()
    case .number: return try readNumber()
    case .string: return .string(try readString())
    case .array:
      try beginArray()
      var elements: [JSONValue] = []
      while try nextElement() { elements.append(try readValue()) }
      return .array(elements)
    case .object:
      try beginObject()
      var object = JSONObject()
      while let key = try nextKey() { object[key] = try readValue() }
      return .object(object)
    }
  }

  mutating func readLiteral() throws(JSONError) -> JSONValue {
    skipBlanks()
    for (word, value) in Self.literals where bytes.dropFirst(position).starts(with: word) {
      position += word.count
      return value
    }
    guard position < bytes.count else { throw end() }
    throw unexpected("true, false or null")
  }

  private static let literals: [([UInt8], JSONValue)] = [
    (Array("true".utf8), .bool(true)), (Array("false".utf8), .bool(false)), (Array("null".utf8), .null),
  ]

  /// Reads a number: `int` when it is whole and fits, else `double`. A magnitude beyond Double is an error.
  mutating func readNumber() throws(JSONError) -> JSONValue {
    skipBlanks()
    let start = position
    var isWhole = true
    if take(UInt8(ascii: "-")) {}
    if take(UInt8(ascii: "0")) {
      if position < bytes.count, isDigit(bytes[position]) { throw badNumber(start) }
    } else if !takeDigits() {
      throw badNumber(start)
    }
    if take(UInt8(ascii: ".")) {
      isWhole = false
      if !takeDigits() { throw badNumber(start) }
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      isWhole = false
      position += 1
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      if !takeDigits() { throw badNumber(start) }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, text != "-0", let value = Int64(text) { return .int(value) }
    guard let value = Double(text), value.isFinite else { throw badNumber(start) }
    return .double(value)
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func takeDigits() -> Bool {
    let start = position
    while position < bytes.count, isDigit(bytes[position]) { position += 1 }
    return position > start
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  private func badNumber(_ start: Int) -> JSONError {
    JSONError(.badNumber, "not a number that can be kept", at: start, in: bytes)
  }

  /// Reads a string, its escapes resolved. Lone surrogates and invalid UTF-8 become U+FFFD.
  public mutating func readString() throws(JSONError) -> String {
    skipBlanks()
    let start = position + 1
    let hasEscapes = try passString()
    let content = bytes[start..<(position - 1)]
    if !hasEscapes { return String(decoding: content, as: UTF8.self) }
    return try unescape(content)
  }

  mutating func skipString() throws(JSONError) {
    let start = position + 1
    if try passString() { _ = try unescape(bytes[start..<(position - 1)]) }
  }

  /// Moves behind the closing quotation mark; says whether a backslash was passed.
  private mutating func passString() throws(JSONError) -> Bool {
    guard position < bytes.count else { throw end() }
    guard bytes[position] == UInt8(ascii: "\"") else { throw unexpected("a string") }
    position += 1
    var hasEscapes = false
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return hasEscapes
      case UInt8(ascii: "\\"):
        hasEscapes = true
        position += 2
      case 0..<0x20:
        throw JSONError(.badString, "a control character in a string", at: position, in: bytes)
      default:
        position += 1
      }
    }
    throw end()
  }

  private func unescape(_ content: ArraySlice<UInt8>) throws(JSONError) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(content.count)
    var index = content.startIndex
    while index < content.endIndex {
      let byte = content[index]
      guard byte == UInt8(ascii: "\\") else {
        out.append(byte)
        index += 1
        continue
      }
      let escape = content[index + 1]
      if let plain = Self.plainEscapes[escape] {
        out.append(plain)
        index += 2
      } else if escape == UInt8(ascii: "u") {
        let scalar: Unicode.Scalar
        (scalar, index) = try scalarEscape(content, at: index)
        out.append(contentsOf: Array(String(Character(scalar)).utf8))
      } else {
        throw JSONError(.badEscape, "an unknown escape in a string", at: index, in: bytes)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static let plainEscapes: [UInt8: UInt8] = [
    UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
    UInt8(ascii: "/"): UInt8(ascii: "/"), UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C,
    UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
  ]

  /// Reads `\uXXXX`, or a pair of them that makes one scalar; answers it and the index behind it.
  private func scalarEscape(_ content: ArraySlice<UInt8>, at index: Int) throws(JSONError) -> (
    Unicode.Scalar, Int
  ) {
    let replacement: Unicode.Scalar = "\u{FFFD}"
    let unit = try codeUnit(content, at: index)
    guard (0xD800..<0xE000).contains(unit) else { return (Unicode.Scalar(unit) ?? replacement, index + 6) }
    let next = index + 6
    guard unit < 0xDC00, next + 1 < content.endIndex, content[next] == UInt8(ascii: "\\"),
      content[next + 1] == UInt8(ascii: "u")
    else { return (replacement, next) }
    let low = try codeUnit(content, at: next)
    guard (0xDC00..<0xE000).contains(low) else { return (replacement, next) }
    let combined = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
    return (Unicode.Scalar(combined) ?? replacement, next + 6)
  }

  private func codeUnit(_ content: ArraySlice<UInt8>, at index: Int) throws(JSONError) -> UInt32 {
    let digits = content[index...].dropFirst(2).prefix(4)
    let text = String(decoding: digits, as: UTF8.self)
    guard digits.count == 4, text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
      let value = UInt32(text, radix: 16)
    else { throw JSONError(.badEscape, "a \\u escape without four hex digits", at: index, in: bytes) }
    return value
  }
}
