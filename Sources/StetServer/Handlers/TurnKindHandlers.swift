import StetProtocol
import StetRPC

/// `thread/compact/start` and what belongs to it, `review/start`, `thread/shellCommand`.
struct TurnKindHandlers {
  let context: RequestContext

  func handle(_ request: ClientRequest) throws(RPCError) {
    if let id = request.threadId { try ThreadIDText.check(id) }
    let (agent, reply) = (context.agent, context.reply)
    switch request {
    case .threadCompactStart(let params): agent.threadCompactStart(params) { reply.answer(with: $0) }
    case .threadShellCommand(let params): agent.threadShellCommand(params) { reply.answer(with: $0) }
    case .reviewStart(let params): review(params)
    case .stetContextRead(let params): agent.contextRead(params) { reply.answer(with: $0) }
    case .stetCompactUndo(let params): agent.compactUndo(params) { reply.answer(with: $0) }
    default: throw ClientRequest.unknownMethod(request.method, known: Router.served)
    }
  }

  /// A detached review has a thread of its own: who asked for it is subscribed to it.
  private func review(_ params: ReviewStartParams) {
    context.agent.reviewStart(params) { [context] result in
      if case .success(let response) = result, response.reviewThreadId != params.threadId {
        context.outbox.subscribe(context.connection, to: response.reviewThreadId)
      }
      context.reply.answer(
        with: result.map { response in
          ReviewStartResponse(
            turn: response.turn.rendered(for: context.profile), reviewThreadId: response.reviewThreadId)
        })
    }
  }
}

extension Router {
  static let turnKindMethods: [String] = [
    ThreadCompactStartParams.method, ReviewStartParams.method, ThreadShellCommandParams.method,
    StetContextReadParams.method, StetCompactUndoParams.method,
  ]
}
