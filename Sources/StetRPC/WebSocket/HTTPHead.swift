/// The start line and the fields of an HTTP/1 message (RFC 9112), as far as an upgrade to WebSocket needs them.
struct HTTPHead: Hashable, Sendable {
  /// Browsers send some hundred bytes; a head beyond this is no client of ours.
  static let maxBytes = 16 << 10
  static let maxFields = 100

  struct Field: Hashable, Sendable {
    /// In lower case.
    let name: String
    let value: String
  }

  struct StartLine: Hashable, Sendable {
    /// A request's method or a response's version.
    let first: String
    /// A request's target or a response's status.
    let second: String
    /// A request's version, or a response's reason, which may hold blanks or be empty.
    let third: String
  }

  let start: StartLine
  let fields: [Field]

  /// Where the head ends in what has come so far: behind the first empty line.
  static func end(in bytes: [UInt8]) -> Int? {
    var index = 3
    while index < bytes.count {
      if bytes[index] == 0x0A, bytes[index - 1] == 0x0D, bytes[index - 2] == 0x0A, bytes[index - 3] == 0x0D {
        return index + 1
      }
      index += 1
    }
    return nil
  }

  /// Reads a whole head with its empty line; nil when it is none.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard let text = String(validating: bytes.dropLast(4), as: UTF8.self) else { return nil }
    // A Character joins CR and LF.
    let lines = text.split(separator: "\r\n" as Character, omittingEmptySubsequences: false)
    guard let first = lines.first, lines.count <= Self.maxFields + 1 else { return nil }
    let words = first.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count >= 2, words.allSatisfy({ Self.isPrintable($0) }), !words[0].isEmpty else { return nil }
    start = StartLine(
      first: String(words[0]), second: String(words[1]), third: words.count > 2 ? String(words[2]) : "")
    var fields: [Field] = []
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":"), Self.isToken(line[..<colon]) else { return nil }
      let value = Self.trimmed(line[line.index(after: colon)...])
      guard Self.isPrintable(value) else { return nil }
      fields.append(Field(name: line[..<colon].lowercased(), value: String(value)))
    }
    self.fields = fields
  }

  /// The values of a field, in order.
  func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

  /// The value of a field that stands once; nil when it is absent or there are several.
  func single(_ name: String) -> String? {
    let values = values(name)
    return values.count == 1 ? values[0] : nil
  }

  /// Whether a field's comma-separated list names `token`, in any case.
  func lists(_ token: String, in name: String) -> Bool {
    values(name).flatMap { $0.split(separator: ",") }.contains {
      Self.trimmed($0).lowercased() == token.lowercased()
    }
  }

  private static func isToken(_ text: Substring) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }

  private static func isPrintable(_ text: Substring) -> Bool {
    text.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text.drop { $0 == " " || $0 == "\t" }
  }
}
