/// A pull reader over one JSON text: read the next value, or walk into it and skip what is of no use.
///
/// Hot paths (model deltas) walk; everything else reads trees. The reader owns its bytes, never traps on bad input, and
/// refuses nesting beyond `maximumDepth`.
public struct JSONReader: Sendable {
  /// Deeper nesting is an attack on the stack, not a message.
  public static let maximumDepth = 256

  public enum Kind: Sendable { case null, bool, number, string, array, object }

  let bytes: [UInt8]
  var position = 0
  var depth = 0

  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    // A byte order mark is no part of the text (RFC 8259 §8.1 lets a parser ignore it).
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The kind of the value that comes next, without reading it.
  public mutating func peek() throws(JSONError) -> Kind {
    skipBlanks()
    guard position < bytes.count else { throw end() }
    switch bytes[position] {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    default: throw unexpected("a value")
    }
  }

  /// Enters an object; then call `nextKey` until it answers nil, reading or skipping one value after each key.
  public mutating func beginObject() throws(JSONError) { try open(UInt8(ascii: "{"), "an object") }

  /// Enters an array; then call `nextElement` until it answers false, reading or skipping one value after each true.
  public mutating func beginArray() throws(JSONError) { try open(UInt8(ascii: "["), "an array") }

  /// The next member's key, or nil when the object ends here.
  public mutating func nextKey() throws(JSONError) -> String? {
    guard try advance(closing: UInt8(ascii: "}"), opening: UInt8(ascii: "{")) else { return nil }
    guard position < bytes.count else { throw end() }
    guard bytes[position] == UInt8(ascii: "\"") else { throw unexpected("a member name") }
    let key = try readString()
    skipBlanks()
    guard position < bytes.count else { throw end() }
    guard bytes[position] == UInt8(ascii: ":") else { throw unexpected("a colon") }
    position += 1
    return key
  }

  /// Whether the array has another element.
  public mutating func nextElement() throws(JSONError) -> Bool {
    try advance(closing: UInt8(ascii: "]"), opening: UInt8(ascii: "["))
  }

  /// Requires that nothing but blanks is left.
  public mutating func finish() throws(JSONError) {
    skipBlanks()
    if position < bytes.count {
      throw JSONError(.trailingBytes, "unexpected text after the value", at: position, in: bytes)
    }
  }

  /// Passes over one value of any kind, checking its form.
  public mutating func skipValue() throws(JSONError) {
    switch try peek() {
    case .null, .bool: _ = try readLiteral()
    case .number: _ = try readNumber()
    case .string: try skipString()
    case .array:
      try beginArray()
      while try nextElement() { try skipValue() }
    case .object:
      try beginObject()
      while try nextKey() != nil { try skipValue() }
    }
  }

  mutating func skipBlanks() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func open(_ bracket: UInt8, _ what: String) throws(JSONError) {
    skipBlanks()
    guard position < bytes.count else { throw end() }
    guard bytes[position] == bracket else { throw unexpected(what) }
    guard depth < Self.maximumDepth else {
      throw JSONError(.tooDeep, "nested deeper than \(Self.maximumDepth)", at: position, in: bytes)
    }
    depth += 1
    position += 1
  }

  /// Moves past a comma to the next member, or past the closing bracket.
  private mutating func advance(closing: UInt8, opening: UInt8) throws(JSONError) -> Bool {
    let isFirst = lastSignificantByte() == opening
    skipBlanks()
    guard position < bytes.count else { throw end() }
    if bytes[position] == closing {
      position += 1
      depth -= 1
      return false
    }
    if isFirst { return true }
    guard bytes[position] == UInt8(ascii: ",") else { throw unexpected("a comma or the end") }
    position += 1
    skipBlanks()
    guard position < bytes.count else { throw end() }
    if bytes[position] == closing { throw unexpected("a value") }
    return true
  }

  /// The byte before the position, blanks left out: the opening bracket itself says that no value was read yet. A value
  /// never ends in an opening bracket outside of a string, and a string ends in a quotation mark.
  private func lastSignificantByte() -> UInt8 {
    var index = position - 1
    while index > 0, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[index]) { index -= 1 }
    return index >= 0 ? bytes[index] : 0
  }

  func end() -> JSONError { JSONError(.unexpectedEnd, "the text ends too early", at: bytes.count, in: bytes) }

  func unexpected(_ wanted: String) -> JSONError {
    let byte = bytes[position]
    let found = byte > 0x20 && byte < 0x7F ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
    return JSONError(.unexpectedByte, "expected \(wanted), found \(found)", at: position, in: bytes)
  }
}
