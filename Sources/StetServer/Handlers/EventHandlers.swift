import StetProtocol

/// `stet/events/*`, for clients with `events`.
struct EventHandlers {
  let context: RequestContext

  func replay(_ params: StetEventsReplayParams) throws(RPCError) {
    try ThreadIDText.check(params.threadId)
    if let response = context.outbox.replay(params, for: context.profile) {
      return context.reply.succeed(response)
    }
    guard context.agent.loadedThreadIds.contains(params.threadId) else {
      throw .threadNotLoaded(params.threadId)
    }
    context.reply.succeed(StetEventsReplayResponse(events: [], lastSeq: 0, complete: params.afterSeq == 0))
  }
}
