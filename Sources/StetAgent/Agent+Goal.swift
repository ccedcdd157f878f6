import StetProtocol

/// `thread/goal/*`. A stored thread is loaded for it, so that an active goal can start its turn.
extension Agent {
  public func threadGoalSet(
    _ params: ThreadGoalSetParams, reply: @escaping AgentReply<ThreadGoalSetResponse>
  ) {
    onThread(params.threadId, reply) { await $0.goalSet(params, reply) }
  }

  public func threadGoalGet(
    _ params: ThreadGoalGetParams, reply: @escaping AgentReply<ThreadGoalGetResponse>
  ) {
    onThread(params.threadId, reply) { $0.goalGet(reply) }
  }

  public func threadGoalClear(
    _ params: ThreadGoalClearParams, reply: @escaping AgentReply<ThreadGoalClearResponse>
  ) {
    onThread(params.threadId, reply) { $0.goalClear(reply) }
  }
}
