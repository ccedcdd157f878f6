import StetAgent
import StetProtocol

/// `thread/queue/*`.
public protocol QueueService: Sendable {
  func threadQueueAdd(_ params: ThreadQueueAddParams, reply: @escaping AgentReply<ThreadQueueAddResponse>)
  func threadQueueList(_ params: ThreadQueueListParams, reply: @escaping AgentReply<ThreadQueueListResponse>)
  func threadQueueUpdate(
    _ params: ThreadQueueUpdateParams, reply: @escaping AgentReply<ThreadQueueUpdateResponse>)
  func threadQueueDelete(
    _ params: ThreadQueueDeleteParams, reply: @escaping AgentReply<ThreadQueueDeleteResponse>)
  func threadQueueReorder(_ params: ThreadQueueReorderParams, reply: @escaping AgentReply<EmptyResponse>)
  func threadQueueStart(
    _ params: ThreadQueueStartParams, reply: @escaping AgentReply<ThreadQueueStartResponse>)
}
