import StetJSON

/// `skills/list`: Lists the skills that apply in the given directories.
public struct SkillsListParams: ClientCall {
  public typealias Response = SkillsListResponse
  public static let method = "skills/list"

  public var cwds: [String]?
  public var forceReload: Bool?

  public init(cwds: [String]? = nil, forceReload: Bool? = nil) {
    self.cwds = cwds
    self.forceReload = forceReload
  }
}

public struct SkillsListResponse: Codable, Hashable, Sendable {
  public var data: [SkillsListEntry]

  public init(data: [SkillsListEntry]) {
    self.data = data
  }
}

public struct SkillsListEntry: Codable, Hashable, Sendable {
  public var cwd: String
  public var skills: [SkillMetadata]
  public var errors: [SkillErrorInfo]

  public init(cwd: String, skills: [SkillMetadata], errors: [SkillErrorInfo]) {
    self.cwd = cwd
    self.skills = skills
    self.errors = errors
  }
}

public struct SkillErrorInfo: Codable, Hashable, Sendable {
  public var message: String
  public var path: String

  public init(message: String, path: String) {
    self.message = message
    self.path = path
  }
}

public struct SkillMetadata: Codable, Hashable, Sendable {
  public var name: String
  public var description: String
  public var interface: SkillInterface?
  public var path: String
  public var scope: SkillScope
  public var enabled: Bool
  public var pluginId: String?
  @OmitIfNil public var shortDescription: String?
  @OmitIfNil public var dependencies: JSONValue?

  public init(
    name: String, description: String, interface: SkillInterface? = nil, path: String,
    scope: SkillScope, enabled: Bool, pluginId: String? = nil, shortDescription: String? = nil,
    dependencies: JSONValue? = nil
  ) {
    self.name = name
    self.description = description
    self.interface = interface
    self.path = path
    self.scope = scope
    self.enabled = enabled
    self.pluginId = pluginId
    self.shortDescription = shortDescription
    self.dependencies = dependencies
  }
}

public struct SkillInterface: Codable, Hashable, Sendable {
  public var displayName: String?
  public var shortDescription: String?
  public var iconSmall: String?
  public var iconLarge: String?
  public var iconSmallUrl: String?
  public var iconLargeUrl: String?
  public var brandColor: String?
  public var defaultPrompt: String?

  public init(
    displayName: String? = nil, shortDescription: String? = nil, iconSmall: String? = nil,
    iconLarge: String? = nil, iconSmallUrl: String? = nil, iconLargeUrl: String? = nil,
    brandColor: String? = nil, defaultPrompt: String? = nil
  ) {
    self.displayName = displayName
    self.shortDescription = shortDescription
    self.iconSmall = iconSmall
    self.iconLarge = iconLarge
    self.iconSmallUrl = iconSmallUrl
    self.iconLargeUrl = iconLargeUrl
    self.brandColor = brandColor
    self.defaultPrompt = defaultPrompt
  }
}

public enum SkillScope: WireEnum {
  case user, repo, system, admin
  case unknown(String)

  public static let variants: [(name: String, value: SkillScope)] = [
    ("user", .user), ("repo", .repo), ("system", .system), ("admin", .admin),
  ]

  public static func unlisted(_ name: String) -> SkillScope { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// `skills/config/write`: Turns a skill on or off.
public struct SkillsConfigWriteParams: ClientCall {
  public typealias Response = SkillsConfigWriteResponse
  public static let method = "skills/config/write"

  public var enabled: Bool
  public var name: String?
  public var path: String?

  public init(enabled: Bool, name: String? = nil, path: String? = nil) {
    self.enabled = enabled
    self.name = name
    self.path = path
  }
}

public struct SkillsConfigWriteResponse: Codable, Hashable, Sendable {
  public var effectiveEnabled: Bool

  public init(effectiveEnabled: Bool) {
    self.effectiveEnabled = effectiveEnabled
  }
}
