import StetAgent
import StetProtocol
import StetServer

extension ScriptedAgent {
  func permissionsList(_ params: StetPermissionsListParams, reply: @escaping AgentReply<StetPermissions>) {
    reply(.success(StetPermissions(data: [], sandbox: [:])))
  }
  func permissionsChange(
    _ params: StetPermissionsChangeParams, reply: @escaping AgentReply<StetPermissions>
  ) { reply(.failure(.internalError("not scripted"))) }
}
