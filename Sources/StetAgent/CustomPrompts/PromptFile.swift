import StetJSON

/// A prompt that a user keeps as a Markdown file: its text, and what the front matter says of it.
struct PromptFile: Hashable, Sendable {
  /// Bytes of a file; a longer one is no prompt.
  static let limit = 64 << 10
  static let nameLimit = 64
  private static let descriptionLimit = 300

  let name: String
  let description: String?
  let argumentHint: String?
  let text: String

  /// The name that a file gives, without `.md`; nil where it could not be typed as `/name`.
  static func name(of file: String) -> String? {
    guard file.utf8.suffix(3).elementsEqual(".md".utf8) else { return nil }
    let name = file.dropLast(3)
    let isPlain = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    guard isPlain, !name.isEmpty, name.first != ".", name.utf8.count <= nameLimit else { return nil }
    return String(name)
  }

  init(name: String, _ file: String) {
    self.name = name
    let (front, body) = Self.parts(file)
    description = (front["description"] ?? Self.firstLine(of: body)).map(Self.short)
    argumentHint = (front["argument-hint"] ?? front["argument_hint"]).map(Self.short)
    text = body
  }

  func value(path: String, scope: String) -> JSONValue {
    var value: JSONObject = [
      "name": .string(name), "text": .string(text), "path": .string(path), "scope": .string(scope),
    ]
    value["description"] = description.map(JSONValue.string)
    value["argumentHint"] = argumentHint.map(JSONValue.string)
    return .object(value)
  }

  // MARK: - Parts

  /// The scalars of the front matter, if there is one, and what follows it.
  private static func parts(_ file: String) -> (front: [String: String], body: String) {
    let lines = file.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    guard let first = lines.first, trimmed(first) == "---",
      let end = lines.dropFirst().firstIndex(where: { trimmed($0) == "---" })
    else { return ([:], trimmedLines(lines[...])) }
    var front: [String: String] = [:]
    for line in lines[1..<end] {
      guard let colon = line.firstIndex(of: ":"), line.first?.isWhitespace == false else { continue }
      front[String(trimmed(line[..<colon]))] = unquoted(trimmed(line[line.index(after: colon)...]))
    }
    return (front.filter { !$0.value.isEmpty }, trimmedLines(lines[(end + 1)...]))
  }

  private static func trimmedLines(_ lines: ArraySlice<Substring>) -> String {
    var lines = lines.drop { trimmed($0).isEmpty }
    while let last = lines.last, trimmed(last).isEmpty { lines = lines.dropLast() }
    return lines.joined(separator: "\n")
  }

  private static func unquoted(_ text: Substring) -> String {
    guard let quote = text.first, quote == "\"" || quote == "'", text.count >= 2, text.last == quote else {
      return String(text)
    }
    return String(text.dropFirst().dropLast())
  }

  private static func firstLine(of body: String) -> String? {
    let line = trimmed(body.split(separator: "\n", maxSplits: 1).first ?? "").drop { $0 == "#" || $0 == " " }
    return line.isEmpty ? nil : String(line)
  }

  private static func short(_ text: String) -> String {
    String(text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(descriptionLimit))
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace ?? false { text = text.dropLast() }
    return text
  }
}
