import StetProtocol
import StetWorkspace

/// Asking about an edit: rounds of request and answer, until the files are still as the user saw them.
extension EditFlow {
  /// A review is put again when the files changed under it; somebody who keeps saving ends it after this many rounds.
  static let reviewRounds = 5

  /// - Parameter isOutside: the sandbox policy alone would not let it be written; so in each round.
  func review(
    _ proposals: ProposalSet, _ item: FileChangeItem, _ reason: String?, isOutside: Bool
  ) async -> ToolOutput {
    var proposals = proposals
    var reason = reason
    var review: FinishedReview?
    for _ in 0..<Self.reviewRounds {
      let request = ReviewRequest.make(proposals, callId: call.itemId, supersedes: review?.id)
      let decision: ReviewDecision
      let open = OpenReviews.Open(
        id: request.reviewId, turnId: context.turnId, itemId: call.itemId,
        createdAtMs: Int64(WallClock.milliseconds), proposals: proposals)
      switch await ask(request, reason, open, isOutside: isOutside) {
      case .decided(let decided): decision = decided
      case .cancel(let byUser): return cancelled(item, proposals, interrupts: byUser)
      case .invalid(let why):
        context.items.warn("The edit was not made: \(why).")
        return end(item, .failed, "approval request failed; nothing was written")
      }
      if decision.rememberPaths {
        // A file of which something was refused is looked at again the next time.
        let whole = decision.proposals.files.filter { $0.verdict == .all && !$0.operations.isEmpty }
        context.sessionApprovals.accept(EditApproval.paths(whole, context))
      }
      context.openReviews.finish(OpenReviews.Done(review: open))
      let round = FinishedReview.Round(decision: decision)
      var decided = review ?? FinishedReview(id: request.reviewId, first: round)
      if review != nil { decided.add(round, id: request.reviewId) }
      switch await Freshness.of(decision.proposals) {
      case .current:
        // The user saw the paths: what was accepted may lie outside of the workspace.
        return await write(decision.proposals, item, decided, below: ["/"])
      case .stale(let reasons): return stale(item, decided, reasons)
      case .again(let next):
        decided.note(conflicted: next.conflicted)
        review = decided
        proposals = next.proposals
        reason = "The files changed on disk; this is what would be written now."
        show(next.changes, of: item)
      }
    }
    return stale(item, review, ["the files kept changing during the review"])
  }

  private enum Answer {
    case decided(ReviewDecision)
    /// The user stopped the turn with it, or the turn ended first.
    case cancel(byUser: Bool)
    case invalid(String)
  }

  private func ask(
    _ request: StetReviewRequest, _ reason: String?, _ review: OpenReviews.Open, isOutside: Bool
  ) async -> Answer {
    let params = FileChangeRequestApprovalParams(
      threadId: context.threadId, turnId: context.turnId, itemId: call.itemId,
      startedAtMs: Int(review.createdAtMs), reason: reason, stet: request)
    context.openReviews.add(review)
    if let record = ReviewRecord.opened(review) { context.approvals.note(ThreadRecord.review, record) }
    changed(request, undecided: review.hunksUndecided)
    let answer = await context.approvals.ask(.fileChangeRequestApproval(params), isOutside: isOutside)
    context.openReviews.remove(review.id)
    if case .cancelled = answer {
      // Who closes the program decided nothing: the review waits for the next start.
      if !context.openReviews.keepsAsked { closed(request) }
      return .cancel(byUser: false)
    }
    closed(request)
    switch answer {
    case .cancelled: return .cancel(byUser: false)
    case .failed(let error): return .invalid("the answer was an error: \(error.message)")
    case .answered(let value):
      switch ReviewAnswer(value, review.proposals) {
      case .decided(let decision): return .decided(decision)
      case .cancel: return .cancel(byUser: true)
      case .invalid: return .invalid("the answer does not fit the review")
      }
    }
  }

  private func closed(_ request: StetReviewRequest) {
    context.approvals.note(ThreadRecord.review, ReviewRecord.done(request.reviewId))
    changed(request, undecided: 0)
  }

  private func changed(_ request: StetReviewRequest, undecided: Int) {
    context.approvals.notify(
      .stetReviewChanged(
        StetReviewChangedNotification(
          threadId: context.threadId, reviewId: request.reviewId, state: request.state,
          hunksUndecided: undecided)))
  }

  private func cancelled(
    _ item: FileChangeItem, _ proposals: ProposalSet, interrupts: Bool
  ) -> ToolOutput {
    let names = proposals.files.map(\.change.spelled).joined(separator: ", ")
    return end(
      item, .declined,
      "review: cancelled by the user before it was decided; nothing was written (\(names))",
      interrupts: interrupts)
  }

  /// The clients show the hunks of the next request by the item's diff.
  private func show(_ changes: [FileUpdateChange], of item: FileChangeItem) {
    context.items.progress(
      .fileChangePatchUpdated(
        FileChangePatchUpdatedNotification(
          threadId: context.threadId, turnId: context.turnId, itemId: item.id, changes: changes)),
      item: item.id)
  }
}
