import StetJSON

/// Which skills the user turned off: `skills.config`, a list of `{path or name, enabled}`; the last one counts.
public struct SkillSwitches: Hashable, Sendable {
  public private(set) var entries: [JSONValue]

  /// - Parameter config: a whole configuration file as a value.
  public init(_ config: JSONValue) { entries = config["skills"]?["config"]?.arrayValue ?? [] }

  func isEnabled(_ name: String, path: String) -> Bool {
    let last = entries.last { $0["path"]?.stringValue == path || $0["name"]?.stringValue == name }
    return last?["enabled"]?.boolValue ?? true
  }

  /// Turns a skill on or off; on is the absence of an entry.
  public mutating func set(_ key: String, _ value: String, enabled: Bool) {
    entries.removeAll { $0[key]?.stringValue == value }
    if !enabled { entries.append([key: .string(value), "enabled": false]) }
  }
}
