import StetAgent
import StetProtocol

/// What the user allowed, and what a project asks for.
public protocol PermissionService: Sendable {
  func permissionsList(_ params: StetPermissionsListParams, reply: @escaping AgentReply<StetPermissions>)
  func permissionsChange(_ params: StetPermissionsChangeParams, reply: @escaping AgentReply<StetPermissions>)
}
