import StetProtocol
import StetRPC

/// `command/exec*` and `process/*`.
struct CommandHandlers {
  let context: RequestContext

  func handle(_ request: ClientRequest) throws(RPCError) {
    let (agent, reply, peer) = (context.agent, context.reply, context.peer)
    switch request {
    case .commandExec(let params): agent.commandExec(params, from: peer) { reply.answer(with: $0) }
    case .commandExecWrite(let params): agent.commandExecWrite(params, from: peer) { reply.answer(with: $0) }
    case .commandExecTerminate(let params):
      agent.commandExecTerminate(params, from: peer) { reply.answer(with: $0) }
    case .commandExecResize(let params):
      agent.commandExecResize(params, from: peer) { reply.answer(with: $0) }
    case .processSpawn(let params): agent.processSpawn(params, from: peer) { reply.answer(with: $0) }
    case .processWriteStdin(let params):
      agent.processWriteStdin(params, from: peer) { reply.answer(with: $0) }
    case .processKill(let params): agent.processKill(params, from: peer) { reply.answer(with: $0) }
    case .processResizePty(let params): agent.processResizePty(params, from: peer) { reply.answer(with: $0) }
    default: throw ClientRequest.unknownMethod(request.method, known: Router.served)
    }
  }
}
