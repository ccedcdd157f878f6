import StetAgent
import StetProtocol
import StetServer

extension ScriptedAgent {
  private func unscripted<Response>(_ reply: AgentReply<Response>) {
    reply(.failure(.internalError("not scripted")))
  }

  func threadQueueAdd(_ params: ThreadQueueAddParams, reply: @escaping AgentReply<ThreadQueueAddResponse>) {
    unscripted(reply)
  }
  func threadQueueList(_ params: ThreadQueueListParams, reply: @escaping AgentReply<ThreadQueueListResponse>)
  {
    unscripted(reply)
  }
  func threadQueueUpdate(
    _ params: ThreadQueueUpdateParams, reply: @escaping AgentReply<ThreadQueueUpdateResponse>
  ) { unscripted(reply) }
  func threadQueueDelete(
    _ params: ThreadQueueDeleteParams, reply: @escaping AgentReply<ThreadQueueDeleteResponse>
  ) { unscripted(reply) }
  func threadQueueReorder(_ params: ThreadQueueReorderParams, reply: @escaping AgentReply<EmptyResponse>) {
    unscripted(reply)
  }
  func threadQueueStart(
    _ params: ThreadQueueStartParams, reply: @escaping AgentReply<ThreadQueueStartResponse>
  ) { unscripted(reply) }
  func threadGoalSet(_ params: ThreadGoalSetParams, reply: @escaping AgentReply<ThreadGoalSetResponse>) {
    unscripted(reply)
  }
  func threadGoalGet(_ params: ThreadGoalGetParams, reply: @escaping AgentReply<ThreadGoalGetResponse>) {
    unscripted(reply)
  }
  func threadGoalClear(_ params: ThreadGoalClearParams, reply: @escaping AgentReply<ThreadGoalClearResponse>)
  {
    unscripted(reply)
  }
}
