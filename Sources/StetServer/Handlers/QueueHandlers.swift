import StetProtocol
import StetRPC

/// `thread/queue/*` and `thread/goal/*`: what a thread does by itself when it is idle.
struct QueueHandlers {
  let context: RequestContext

  func handle(_ request: ClientRequest) throws(RPCError) {
    if let id = request.threadId { try ThreadIDText.check(id) }
    let (agent, reply) = (context.agent, context.reply)
    switch request {
    case .threadQueueAdd(let params): agent.threadQueueAdd(params) { reply.answer(with: $0) }
    case .threadQueueList(let params): agent.threadQueueList(params) { reply.answer(with: $0) }
    case .threadQueueUpdate(let params): agent.threadQueueUpdate(params) { reply.answer(with: $0) }
    case .threadQueueDelete(let params): agent.threadQueueDelete(params) { reply.answer(with: $0) }
    case .threadQueueReorder(let params): agent.threadQueueReorder(params) { reply.answer(with: $0) }
    case .threadQueueStart(let params):
      agent.threadQueueStart(params) { [profile = context.profile] result in
        reply.answer(with: result.map { ThreadQueueStartResponse(turn: $0.turn.rendered(for: profile)) })
      }
    case .threadGoalSet(let params): agent.threadGoalSet(params) { reply.answer(with: $0) }
    case .threadGoalGet(let params): agent.threadGoalGet(params) { reply.answer(with: $0) }
    case .threadGoalClear(let params): agent.threadGoalClear(params) { reply.answer(with: $0) }
    default: throw ClientRequest.unknownMethod(request.method, known: Router.served)
    }
  }
}
