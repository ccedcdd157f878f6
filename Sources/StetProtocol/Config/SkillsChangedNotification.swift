import StetJSON

/// `skills/changed`: The set of skills changed.
public struct SkillsChangedNotification: Codable, Hashable, Sendable {

  public init() {}
}
