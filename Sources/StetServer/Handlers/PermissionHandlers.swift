import StetProtocol
import StetRPC

/// `stet/permissions/*` and `stet/prompts/list`, for clients with any of stet's capabilities.
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
    case .stetPromptsList(let params):
      context.agent.promptsList(params, from: context.peer) { reply.answer(with: $0) }
    default: throw ClientRequest.unknownMethod(request.method, known: Router.served)
    }
  }
}
