import StetProtocol

/// The plan that the model keeps with `update_plan`.
public struct PlanBoard: Sendable {
  let feed: ThreadFeed
  let turnId: String

  /// Sends `turn/plan/updated`.
  public func update(explanation: String?, steps: [TurnPlanStep]) {
    feed.notify(
      .turnPlanUpdated(
        TurnPlanUpdatedNotification(
          threadId: feed.threadId, turnId: turnId, explanation: explanation, plan: steps)))
  }
}
