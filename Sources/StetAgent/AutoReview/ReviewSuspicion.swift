import StetJSON

/// Text in an action that speaks to whoever reviews it, or hides something from them. It says nothing of what the action
/// does; a person looks at it.
enum ReviewSuspicion {
  /// Letters and digits in lower case, words with one blank between them.
  private static let phrases = [
    "risk level", "user authorization", "outcome allow", "approval review", "auto review", "autoreview",
    "pre approved", "preapproved", "already approved", "has been approved", "was approved by",
    "user has authorized", "user has approved", "user already approved", "explicitly authorized",
    "note to reviewer", "note for reviewer", "note to the reviewer", "dear reviewer", "as the reviewer",
    "approve this", "allow this action", "allow this command", "mark as safe", "considered safe",
    "this command is safe", "this action is safe", "ignore previous", "ignore all previous",
    "ignore the above", "ignore prior", "ignore your", "ignore all instructions", "disregard previous",
    "disregard the above", "disregard all", "disregard your", "forget your instructions",
    "new instructions", "system prompt", "system message", "developer message", "you are now", "im start",
    "im end", "end of transcript", "end of action", "inst sys",
  ].map { Array(" \($0) ".utf8) }

  /// Why a person should look at it; nil when nothing was found.
  static func reason(in subject: JSONValue) -> String? {
    var words: [UInt8] = [UInt8(ascii: " ")]
    guard collect(subject, depth: 0, into: &words) else { return "it holds characters that nobody sees" }
    words.append(UInt8(ascii: " "))
    let text = words[...]
    let found = phrases.contains { text.firstRange(of: $0) != nil }
    return found ? "it holds words that speak to a reviewer" : nil
  }

  /// False at a character that is hidden.
  private static func collect(_ value: JSONValue, depth: Int, into words: inout [UInt8]) -> Bool {
    guard depth < 40 else { return false }
    if let text = value.stringValue {
      for scalar in text.unicodeScalars where !take(scalar, into: &words) { return false }
      separate(&words)
      return true
    }
    if let object = value.objectValue {
      for (key, member) in object {
        guard collect(.string(key), depth: depth + 1, into: &words),
          collect(member, depth: depth + 1, into: &words)
        else { return false }
      }
      return true
    }
    for element in value.arrayValue ?? [] where !collect(element, depth: depth + 1, into: &words) {
      return false
    }
    return true
  }

  private static func take(_ scalar: Unicode.Scalar, into words: inout [UInt8]) -> Bool {
    switch scalar.value {
    case 0x30...0x39, 0x61...0x7A: words.append(UInt8(scalar.value))
    case 0x41...0x5A: words.append(UInt8(scalar.value + 0x20))
    case 0x09, 0x0A, 0x0D: separate(&words)
    case 0...0x1F, 0x7F: return false
    case 0x80...:
      switch scalar.properties.generalCategory {
      case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
        return false
      default: if scalar.properties.isDefaultIgnorableCodePoint { return false }
      }
      // Letters beyond ASCII are words of some language, or look like other letters: they part words.
      separate(&words)
    default: separate(&words)
    }
    return true
  }

  private static func separate(_ words: inout [UInt8]) {
    if words.last != UInt8(ascii: " ") { words.append(UInt8(ascii: " ")) }
  }
}
