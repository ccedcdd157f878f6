import StetJSON

/// `experimentalFeature/list`: Lists feature flags.
public struct ExperimentalFeatureListParams: ClientCall {
  public typealias Response = ExperimentalFeatureListResponse
  public static let method = "experimentalFeature/list"

  public var threadId: String?
  public var cursor: String?
  public var limit: UInt32?

  public init(threadId: String? = nil, cursor: String? = nil, limit: UInt32? = nil) {
    self.threadId = threadId
    self.cursor = cursor
    self.limit = limit
  }
}

public struct ExperimentalFeatureListResponse: Codable, Hashable, Sendable {
  public var data: [ExperimentalFeature]
  public var nextCursor: String?

  public init(data: [ExperimentalFeature], nextCursor: String? = nil) {
    self.data = data
    self.nextCursor = nextCursor
  }
}

public struct ExperimentalFeature: Codable, Hashable, Sendable {
  public var name: String
  public var stage: ExperimentalFeatureStage
  public var displayName: String?
  public var description: String?
  public var announcement: String?
  public var enabled: Bool
  public var defaultEnabled: Bool

  public init(
    name: String, stage: ExperimentalFeatureStage, displayName: String? = nil,
    description: String? = nil, announcement: String? = nil, enabled: Bool, defaultEnabled: Bool
  ) {
    self.name = name
    self.stage = stage
    self.displayName = displayName
    self.description = description
    self.announcement = announcement
    self.enabled = enabled
    self.defaultEnabled = defaultEnabled
  }
}

public enum ExperimentalFeatureStage: WireEnum {
  case beta, underDevelopment, stable, deprecated, removed
  case unknown(String)

  public static let variants: [(name: String, value: ExperimentalFeatureStage)] = [
    ("beta", .beta), ("underDevelopment", .underDevelopment), ("stable", .stable),
    ("deprecated", .deprecated), ("removed", .removed),
  ]

  public static func unlisted(_ name: String) -> ExperimentalFeatureStage { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// `permissionProfile/list`: Lists the named permission profiles.
public struct PermissionProfileListParams: ClientCall {
  public typealias Response = PermissionProfileListResponse
  public static let method = "permissionProfile/list"

  public var cursor: String?
  public var cwd: String?
  public var limit: UInt32?

  public init(cursor: String? = nil, cwd: String? = nil, limit: UInt32? = nil) {
    self.cursor = cursor
    self.cwd = cwd
    self.limit = limit
  }
}

public struct PermissionProfileListResponse: Codable, Hashable, Sendable {
  public var data: [PermissionProfileSummary]
  public var nextCursor: String?

  public init(data: [PermissionProfileSummary], nextCursor: String? = nil) {
    self.data = data
    self.nextCursor = nextCursor
  }
}

public struct PermissionProfileSummary: Codable, Hashable, Sendable {
  public var id: String
  public var description: String?
  public var allowed: Bool

  public init(id: String, description: String? = nil, allowed: Bool) {
    self.id = id
    self.description = description
    self.allowed = allowed
  }
}
