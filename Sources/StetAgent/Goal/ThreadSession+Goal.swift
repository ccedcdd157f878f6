import StetProtocol

/// The goal of a thread: what the agent works on by itself, turn after turn, until it is reached, used up or paused.
extension ThreadSession {
  func goalSet(_ params: ThreadGoalSetParams, _ reply: AgentReply<ThreadGoalSetResponse>) async {
    do {
      let goal = try goal.set(params, nowMs: nowMs())
      goalChanged(turn: nil) { reply(.success(ThreadGoalSetResponse(goal: goal))) }
    } catch {
      return reply(.failure(error))
    }
    // The user's word: a stop before it does not hold any more.
    if goal.isActive {
      if goalSince == nil, running != nil { goalSince = nowMs() }
      await goOn()
    }
  }

  func goalGet(_ reply: AgentReply<ThreadGoalGetResponse>) {
    feed.ordered { _, _ in reply(.success(ThreadGoalGetResponse(goal: goal.goal))) }
  }

  func goalClear(_ reply: AgentReply<ThreadGoalClearResponse>) {
    let existed = goal.clear()
    goalSince = nil
    if existed { journal.append(ThreadRecord.goal, ThreadRecord.Goal(goal: nil)) }
    feed.ordered { _, _ in
      reply(.success(ThreadGoalClearResponse(cleared: existed)))
      if existed { services.sink.notify(goalNotice(turn: nil), thread: id) }
    }
  }

  /// `thread/goal/updated` or `…/cleared`, whichever is true.
  func goalNotice(turn: String?) -> ServerNotification {
    guard let goal = goal.goal else {
      return .threadGoalCleared(ThreadGoalClearedNotification(threadId: id))
    }
    return .threadGoalUpdated(ThreadGoalUpdatedNotification(threadId: id, turnId: turn, goal: goal))
  }

  // MARK: - Its turns

  /// Starts a turn for an active goal on an idle thread. In plan mode nothing is done by itself.
  func pursueGoal() async {
    guard let goal = goal.goal, goal.status == .active, settings.mode != .plan else { return }
    let note = MessageItem.ours(GoalText.pursue(goal))
    await startTurn(TurnStartParams(threadId: id, input: []), notes: [note]) { _ in }
  }

  /// What a response cost counts for the goal that it worked for.
  func chargeGoal(_ usage: ModelUsage) {
    guard goal.spend(tokens: usage.input - usage.cachedInput + usage.output, nowMs: nowMs()) else { return }
    goalChanged(turn: running?.id) {}
    // Not from within the actions of the machine: it hears of it as of a message of the user.
    post { session in
      guard session.running?.machine.phase == .tools else { return }
      session.apply(
        .steer(
          SteeredInput(
            key: ThreadIds.make(nowMs: session.nowMs()), items: [MessageItem.ours(GoalText.budgetIsUsed)])))
    }
  }

  /// The time of the turn, and whether the goal goes on.
  func goalTurnIsOver(_ turn: Running, _ outcome: TurnOutcome) {
    let since = goalSince
    goalSince = nil
    guard let before = goal.goal, since != nil || before.status == .active else { return }
    if let since { goal.spend(seconds: Int((nowMs() - since) / 1_000)) }
    // A process that ends is no stop by the user.
    if !isClosing {
      let reason = goal.turnEnded(
        outcome, madeCalls: turn.madeCalls, startedByGoal: turn.isForGoal, nowMs: nowMs())
      if let reason { feed.warn(reason) }
    }
    if goal.goal?.status != before.status { goalChanged(turn: turn.id) {} } else { storeGoal() }
  }

  // MARK: - The model's tools

  func goalForModel() -> JSONValue {
    do {
      return ["goal": try JSONValue(encoding: ThreadGoalGetResponse(goal: goal.goal).goal)]
    } catch {
      return ["goal": nil]
    }
  }

  /// `create_goal`: refused while there is one that is not done.
  func createGoal(_ objective: String, budget: Int?) -> RPCError? {
    if let known = goal.goal, known.status != .complete {
      return .invalidRequest("this thread has a goal already: \(known.objective)")
    }
    do {
      _ = try goal.set(
        ThreadGoalSetParams(threadId: id, objective: objective, status: .active, tokenBudget: budget),
        nowMs: nowMs())
    } catch {
      return error
    }
    goalSince = nowMs()
    goalChanged(turn: running?.id) {}
    return nil
  }

  /// `update_goal`; false when there is none.
  func updateGoal(_ status: ThreadGoalStatus) -> Bool {
    guard goal.goal != nil else { return false }
    goal.set(status: status, nowMs: nowMs())
    goalChanged(turn: running?.id) {}
    return true
  }

  // MARK: - Parts

  private func goalChanged(turn: String?, _ reply: () -> Void) {
    storeGoal()
    feed.ordered { _, _ in
      reply()
      services.sink.notify(goalNotice(turn: turn), thread: id)
    }
  }

  private func storeGoal() {
    journal.append(ThreadRecord.goal, ThreadRecord.Goal(goal: goal.goal))
  }
}
