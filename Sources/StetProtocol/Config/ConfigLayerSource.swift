import StetJSON

public enum ConfigLayerSource: Codable, Hashable, Sendable {
  case packagedDefaults(file: String)
  case mdm(MdmConfigLayerSource)
  case system(file: String)
  case enterpriseManaged(EnterpriseManagedConfigLayerSource)
  case user(UserConfigLayerSource)
  case project(dotCodexFolder: String)
  case sessionFlags
  case legacyManagedConfigTomlFromFile(file: String)
  case legacyManagedConfigTomlFromMdm
  case unknown(JSONValue)

  private enum CodingKeys: String, CodingKey {
    case type, file, dotCodexFolder
  }

  static let variants = [
    "packagedDefaults", "mdm", "system", "enterpriseManaged", "user", "project", "sessionFlags",
    "legacyManagedConfigTomlFromFile", "legacyManagedConfigTomlFromMdm",
  ]

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tag = try container.decode(String.self, forKey: .type)
    switch tag {
    case "packagedDefaults":
      self = .packagedDefaults(
        file: try container.decode(String.self, forKey: .file))
    case "mdm": self = .mdm(try MdmConfigLayerSource(from: decoder))
    case "system":
      self = .system(
        file: try container.decode(String.self, forKey: .file))
    case "enterpriseManaged": self = .enterpriseManaged(try EnterpriseManagedConfigLayerSource(from: decoder))
    case "user": self = .user(try UserConfigLayerSource(from: decoder))
    case "project":
      self = .project(
        dotCodexFolder: try container.decode(String.self, forKey: .dotCodexFolder))
    case "sessionFlags": self = .sessionFlags
    case "legacyManagedConfigTomlFromFile":
      self = .legacyManagedConfigTomlFromFile(
        file: try container.decode(String.self, forKey: .file))
    case "legacyManagedConfigTomlFromMdm": self = .legacyManagedConfigTomlFromMdm
    default:
      try Strictness.refuse(tag, Self.variants, at: decoder.codingPath)
      self = .unknown(try JSONValue(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if case .unknown(let value) = self { return try value.encode(to: encoder) }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tag, forKey: .type)
    switch self {
    case .packagedDefaults(let value): try container.encode(value, forKey: .file)
    case .mdm(let value): try value.encode(to: encoder)
    case .system(let value): try container.encode(value, forKey: .file)
    case .enterpriseManaged(let value): try value.encode(to: encoder)
    case .user(let value): try value.encode(to: encoder)
    case .project(let value): try container.encode(value, forKey: .dotCodexFolder)
    case .legacyManagedConfigTomlFromFile(let value): try container.encode(value, forKey: .file)
    default: break
    }
  }

  /// The name of the variant on the wire.
  var tag: String {
    switch self {
    case .packagedDefaults: "packagedDefaults"
    case .mdm: "mdm"
    case .system: "system"
    case .enterpriseManaged: "enterpriseManaged"
    case .user: "user"
    case .project: "project"
    case .sessionFlags: "sessionFlags"
    case .legacyManagedConfigTomlFromFile: "legacyManagedConfigTomlFromFile"
    case .legacyManagedConfigTomlFromMdm: "legacyManagedConfigTomlFromMdm"
    case .unknown(let value): value["type"]?.stringValue ?? ""
    }
  }
}

public struct MdmConfigLayerSource: Codable, Hashable, Sendable {
  public var domain: String
  public var key: String

  public init(domain: String, key: String) {
    self.domain = domain
    self.key = key
  }
}

public struct EnterpriseManagedConfigLayerSource: Codable, Hashable, Sendable {
  public var id: String
  public var name: String

  public init(id: String, name: String) {
    self.id = id
    self.name = name
  }
}

public struct UserConfigLayerSource: Codable, Hashable, Sendable {
  public var file: String
  public var profile: String?

  public init(file: String, profile: String? = nil) {
    self.file = file
    self.profile = profile
  }
}
