import StetProtocol
import StetRPC

/// `fuzzyFileSearch*`.
struct FuzzySearchHandlers {
  let context: RequestContext

  func handle(_ request: ClientRequest) throws(RPCError) {
    let (agent, reply, peer) = (context.agent, context.reply, context.peer)
    switch request {
    case .fuzzyFileSearch(let params): agent.fuzzyFileSearch(params, from: peer) { reply.answer(with: $0) }
    case .fuzzyFileSearchSessionStart(let params):
      agent.fuzzyFileSearchSessionStart(params, from: peer) { reply.answer(with: $0) }
    case .fuzzyFileSearchSessionUpdate(let params):
      agent.fuzzyFileSearchSessionUpdate(params, from: peer) { reply.answer(with: $0) }
    case .fuzzyFileSearchSessionStop(let params):
      agent.fuzzyFileSearchSessionStop(params, from: peer) { reply.answer(with: $0) }
    default: throw ClientRequest.unknownMethod(request.method, known: Router.served)
    }
  }
}
