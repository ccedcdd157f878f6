import StetAgent
import StetProtocol

/// `thread/goal/*`.
public protocol GoalService: Sendable {
  func threadGoalSet(_ params: ThreadGoalSetParams, reply: @escaping AgentReply<ThreadGoalSetResponse>)
  func threadGoalGet(_ params: ThreadGoalGetParams, reply: @escaping AgentReply<ThreadGoalGetResponse>)
  func threadGoalClear(_ params: ThreadGoalClearParams, reply: @escaping AgentReply<ThreadGoalClearResponse>)
}
