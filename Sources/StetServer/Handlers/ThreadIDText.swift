import StetProtocol

/// Checks the form of a thread id and says what is wrong in the words of Codex's UUID parser.
enum ThreadIDText {
  private static let groupEnds = [8, 13, 18, 23]

  /// - Parameter kind: "session id" for resume, "thread id" elsewhere.
  static func check(_ text: String, as kind: String = "thread id") throws(RPCError) {
    if let fault = fault(text) { throw .invalidRequest("invalid \(kind): \(fault)") }
  }

  /// Nil for a UUID in one of its four spellings: plain, with hyphens, in braces, as a URN.
  private static func fault(_ text: String) -> String? {
    var body = Substring(text)
    var offset = 0
    if body.hasPrefix("urn:uuid:") {
      offset = 9
      body = body.dropFirst(offset)
    } else if body.hasPrefix("{"), body.hasSuffix("}"), body.count > 1 {
      offset = 1
      body = body.dropFirst().dropLast()
    }
    var hyphens: [Int] = []
    var position = 0
    for character in body.unicodeScalars {
      if character == "-" {
        hyphens.append(position)
      } else if !isHexDigit(character) {
        return "invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], "
          + "found `\(character)` at \(position + offset + 1)"
      }
      position += String(character).utf8.count
    }
    if hyphens.isEmpty {
      return position == 32 && offset == 0
        ? nil : "invalid length: expected length 32 for simple format, found \(text.utf8.count)"
    }
    guard hyphens.count == 4 else { return "invalid group count: expected 5, found \(hyphens.count + 1)" }
    return groupFault(hyphens, length: position)
  }

  private static func groupFault(_ hyphens: [Int], length: Int) -> String? {
    let starts = [0] + groupEnds.map { $0 + 1 }
    let sizes = [8, 4, 4, 4, 12]
    let ends = hyphens + [length]
    for group in sizes.indices where ends[group] - starts[group] != sizes[group] {
      return "invalid group length in group \(group): expected \(sizes[group]), "
        + "found \(max(0, ends[group] - starts[group]))"
    }
    return nil
  }

  private static func isHexDigit(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "0"..."9", "a"..."f", "A"..."F": true
    default: false
    }
  }
}
