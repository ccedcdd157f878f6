/// A rule that the user stored: commands that begin with these words, or are just these words, may run without asking.
///
/// A rule approves and keeps the sandbox; leaving it is a bit of its own (S3), set only when the user answered a prompt
/// that said so, and counts for exactly the stored words only (S1). It holds everywhere or below one directory, for
/// good or up to a day (S4).
struct PrefixRule: Hashable, Sendable {
  enum Decision: String, Sendable { case allow, prompt, forbidden }

  let pattern: [String]
  var decision = Decision.allow
  /// The pattern is the whole command, not its beginning.
  var isExact = false
  /// The command may also run outside the sandbox when the model asks for that, or when there is none.
  var leavesSandbox = false
  /// Real path of the directory below which it holds; nil: everywhere.
  var project: String?
  /// The last day (UTC, `2026-12-31`) on which it holds; nil: for good.
  var lastDay: String?

  /// Whether it speaks of a command today.
  ///
  /// Whole words are compared, byte by byte: a rule for `git` says nothing about `gitk`, nor about what only looks the
  /// same. Where a command may run in a place that is not the rule's, a rule of a project allows nothing; what it forbids
  /// or asks about holds.
  ///
  /// - Parameter places: real paths of the directories of which the command runs in one; nil: anywhere.
  func speaks(of words: [String], in places: [String]?, today: String) -> Bool {
    guard !pattern.isEmpty, isExact ? words.count == pattern.count : words.count >= pattern.count else {
      return false
    }
    guard zip(pattern, words).allSatisfy({ $0.utf8.elementsEqual($1.utf8) }) else { return false }
    if let lastDay, lastDay < today { return false }
    guard project != nil else { return true }
    guard let places else { return decision != .allow }
    return decision == .allow ? places.allSatisfy(isAbove) : places.contains(where: isAbove)
  }

  private func isAbove(_ place: String) -> Bool {
    guard let project else { return true }
    let prefix = project == "/" ? "/" : project + "/"
    return place.utf8.elementsEqual(project.utf8) || place.utf8.starts(with: prefix.utf8)
  }

  /// What it allows, as a user reads it.
  var text: String { ShellQuoting.join(pattern) + (isExact ? "" : " …") }
}

/// One line of a rules file, as Codex writes it with our words behind:
/// `prefix_rule(pattern=["git", "push"], decision="allow", extent="exact", sandbox="off", project="/p", until="…")`.
extension PrefixRule {
  var line: String {
    let words = pattern.map(Self.quoted).joined(separator: ", ")
    var line = "prefix_rule(pattern=[\(words)], decision=\(Self.quoted(decision.rawValue))"
    if isExact { line += ", extent=\"exact\"" }
    if leavesSandbox { line += ", sandbox=\"off\"" }
    if let project { line += ", project=" + Self.quoted(project) }
    if let lastDay { line += ", until=" + Self.quoted(lastDay) }
    return line + ")"
  }

  static func quoted(_ word: String) -> String {
    var text = "\""
    for scalar in word.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      default: text.unicodeScalars.append(scalar)
      }
    }
    text.unicodeScalars.append("\"")
    return text
  }

  /// Reads a line of a rules file; nil for blanks, comments, and what is no rule of this simple form. A word that is
  /// not understood makes it none: it may have been there to narrow the rule.
  init?(line: String) {
    var rest = Substring(line).unicodeScalars
    guard Self.take("prefix_rule(", from: &rest), Self.take("pattern=[", from: &rest) else { return nil }
    var words: [String] = []
    while let word = Self.takeString(from: &rest) {
      words.append(word)
      _ = Self.take(",", from: &rest)
    }
    guard Self.take("]", from: &rest), !words.isEmpty else { return nil }
    self.init(pattern: words)
    while Self.take(",", from: &rest) { guard takeMember(from: &rest) else { return nil } }
    guard Self.take(")", from: &rest) else { return nil }
  }

  private mutating func takeMember(from rest: inout Substring.UnicodeScalarView) -> Bool {
    if Self.take("decision=", from: &rest) {
      guard let named = Self.takeString(from: &rest).flatMap(Decision.init(rawValue:)) else { return false }
      decision = named
    } else if Self.take("sandbox=", from: &rest) {
      leavesSandbox = Self.takeString(from: &rest) == "off"
    } else if Self.take("extent=", from: &rest) {
      guard let extent = Self.takeString(from: &rest), extent == "exact" || extent == "prefix" else {
        return false
      }
      isExact = extent == "exact"
    } else if Self.take("project=", from: &rest) {
      guard let path = Self.takeString(from: &rest), path.hasPrefix("/") else { return false }
      project = path
    } else if Self.take("until=", from: &rest) {
      guard let day = Self.takeString(from: &rest), CalendarDay.isDay(day) else { return false }
      lastDay = day
    } else {
      return false
    }
    return true
  }

  static func take(_ text: String, from rest: inout Substring.UnicodeScalarView) -> Bool {
    rest = rest.drop { $0 == " " || $0 == "\t" }
    guard rest.starts(with: text.unicodeScalars) else { return false }
    rest = rest.dropFirst(text.unicodeScalars.count)
    return true
  }

  static func takeString(from rest: inout Substring.UnicodeScalarView) -> String? {
    guard take("\"", from: &rest) else { return nil }
    var text = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\"": return String(text)
      case "\\":
        guard let escaped = rest.popFirst() else { return nil }
        text.append(escaped == "n" ? "\n" : escaped == "t" ? "\t" : escaped)
      default: text.append(scalar)
      }
    }
    return nil
  }
}
