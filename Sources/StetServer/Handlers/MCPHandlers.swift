import StetProtocol
import StetRPC

/// `mcpServerStatus/list`, `mcpServer/*`, `config/mcpServer/reload`.
struct MCPHandlers {
  let context: RequestContext

  func handle(_ request: ClientRequest) throws(RPCError) {
    let (agent, reply) = (context.agent, context.reply)
    switch request {
    case .mcpServerStatusList(let params):
      if let id = params.threadId { try ThreadIDText.check(id) }
      let isStet = context.profile.stet != nil
      agent.mcpServerStatusList(params) { result in
        reply.answer(
          with: result.map { response in
            var response = response
            if !isStet { for index in response.data.indices { response.data[index].stet = nil } }
            return response
          })
      }
    case .mcpServerToolCall(let params):
      try ThreadIDText.check(params.threadId)
      agent.mcpServerToolCall(params) { reply.answer(with: $0) }
    case .mcpServerResourceRead(let params):
      if let id = params.threadId { try ThreadIDText.check(id) }
      agent.mcpServerResourceRead(params) { reply.answer(with: $0) }
    case .configMcpServerReload: agent.configMcpServerReload { reply.answer(with: $0) }
    case .mcpServerOauthLogin(let params): agent.mcpServerOauthLogin(params) { reply.answer(with: $0) }
    default: throw ClientRequest.unknownMethod(request.method, known: Router.served)
    }
  }
}
