import StetJSON

/// `item/agentMessage/delta`: More text of a message.
public struct AgentMessageDeltaNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turnId: String
  public var itemId: String
  public var delta: String

  public init(threadId: String, turnId: String, itemId: String, delta: String) {
    self.threadId = threadId
    self.turnId = turnId
    self.itemId = itemId
    self.delta = delta
  }
}

/// `item/plan/delta`: More text of a plan.
public struct PlanDeltaNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turnId: String
  public var itemId: String
  public var delta: String

  public init(threadId: String, turnId: String, itemId: String, delta: String) {
    self.threadId = threadId
    self.turnId = turnId
    self.itemId = itemId
    self.delta = delta
  }
}

/// `item/reasoning/summaryPartAdded`: A part of a reasoning summary begins.
public struct ReasoningSummaryPartAddedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turnId: String
  public var itemId: String
  public var summaryIndex: Int

  public init(threadId: String, turnId: String, itemId: String, summaryIndex: Int) {
    self.threadId = threadId
    self.turnId = turnId
    self.itemId = itemId
    self.summaryIndex = summaryIndex
  }
}

/// `item/reasoning/summaryTextDelta`: More text of a reasoning summary.
public struct ReasoningSummaryTextDeltaNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turnId: String
  public var itemId: String
  public var delta: String
  public var summaryIndex: Int

  public init(threadId: String, turnId: String, itemId: String, delta: String, summaryIndex: Int) {
    self.threadId = threadId
    self.turnId = turnId
    self.itemId = itemId
    self.delta = delta
    self.summaryIndex = summaryIndex
  }
}

/// `item/reasoning/textDelta`: More raw reasoning text.
public struct ReasoningTextDeltaNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turnId: String
  public var itemId: String
  public var contentIndex: Int
  public var delta: String

  public init(threadId: String, turnId: String, itemId: String, contentIndex: Int, delta: String) {
    self.threadId = threadId
    self.turnId = turnId
    self.itemId = itemId
    self.contentIndex = contentIndex
    self.delta = delta
  }
}
