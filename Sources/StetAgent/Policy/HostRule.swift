import StetProcess

/// A rule that the user stored: commands in the sandbox may reach this host, or may not, without a question (S13).
///
/// One host and one protocol, on the protocol's own port or the one that is named: nothing is a pattern here. It holds
/// everywhere or below one directory, for good or up to a day, as the rules for commands do.
struct HostRule: Hashable, Sendable {
  /// `NetworkTarget.Scheme`, as the rules files call it.
  let scheme: String
  /// `NetworkTarget.name`.
  let host: String
  var isAllowed = true
  var project: String?
  var lastDay: String?

  init(_ target: NetworkTarget, isAllowed: Bool = true) {
    scheme = target.scheme.rawValue
    host = target.name
    self.isAllowed = isAllowed
  }

  /// Whether it speaks of a target for a command in `cwd` (a real path) today.
  func speaks(of target: NetworkTarget, cwd: String, today: String) -> Bool {
    guard scheme == target.scheme.rawValue, host.utf8.elementsEqual(target.name.utf8) else { return false }
    if let lastDay, lastDay < today { return false }
    guard let project else { return true }
    let prefix = project == "/" ? "/" : project + "/"
    return cwd.utf8.elementsEqual(project.utf8) || cwd.utf8.starts(with: prefix.utf8)
  }

  /// What it allows, as a user reads it.
  var text: String { "\(scheme)://\(host)" }
}

/// One line of a rules file: `network_rule(host="example.com", protocol="https", decision="allow", until="…")`.
extension HostRule {
  var line: String {
    var line =
      "network_rule(host=\(PrefixRule.quoted(host)), protocol=\(PrefixRule.quoted(scheme)), "
      + "decision=\"\(isAllowed ? "allow" : "deny")\""
    if let project { line += ", project=" + PrefixRule.quoted(project) }
    if let lastDay { line += ", until=" + PrefixRule.quoted(lastDay) }
    return line + ")"
  }

  /// Reads a line of a rules file; nil for all that is no such rule, whole and in its own order.
  init?(line: String) {
    var rest = Substring(line).unicodeScalars
    guard PrefixRule.take("network_rule(", from: &rest), PrefixRule.take("host=", from: &rest),
      let host = PrefixRule.takeString(from: &rest), PrefixRule.take(",", from: &rest),
      PrefixRule.take("protocol=", from: &rest), let scheme = PrefixRule.takeString(from: &rest),
      NetworkTarget.Scheme(rawValue: scheme) != nil, !host.isEmpty
    else { return nil }
    self.scheme = scheme
    self.host = host
    // A rule that does not say what it decides denies.
    isAllowed = false
    while PrefixRule.take(",", from: &rest) { guard takeMember(from: &rest) else { return nil } }
    guard PrefixRule.take(")", from: &rest) else { return nil }
  }

  private mutating func takeMember(from rest: inout Substring.UnicodeScalarView) -> Bool {
    if PrefixRule.take("decision=", from: &rest) {
      guard let decision = PrefixRule.takeString(from: &rest), decision == "allow" || decision == "deny"
      else {
        return false
      }
      isAllowed = decision == "allow"
    } else if PrefixRule.take("project=", from: &rest) {
      guard let path = PrefixRule.takeString(from: &rest), path.hasPrefix("/") else { return false }
      project = path
    } else if PrefixRule.take("until=", from: &rest) {
      guard let day = PrefixRule.takeString(from: &rest), CalendarDay.isDay(day) else { return false }
      lastDay = day
    } else {
      return false
    }
    return true
  }
}
