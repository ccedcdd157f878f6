/// The front matter of a `SKILL.md`: YAML between two lines of three hyphens. Of YAML only what such files hold is
/// read: scalars in their five styles, and one level of maps.
struct SkillFile: Hashable, Sendable {
  /// Bytes read of a file: front matter is its beginning, the rest is for the model.
  static let readLimit = 64 << 10
  /// As in Codex: what a list shows of a skill.
  static let nameLimit = 64
  static let descriptionLimit = 1_024

  struct Fault: Error, Hashable {
    let message: String
  }

  let name: String
  let description: String
  let shortDescription: String?

  /// - Parameter folder: the name of the file's folder, which is the skill's name if it gives none.
  init(_ text: String, folder: String) throws(Fault) {
    let fields = Self.fields(try Self.frontMatter(text))
    name = Self.oneLine(fields["name"] ?? folder)
    guard let description = fields["description"], !description.isEmpty else {
      throw Fault(message: "missing field `description`")
    }
    self.description = Self.oneLine(description)
    shortDescription = fields["metadata.short-description"].map(Self.oneLine)
    guard name.unicodeScalars.count <= Self.nameLimit else {
      throw Fault(message: "invalid name: exceeds maximum length of \(Self.nameLimit) characters")
    }
    guard self.description.unicodeScalars.count <= Self.descriptionLimit else {
      throw Fault(
        message: "invalid description: exceeds maximum length of \(Self.descriptionLimit) characters")
    }
  }

  private static func frontMatter(_ text: String) throws(Fault) -> [Substring] {
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    guard let first = lines.first, trimmed(first) == "---",
      let end = lines.dropFirst().firstIndex(where: { trimmed($0) == "---" })
    else { throw Fault(message: "missing YAML frontmatter delimited by ---") }
    return Array(lines[1..<end])
  }

  /// Scalars by their keys; those of an inner map as `outer.inner`.
  private static func fields(_ lines: [Substring]) -> [String: String] {
    var fields: [String: String] = [:]
    var outer = ""
    var index = 0
    while index < lines.count {
      let line = lines[index]
      index += 1
      guard let colon = line.firstIndex(of: ":"), !trimmed(line).hasPrefix("#") else { continue }
      let indent = indentation(line)
      let key = String(trimmed(line[..<colon]))
      let value = trimmed(line[line.index(after: colon)...])
      if indent == 0 { outer = key }
      let path = indent == 0 ? key : "\(outer).\(key)"
      // What is indented deeper and no key of its own goes on with the value.
      let isBlock = value.hasPrefix(">") || value.hasPrefix("|")
      var more: [Substring] = []
      while index < lines.count, isContinuation(lines[index], indent: indent, of: value, isBlock: isBlock) {
        more.append(trimmed(lines[index]))
        index += 1
      }
      if isBlock {
        fields[path] = more.joined(separator: value.hasPrefix("|") ? "\n" : " ")
      } else if !value.isEmpty || !more.isEmpty {
        fields[path] = unquoted(([value] + more).filter { !$0.isEmpty }.joined(separator: " "))
      }
    }
    return fields
  }

  private static func isContinuation(
    _ line: Substring, indent: Int, of value: Substring, isBlock: Bool
  ) -> Bool {
    if trimmed(line).isEmpty { return isBlock }
    guard indentation(line) > indent else { return false }
    return isBlock || !value.isEmpty
  }

  private static func unquoted(_ text: String) -> String {
    guard let quote = text.first, quote == "\"" || quote == "'" else {
      // A comment begins with a blank.
      return text.firstRange(of: " #").map { String(trimmed(text[..<$0.lowerBound])) } ?? text
    }
    var result = ""
    var rest = text.dropFirst()
    while let character = rest.popFirst() {
      if character == quote {
        guard quote == "'", rest.first == "'" else { break }
        rest = rest.dropFirst()
      } else if character == "\\", quote == "\"", let escaped = rest.popFirst() {
        result.append(escaped == "n" ? "\n" : escaped == "t" ? "\t" : escaped)
        continue
      }
      result.append(character)
    }
    return result
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private static func indentation(_ line: Substring) -> Int { line.prefix { $0 == " " || $0 == "\t" }.count }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace ?? false { text = text.dropLast() }
    return text
  }
}
