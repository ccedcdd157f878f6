import StetJSON

/// `thread/goal/set`: Sets or changes the goal of a thread; an active goal on an idle thread starts a turn.
public struct ThreadGoalSetParams: ClientCall {
  public typealias Response = ThreadGoalSetResponse
  public static let method = "thread/goal/set"

  public var threadId: String
  public var objective: String?
  public var origin: ThreadGoalMutationOrigin?
  public var status: ThreadGoalStatus?
  public var tokenBudget: Int?

  public init(
    threadId: String, objective: String? = nil, origin: ThreadGoalMutationOrigin? = nil,
    status: ThreadGoalStatus? = nil, tokenBudget: Int? = nil
  ) {
    self.threadId = threadId
    self.objective = objective
    self.origin = origin
    self.status = status
    self.tokenBudget = tokenBudget
  }
}

public struct ThreadGoalSetResponse: Codable, Hashable, Sendable {
  public var goal: ThreadGoal

  public init(goal: ThreadGoal) {
    self.goal = goal
  }
}

/// What a thread works towards by itself.
public struct ThreadGoal: Codable, Hashable, Sendable {
  public var threadId: String
  public var objective: String
  public var status: ThreadGoalStatus
  public var tokenBudget: Int?
  public var tokensUsed: Int
  public var timeUsedSeconds: Int
  public var createdAt: Int
  public var updatedAt: Int

  public init(
    threadId: String, objective: String, status: ThreadGoalStatus, tokenBudget: Int? = nil,
    tokensUsed: Int, timeUsedSeconds: Int, createdAt: Int, updatedAt: Int
  ) {
    self.threadId = threadId
    self.objective = objective
    self.status = status
    self.tokenBudget = tokenBudget
    self.tokensUsed = tokensUsed
    self.timeUsedSeconds = timeUsedSeconds
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}

public enum ThreadGoalStatus: WireEnum {
  case active, paused, blocked, usageLimited, budgetLimited, complete
  case unknown(String)

  public static let variants: [(name: String, value: ThreadGoalStatus)] = [
    ("active", .active), ("paused", .paused), ("blocked", .blocked), ("usageLimited", .usageLimited),
    ("budgetLimited", .budgetLimited), ("complete", .complete),
  ]

  public static func unlisted(_ name: String) -> ThreadGoalStatus { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

public enum ThreadGoalMutationOrigin: WireEnum {
  case user, automatic
  case unknown(String)

  public static let variants: [(name: String, value: ThreadGoalMutationOrigin)] = [
    ("user", .user), ("automatic", .automatic),
  ]

  public static func unlisted(_ name: String) -> ThreadGoalMutationOrigin { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// `thread/goal/get`: Reads the goal of a thread.
public struct ThreadGoalGetParams: ClientCall {
  public typealias Response = ThreadGoalGetResponse
  public static let method = "thread/goal/get"

  public var threadId: String

  public init(threadId: String) {
    self.threadId = threadId
  }
}

public struct ThreadGoalGetResponse: Codable, Hashable, Sendable {
  public var goal: ThreadGoal?

  public init(goal: ThreadGoal? = nil) {
    self.goal = goal
  }
}

/// `thread/goal/clear`: Removes the goal of a thread.
public struct ThreadGoalClearParams: ClientCall {
  public typealias Response = ThreadGoalClearResponse
  public static let method = "thread/goal/clear"

  public var threadId: String
  public var origin: ThreadGoalMutationOrigin?

  public init(threadId: String, origin: ThreadGoalMutationOrigin? = nil) {
    self.threadId = threadId
    self.origin = origin
  }
}

public struct ThreadGoalClearResponse: Codable, Hashable, Sendable {
  public var cleared: Bool

  public init(cleared: Bool) {
    self.cleared = cleared
  }
}
