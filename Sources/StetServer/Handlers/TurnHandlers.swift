import StetProtocol
import StetRPC

/// `turn/*`.
struct TurnHandlers {
  let context: RequestContext

  func handle(_ request: ClientRequest) throws(RPCError) {
    switch request {
    case .turnStart(let params): try start(params)
    case .turnSteer(let params): try steer(params)
    case .turnInterrupt(let params): try interrupt(params)
    default: throw ClientRequest.unknownMethod(request.method, known: Router.served)
    }
  }

  /// Needs no subscription and gives none.
  private func start(_ params: TurnStartParams) throws(RPCError) {
    try ThreadIDText.check(params.threadId)
    try checkSize(params.input)
    context.agent.turnStart(params) { [context] result in
      context.reply.answer(
        with: result.map { response in
          TurnStartResponse(turn: response.turn.rendered(for: context.profile))
        })
    }
  }

  private func steer(_ params: TurnSteerParams) throws(RPCError) {
    try ThreadIDText.check(params.threadId)
    guard !params.input.isEmpty else { throw .invalidRequest("input must not be empty") }
    try checkSize(params.input)
    context.agent.turnSteer(params) { [reply = context.reply] in reply.answer(with: $0) }
  }

  private func interrupt(_ params: TurnInterruptParams) throws(RPCError) {
    try ThreadIDText.check(params.threadId)
    context.agent.turnInterrupt(params) { [reply = context.reply] in reply.answer(with: $0) }
  }

  /// All text of one input together is limited, in characters as Codex counts them (Unicode scalars).
  private func checkSize(_ input: [UserInput]) throws(RPCError) {
    let count = input.reduce(0) { sum, part in
      if case .text(let text) = part { sum + text.text.unicodeScalars.count } else { sum }
    }
    if count > RPCError.maxInputCharacters { throw .inputTooLarge(count) }
  }
}
