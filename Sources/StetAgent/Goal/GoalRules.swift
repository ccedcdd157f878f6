import StetProtocol

/// What may be done with a goal, and what it has cost. Pure.
struct GoalRules: Sendable, Hashable {
  /// Characters of an objective: it goes into the prompt again with every turn that the goal starts.
  static let objectiveLimit = 4_000
  /// Turns in a row that a goal may start by itself; then the user has to say that it goes on.
  static let turnLimit = 50
  /// Turns in a row without a single call: the model talks and does nothing.
  static let idleLimit = 3

  private(set) var goal: ThreadGoal?
  /// Since the user last set it active.
  private var turns = 0
  private var idleTurns = 0

  init(_ goal: ThreadGoal? = nil) {
    self.goal = goal
  }

  var isActive: Bool { goal?.status == .active }

  /// `thread/goal/set`. A new objective is a new goal: its cost begins at nothing.
  mutating func set(_ params: ThreadGoalSetParams, nowMs: Int64) throws(RPCError) -> ThreadGoal {
    let now = Int(nowMs / 1_000)
    if let budget = params.tokenBudget, budget <= 0 {
      throw .invalidRequest("goal budgets must be positive when provided")
    }
    var new: ThreadGoal
    if let objective = params.objective {
      let trimmed = Self.trimmed(objective)
      guard !trimmed.isEmpty else { throw .invalidRequest("goal objective must not be empty") }
      guard trimmed.count <= Self.objectiveLimit else {
        throw .invalidRequest("goal objective must be at most \(Self.objectiveLimit) characters")
      }
      if let goal, goal.objective == trimmed {
        new = goal
      } else {
        new = ThreadGoal(
          threadId: params.threadId, objective: trimmed, status: .active, tokenBudget: goal?.tokenBudget,
          tokensUsed: 0, timeUsedSeconds: 0, createdAt: now, updatedAt: now)
      }
      new.status = params.status ?? .active
    } else {
      guard let goal else {
        throw .invalidRequest("cannot update goal for thread \(params.threadId): no goal exists")
      }
      new = goal
      if let status = params.status { new.status = status }
    }
    if let budget = params.tokenBudget { new.tokenBudget = budget }
    new.updatedAt = now
    goal = new
    if new.status == .active { (turns, idleTurns) = (0, 0) }
    limitByBudget()
    return goal ?? new
  }

  /// The model's own word on how it stands.
  mutating func set(status: ThreadGoalStatus, nowMs: Int64) {
    goal?.status = status
    goal?.updatedAt = Int(nowMs / 1_000)
  }

  /// True if there was one.
  mutating func clear() -> Bool {
    defer { self = GoalRules() }
    return goal != nil
  }

  /// Adds what a response has cost; true when the budget is used up with it.
  mutating func spend(tokens: Int, nowMs: Int64) -> Bool {
    guard isActive else { return false }
    goal?.tokensUsed += max(0, tokens)
    goal?.updatedAt = Int(nowMs / 1_000)
    return limitByBudget()
  }

  mutating func spend(seconds: Int) {
    goal?.timeUsedSeconds += max(0, seconds)
  }

  /// A turn ended while the goal was active; the reason when it does not go on by itself any more.
  mutating func turnEnded(_ outcome: TurnOutcome, madeCalls: Bool, startedByGoal: Bool, nowMs: Int64)
    -> String?
  {
    guard isActive else { return nil }
    switch outcome {
    case .interrupted:
      set(status: .paused, nowMs: nowMs)
      return nil
    case .failed(let failure):
      set(status: failure.info == .usageLimitExceeded ? .usageLimited : .paused, nowMs: nowMs)
      return "The goal is paused: \(failure.message)"
    case .completed: break
    }
    guard startedByGoal else {
      (turns, idleTurns) = (0, 0)
      return nil
    }
    turns += 1
    idleTurns = madeCalls ? 0 : idleTurns + 1
    if idleTurns >= Self.idleLimit {
      set(status: .blocked, nowMs: nowMs)
      return "The goal is blocked: \(Self.idleLimit) turns in a row did nothing for it."
    }
    if turns >= Self.turnLimit {
      set(status: .paused, nowMs: nowMs)
      return "The goal is paused after \(Self.turnLimit) turns in a row. Set it active again to go on."
    }
    return nil
  }

  @discardableResult private mutating func limitByBudget() -> Bool {
    guard let goal, goal.status == .active, let budget = goal.tokenBudget, goal.tokensUsed >= budget else {
      return false
    }
    self.goal?.status = .budgetLimited
    return true
  }

  private static func trimmed(_ text: String) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
