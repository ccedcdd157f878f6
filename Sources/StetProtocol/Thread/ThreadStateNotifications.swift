import StetJSON

/// `thread/name/updated`: A thread was named.
public struct ThreadNameUpdatedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var threadName: String?

  public init(threadId: String, threadName: String? = nil) {
    self.threadId = threadId
    self.threadName = threadName
  }
}

/// `thread/settings/updated`: The settings of a thread changed.
public struct ThreadSettingsUpdatedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var threadSettings: ThreadSettings

  public init(threadId: String, threadSettings: ThreadSettings) {
    self.threadId = threadId
    self.threadSettings = threadSettings
  }
}

/// `thread/tokenUsage/updated`: What the thread has used so far; follows every model response.
public struct ThreadTokenUsageUpdatedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turnId: String
  public var tokenUsage: ThreadTokenUsage
  /// stet: what the window is filled with; to clients with any stet capability.
  @OmitIfNil public var stet: StetContextUse?

  public init(
    threadId: String, turnId: String, tokenUsage: ThreadTokenUsage, stet: StetContextUse? = nil
  ) {
    self.threadId = threadId
    self.turnId = turnId
    self.tokenUsage = tokenUsage
    self.stet = stet
  }
}

/// `thread/readState/changed`: A thread was marked read or unread.
public struct ThreadReadStateChangedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var readState: ThreadReadState

  public init(threadId: String, readState: ThreadReadState) {
    self.threadId = threadId
    self.readState = readState
  }
}

/// `thread/queue/changed`: The queued messages of a thread changed.
public struct ThreadQueueChangedNotification: Codable, Hashable, Sendable {
  public var threadId: String

  public init(threadId: String) {
    self.threadId = threadId
  }
}

/// `thread/goal/updated`: The goal of a thread changed.
public struct ThreadGoalUpdatedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turnId: String?
  public var goal: ThreadGoal

  public init(threadId: String, turnId: String? = nil, goal: ThreadGoal) {
    self.threadId = threadId
    self.turnId = turnId
    self.goal = goal
  }
}

/// `thread/goal/cleared`: A thread has no goal; follows every resume without one.
public struct ThreadGoalClearedNotification: Codable, Hashable, Sendable {
  public var threadId: String

  public init(threadId: String) {
    self.threadId = threadId
  }
}
