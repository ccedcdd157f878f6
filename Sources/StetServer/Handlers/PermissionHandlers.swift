import StetProtocol
import StetRPC

/// `stet/permissions/*`, for clients with any of stet's capabilities.
struct PermissionHandlers {
  let context: RequestContext

  func handle(_ request: ClientRequest) throws(RPCError) {
    let reply = context.reply
    switch request {
    case .stetPermissionsList(let params):
      try ThreadIDText.check(params.threadId)
      context.agent.permissionsList(params) { reply.answer(with: $0) }
    case .stetPermissionsChange(let params):
      try ThreadIDText.check(params.threadId)
      context.agent.permissionsChange(params) { reply.answer(with: $0) }
    default: throw ClientRequest.unknownMethod(request.method, known: Router.served)
    }
  }
}
