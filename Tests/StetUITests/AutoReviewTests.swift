import StetProtocol
import Testing

@testable import StetUI

/// What a model said to approvals in the user's place.
@Suite("issue 9: reviewed approvals") struct AutoReviewTests {
  private static let action: JSONValue = [
    "type": "command", "source": "unifiedExec", "command": "/bin/bash -c 'touch made'", "cwd": "/w",
  ]

  private func review(
    _ s: inout Session, _ status: GuardianApprovalReviewStatus, _ risk: GuardianRiskLevel? = nil,
    _ why: String? = nil
  ) {
    s.notify(
      .itemAutoApprovalReviewStarted(
        .init(
          threadId: Session.threadId, turnId: "U1", startedAtMs: 0, reviewId: "r",
          review: .init(status: .inProgress),
          action: Self.action)))
    s.notify(.guardianWarning(.init(threadId: Session.threadId, message: "the same in other words")))
    s.notify(
      .itemAutoApprovalReviewCompleted(
        .init(
          threadId: Session.threadId, turnId: "U1", startedAtMs: 0, completedAtMs: 1, reviewId: "r",
          decisionSource: .agent, review: .init(status: status, riskLevel: risk, rationale: why),
          action: Self.action)))
  }

  @Test("issue 9: a verdict is shown with its risk, its reason and the command, once")
  func verdicts() {
    var s = Session.open(100, 30)
    s.startTurn()
    review(&s, .approved, .low, "It was asked for.")
    #expect(s.shows("Allowed by the approval review (low risk): It was asked for."))
    #expect(s.shows("touch made") && !s.shows("in other words"))
    review(&s, .denied, .high, "It was not.")
    #expect(s.shows("Denied by the approval review (high risk): It was not."))
    review(&s, .timedOut, nil, "the model took too long")
    #expect(s.shows("The approval review took too long"))
  }

  @Test("issue 9: a review that its turn ended says nothing; a warning without a review is shown")
  func quiet() {
    var s = Session.open(100, 30)
    s.startTurn()
    review(&s, .aborted)
    #expect(!s.shows("no verdict"))
    s.notify(.guardianWarning(.init(threadId: Session.threadId, message: "watch out")))
    #expect(s.shows("watch out"))
  }
}
