import StetAgent
import StetProtocol

/// What the server calls for the history of threads: forks, reverts, pages, injected items, deletion.
public protocol HistoryService: Sendable {
  func threadFork(_ params: ThreadForkParams, reply: @escaping AgentReply<ThreadForkResponse>)
  func threadRevert(_ params: ThreadRevertParams, reply: @escaping AgentReply<ThreadRevertResponse>)
  func threadDelete(_ params: ThreadDeleteParams, reply: @escaping AgentReply<EmptyResponse>)
  func threadInjectItems(_ params: ThreadInjectItemsParams, reply: @escaping AgentReply<EmptyResponse>)
  func threadTurnsList(
    _ params: ThreadTurnsListParams, reply: @escaping AgentReply<ThreadTurnsListResponse>)
  func threadItemsList(
    _ params: ThreadItemsListParams, reply: @escaping AgentReply<ThreadItemsListResponse>)
  func threadItemsRead(
    _ params: ThreadItemsReadParams, reply: @escaping AgentReply<ThreadItemsReadResponse>)
}

extension Agent: HistoryService {}
