import StetProtocol

/// Tells clients of one review: `item/autoApprovalReview/started`, `guardianWarning`, `…/completed`, in this order.
struct ReviewNotice {
  let context: ToolContext
  let action: ReviewedAction
  let id: String
  let startedAtMs: Int

  func started() {
    context.approvals.notify(
      .itemAutoApprovalReviewStarted(
        ItemGuardianApprovalReviewStartedNotification(
          threadId: context.threadId, turnId: context.turnId, startedAtMs: startedAtMs, reviewId: id,
          targetItemId: action.targetItemId, review: GuardianApprovalReview(status: .inProgress),
          action: action.wire)))
  }

  func completed(_ status: GuardianApprovalReviewStatus, _ opinion: ReviewVerdict.Opinion, nowMs: Int64) {
    end(
      GuardianApprovalReview(
        status: status, riskLevel: opinion.risk, userAuthorization: opinion.authorization,
        rationale: opinion.rationale),
      "Approval review: \(status == .approved ? "allowed" : "denied") (\(opinion.risk.name) risk): "
        + opinion.rationale, nowMs)
  }

  func unclear(_ why: String, timedOut: Bool, asks: Bool, nowMs: Int64) {
    end(
      GuardianApprovalReview(status: timedOut ? .timedOut : asks ? .aborted : .denied, rationale: why),
      "Approval review: no verdict (\(why)); "
        + (asks ? "the user is asked." : "nobody can be asked, so it was declined."), nowMs)
  }

  /// The turn, or the command that it was about, ended first.
  func aborted(nowMs: Int64) { end(GuardianApprovalReview(status: .aborted), nil, nowMs) }

  private func end(_ review: GuardianApprovalReview, _ words: String?, _ nowMs: Int64) {
    if let words {
      context.approvals.notify(
        .guardianWarning(GuardianWarningNotification(threadId: context.threadId, message: words)))
    }
    context.approvals.notify(
      .itemAutoApprovalReviewCompleted(
        ItemGuardianApprovalReviewCompletedNotification(
          threadId: context.threadId, turnId: context.turnId, startedAtMs: startedAtMs,
          completedAtMs: Int(nowMs), reviewId: id, targetItemId: action.targetItemId, decisionSource: .agent,
          review: review, action: action.wire)))
  }
}
