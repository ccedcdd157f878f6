import StetJSON

/// `item/permissions/requestApproval`: Asks for wider permissions.
public struct PermissionsRequestApprovalParams: ServerCall {
  public typealias Response = PermissionsRequestApprovalResponse
  public static let method = "item/permissions/requestApproval"

  public var threadId: String
  public var turnId: String
  public var itemId: String
  public var environmentId: String?
  public var startedAtMs: Int
  public var cwd: String
  public var reason: String?
  public var permissions: RequestPermissionProfile

  public init(
    threadId: String, turnId: String, itemId: String, environmentId: String? = nil, startedAtMs: Int,
    cwd: String, reason: String? = nil, permissions: RequestPermissionProfile
  ) {
    self.threadId = threadId
    self.turnId = turnId
    self.itemId = itemId
    self.environmentId = environmentId
    self.startedAtMs = startedAtMs
    self.cwd = cwd
    self.reason = reason
    self.permissions = permissions
  }
}

public struct PermissionsRequestApprovalResponse: Codable, Hashable, Sendable {
  public var permissions: GrantedPermissionProfile
  @Defaulted public var scope: PermissionGrantScope
  public var strictAutoReview: Bool?

  public init(
    permissions: GrantedPermissionProfile, scope: PermissionGrantScope = .turn,
    strictAutoReview: Bool? = nil
  ) {
    self.permissions = permissions
    self.scope = scope
    self.strictAutoReview = strictAutoReview
  }
}

/// How long granted permissions hold.
public enum PermissionGrantScope: WireEnum, HasDefault {
  case turn, session
  case unknown(String)

  public static let variants: [(name: String, value: PermissionGrantScope)] = [
    ("turn", .turn), ("session", .session),
  ]
  public static var absent: PermissionGrantScope { .turn }

  public static func unlisted(_ name: String) -> PermissionGrantScope { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
