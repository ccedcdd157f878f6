import StetJSON

/// The named profile in force; nil after an explicit sandbox policy.
public struct ActivePermissionProfile: Codable, Hashable, Sendable {
  public var id: String
  public var extends: String?

  public init(id: String, extends: String? = nil) {
    self.id = id
    self.extends = extends
  }
}

/// The sandbox, as results and turn params spell it.
public enum SandboxPolicy: Codable, Hashable, Sendable {
  case dangerFullAccess
  case readOnly(networkAccess: Bool)
  case externalSandbox(networkAccess: NetworkAccess)
  case workspaceWrite(WorkspaceWriteSandboxPolicy)
  case unknown(JSONValue)

  private enum CodingKeys: String, CodingKey {
    case type, networkAccess
  }

  static let variants = [
    "dangerFullAccess", "readOnly", "externalSandbox", "workspaceWrite",
  ]

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tag = try container.decode(String.self, forKey: .type)
    switch tag {
    case "dangerFullAccess": self = .dangerFullAccess
    case "readOnly":
      self = .readOnly(
        networkAccess: try container.decodeIfPresent(Bool.self, forKey: .networkAccess) ?? false)
    case "externalSandbox":
      self = .externalSandbox(
        networkAccess: try container.decodeIfPresent(NetworkAccess.self, forKey: .networkAccess)
          ?? .restricted)
    case "workspaceWrite": self = .workspaceWrite(try WorkspaceWriteSandboxPolicy(from: decoder))
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
    case .readOnly(let value): try container.encode(value, forKey: .networkAccess)
    case .externalSandbox(let value): try container.encode(value, forKey: .networkAccess)
    case .workspaceWrite(let value): try value.encode(to: encoder)
    default: break
    }
  }

  /// The name of the variant on the wire.
  var tag: String {
    switch self {
    case .dangerFullAccess: "dangerFullAccess"
    case .readOnly: "readOnly"
    case .externalSandbox: "externalSandbox"
    case .workspaceWrite: "workspaceWrite"
    case .unknown(let value): value["type"]?.stringValue ?? ""
    }
  }
}

public struct WorkspaceWriteSandboxPolicy: Codable, Hashable, Sendable {
  @Defaulted public var writableRoots: [String]
  @Defaulted public var networkAccess: Bool
  @Defaulted public var excludeTmpdirEnvVar: Bool
  @Defaulted public var excludeSlashTmp: Bool

  public init(
    writableRoots: [String] = [], networkAccess: Bool = false, excludeTmpdirEnvVar: Bool = false,
    excludeSlashTmp: Bool = false
  ) {
    self.writableRoots = writableRoots
    self.networkAccess = networkAccess
    self.excludeTmpdirEnvVar = excludeTmpdirEnvVar
    self.excludeSlashTmp = excludeSlashTmp
  }
}

/// Whether an external sandbox has a network.
public enum NetworkAccess: WireEnum, HasDefault {
  case restricted, enabled
  case unknown(String)

  public static let variants: [(name: String, value: NetworkAccess)] = [
    ("restricted", .restricted), ("enabled", .enabled),
  ]
  public static var absent: NetworkAccess { .restricted }

  public static func unlisted(_ name: String) -> NetworkAccess { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// The sandbox, as thread params spell it.
public enum SandboxMode: WireEnum {
  case readOnly, workspaceWrite, dangerFullAccess
  case unknown(String)

  public static let variants: [(name: String, value: SandboxMode)] = [
    ("read-only", .readOnly), ("workspace-write", .workspaceWrite),
    ("danger-full-access", .dangerFullAccess),
  ]

  public static func unlisted(_ name: String) -> SandboxMode { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
