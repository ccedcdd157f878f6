import StetProtocol
import StetWorkspace

/// A proposal that outlived its request, and taking decisions back.
extension ThreadSession {
  func submitProposal(
    _ review: OpenReviews.Open, _ decision: ReviewDecision
  ) async throws -> StetReviewOutcome {
    let finished = FinishedReview(id: review.id, first: FinishedReview.Round(decision: decision))
    switch await Freshness.of(decision.proposals) {
    case .current: break
    case .stale(let reasons):
      finish(review, snapshot: nil)
      tell(
        review.title(
          for: "stale: \(reasons.joined(separator: "; ")). Nothing was written. Read the files again."))
      return Self.answer(finished, .stale)
    case .again(let next):
      // What would be written is not what was reviewed: it is put again.
      openReviews.remove(review.id)
      journal.append(ThreadRecord.review, ReviewRecord.done(review.id))
      tellChanged(review, undecided: 0)
      let again = OpenReviews.Open(
        id: ReviewRequest.newId(), turnId: review.turnId, itemId: review.itemId, createdAtMs: nowMs(),
        proposals: next.proposals, kind: .proposal)
      hold(again)
      throw RPCError.invalidRequest(
        "The files changed since the review was opened; nothing was written. What would be written now is "
          + "review \(again.id).", data: ["stetError": "staleBase", "reviewId": .string(again.id)])
    }
    let writes = decision.proposals.plannedWrites()
    let record = writes.isEmpty ? nil : try await snapshots.write(writes, review: review.id)
    let paths = writes.map(\.path)
    let after = try await WorkspaceThread.shared.run { try Self.states(paths) }
    finish(review, snapshot: record?.id)
    tell(review.title(for: ReviewReport.text(finished, after: after)))
    note(after)
    return Self.answer(finished, writes.isEmpty ? .none : finished.isWhole ? .all : .partial)
  }

  private static func answer(_ review: FinishedReview, _ outcome: StetOutcome) -> StetReviewOutcome {
    ReviewReport.outcome(review, outcome, [])
  }

  /// `stet/review/undo`.
  func undoReview(
    _ params: StetReviewUndoParams, _ reply: @escaping AgentReply<StetReviewOutcome>
  ) async {
    do {
      guard running == nil else {
        throw RPCError.invalidRequest(
          "A turn is running; interrupt it first.", data: ["stetError": "busyTurn"])
      }
      if openReviews[params.reviewId] != nil {
        throw RPCError.invalidRequest(
          "the review \(params.reviewId) is not submitted: there is nothing to undo")
      }
      guard let done = openReviews.done.last(where: { $0.review.id == params.reviewId }) else {
        throw RPCError.invalidRequest(
          "the decisions of review \(params.reviewId) can't be taken back any more",
          data: ["stetError": "expired"])
      }
      let outcome = try await takeBack(done)
      feed.ordered { _, _ in reply(.success(outcome)) }
    } catch {
      reply(.failure(Self.refusal(error)))
    }
  }

  private func takeBack(_ done: OpenReviews.Done) async throws -> StetReviewOutcome {
    var review = done.review
    var stayed: [String] = []
    if let snapshot = done.snapshot {
      stayed = try await snapshots.undo(record: snapshot, review: review.id)
    } else if !done.writes.isEmpty {
      stayed = Array(try await snapshots.undo(done.writes, review: review.id).0.refused.keys)
    }
    let wasWritten = done.snapshot != nil || !done.writes.isEmpty
    let paths = review.proposals.files.flatMap(\.touchedPaths)
    let after = try await WorkspaceThread.shared.run { try Self.states(paths) }
    if review.kind == .asked { review.kind = .proposal }
    hold(review)
    if wasWritten {
      tell(Self.correction(review, after, stayed: Set(stayed)))
      note(
        after.filter { path, state in
          guard let file = review.proposals[path] else { return false }
          let back = review.state == .proposed ? file.base : file.proposed
          return (review.state == .proposed || done.known.contains(path))
            && state.stamp.sameContent(as: back.stamp)
        })
    }
    let isProposal = review.state == .proposed
    return StetReviewOutcome(
      reviewId: review.id, outcome: stayed.isEmpty ? (isProposal ? .none : .all) : .conflict,
      proposedChanges: [],
      files: review.proposals.files.map { file in
        let hasStayed = file.touchedPaths.contains(where: stayed.contains)
        return StetFileResult(
          path: file.path, outcome: hasStayed ? .conflicted : isProposal ? .rejected : .applied,
          hashAfter: (after[file.movePath ?? file.path] ?? after[file.path])?.hash?.hex)
      })
  }

  /// What holds on disk in place of what the model was told before.
  private static func correction(
    _ review: OpenReviews.Open, _ after: [String: FileState], stayed: Set<String>
  ) -> String {
    let lines = review.proposals.files.map { file in
      let name = file.change.spelled
      if file.touchedPaths.contains(where: stayed.contains) {
        return "\(name): changed since, left as it is; read it again"
      }
      let state = after[file.movePath ?? file.path] ?? .absent
      let hash = state.hash.map { "hash \($0.hex.prefix(12))" } ?? "not there"
      if review.state == .proposed { return "\(name): your change is NOT on disk any more; \(hash)" }
      return state.stamp.sameContent(as: file.proposed.stamp)
        ? "\(name): as you left it; \(hash)"
        : "\(name): your change is there again, with edits of others; \(hash); read it before you edit it"
    }
    return "The user took the decisions of a review back; what you were told of it is void. On disk now:\n"
      + lines.joined(separator: "\n")
  }
}
