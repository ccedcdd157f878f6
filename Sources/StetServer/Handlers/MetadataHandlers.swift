import StetProtocol
import StetRPC

/// `thread/metadata/update`, `thread/readState/update`, and the old `getConversationSummary` and
/// `gitDiffToRemote`.
struct MetadataHandlers {
  let context: RequestContext

  func handle(_ request: ClientRequest) throws(RPCError) {
    if let id = request.threadId { try ThreadIDText.check(id) }
    let (agent, reply) = (context.agent, context.reply)
    switch request {
    case .threadMetadataUpdate(let params): agent.threadMetadataUpdate(params) { reply.answer(with: $0) }
    case .threadReadStateUpdate(let params): agent.threadReadStateUpdate(params) { reply.answer(with: $0) }
    case .getConversationSummary(let params): try summary(params)
    case .gitDiffToRemote(let params): agent.gitDiffToRemote(params) { reply.answer(with: $0) }
    default: throw ClientRequest.unknownMethod(request.method, known: Router.served)
    }
  }

  private func summary(_ params: GetConversationSummaryParams) throws(RPCError) {
    if let id = params.conversationId {
      try ThreadIDText.check(id, as: "conversation id")
    } else if params.rolloutPath == nil {
      throw .invalidRequest("Invalid request: missing field `conversationId`")
    }
    context.agent.conversationSummary(params) { [reply = context.reply] in reply.answer(with: $0) }
  }
}
