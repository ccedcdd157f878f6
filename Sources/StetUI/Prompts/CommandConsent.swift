import StetProtocol

/// What a server of stet says of a question about a command: which parts need consent, and the rules on offer.
struct CommandConsent: Sendable {
  /// Bytes of the script that need consent while the rest does not; empty: all of it.
  var parts: [Range<Int>] = []
  /// Why no rule can cover it.
  var opaque: String?
  /// Texts of the rules on offer; one of just these may be sent back (S5).
  var rules: [String] = []
  /// The rules would let it run outside the sandbox.
  var isOutside = false

  init(_ value: JSONValue) {
    for part in value["parts"]?.arrayValue ?? [] {
      guard let start = part["start"]?.intValue, let end = part["end"]?.intValue, start >= 0, start < end,
        start >= parts.last?.upperBound ?? 0
      else { continue }
      parts.append(start..<end)
    }
    opaque = value["opaque"]?.stringValue
    for rule in value["rules"]?.arrayValue ?? [] {
      guard let text = rule["text"]?.stringValue else { continue }
      rules.append(text)
      if rule["outside"]?.boolValue == true { isOutside = true }
    }
  }
}

/// How far a remembered rule holds.
struct RuleScope: Hashable, Sendable {
  let name: String
  let days: Int?
  let words: String

  static let all = [
    RuleScope(name: "thread", days: nil, words: "in this thread"),
    RuleScope(name: "project", days: 30, words: "in this directory, for 30 days"),
    RuleScope(name: "project", days: nil, words: "in this directory, for good"),
    RuleScope(name: "user", days: 30, words: "everywhere, for 30 days"),
    RuleScope(name: "user", days: nil, words: "everywhere, for good"),
  ]
  /// Neither forgotten tomorrow nor wider than the work at hand.
  static let standard = 1
}
