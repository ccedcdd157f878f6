import StetJSON

/// `turn/started`: A turn began. Carries no top-level turn id.
public struct TurnStartedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turn: Turn

  public init(threadId: String, turn: Turn) {
    self.threadId = threadId
    self.turn = turn
  }
}

/// `turn/completed`: A turn ended. Carries no top-level turn id.
public struct TurnCompletedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turn: Turn
  @OmitIfNil public var stet: StetTurnSummary?

  public init(threadId: String, turn: Turn, stet: StetTurnSummary? = nil) {
    self.threadId = threadId
    self.turn = turn
    self.stet = stet
  }
}

/// `turn/diff/updated`: The git diff of all changes of the turn so far.
public struct TurnDiffUpdatedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turnId: String
  public var diff: String

  public init(threadId: String, turnId: String, diff: String) {
    self.threadId = threadId
    self.turnId = turnId
    self.diff = diff
  }
}

/// `turn/plan/updated`: The model's list of steps changed.
public struct TurnPlanUpdatedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turnId: String
  public var explanation: String?
  public var plan: [TurnPlanStep]

  public init(threadId: String, turnId: String, explanation: String? = nil, plan: [TurnPlanStep]) {
    self.threadId = threadId
    self.turnId = turnId
    self.explanation = explanation
    self.plan = plan
  }
}

/// A step of a plan.
public struct TurnPlanStep: Codable, Hashable, Sendable {
  public var step: String
  public var status: TurnPlanStepStatus

  public init(step: String, status: TurnPlanStepStatus) {
    self.step = step
    self.status = status
  }
}

public enum TurnPlanStepStatus: WireEnum {
  case pending, inProgress, completed
  case unknown(String)

  public static let variants: [(name: String, value: TurnPlanStepStatus)] = [
    ("pending", .pending), ("inProgress", .inProgress), ("completed", .completed),
  ]

  public static func unlisted(_ name: String) -> TurnPlanStepStatus { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// `error`: A turn met an error; `willRetry` tells whether it goes on.
public struct ErrorNotification: Codable, Hashable, Sendable {
  public var error: TurnError
  public var willRetry: Bool
  public var threadId: String
  public var turnId: String
  @OmitIfNil public var stet: StetRetryInfo?

  public init(
    error: TurnError, willRetry: Bool, threadId: String, turnId: String, stet: StetRetryInfo? = nil
  ) {
    self.error = error
    self.willRetry = willRetry
    self.threadId = threadId
    self.turnId = turnId
    self.stet = stet
  }
}

/// stet: the `stet` member of `error` with `willRetry`, for clients with any stet capability.
public struct StetRetryInfo: Codable, Hashable, Sendable {
  /// Milliseconds from this message to the next attempt.
  public var retryInMs: Int

  public init(retryInMs: Int) { self.retryInMs = retryInMs }
}
