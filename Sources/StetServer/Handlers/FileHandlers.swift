import StetProtocol
import StetRPC

/// `fs/*`.
struct FileHandlers {
  let context: RequestContext

  func handle(_ request: ClientRequest) throws(RPCError) {
    let (agent, reply, peer) = (context.agent, context.reply, context.peer)
    switch request {
    case .fsReadFile(let params): agent.fsReadFile(params, from: peer) { reply.answer(with: $0) }
    case .fsWriteFile(let params): agent.fsWriteFile(params, from: peer) { reply.answer(with: $0) }
    case .fsCreateDirectory(let params):
      agent.fsCreateDirectory(params, from: peer) { reply.answer(with: $0) }
    case .fsGetMetadata(let params): agent.fsGetMetadata(params, from: peer) { reply.answer(with: $0) }
    case .fsReadDirectory(let params): agent.fsReadDirectory(params, from: peer) { reply.answer(with: $0) }
    case .fsRemove(let params): agent.fsRemove(params, from: peer) { reply.answer(with: $0) }
    case .fsCopy(let params): agent.fsCopy(params, from: peer) { reply.answer(with: $0) }
    case .fsWatch(let params): agent.fsWatch(params, from: peer) { reply.answer(with: $0) }
    case .fsUnwatch(let params): agent.fsUnwatch(params, from: peer) { reply.answer(with: $0) }
    default: throw ClientRequest.unknownMethod(request.method, known: Router.served)
    }
  }
}
