import StetJSON
import StetProtocol
import StetWorkspace

/// `stet/review/stage`, `commitDraft` and `commit` (protocol.md §7.1): the user's repository is written on these
/// requests only.
extension Agent {
  public func reviewStage(_ params: StetReviewStageParams, reply: @escaping AgentReply<StetReviewOutcome>) {
    onSession(params.threadId, reply) { session in
      do {
        reply(.success(try await session.stage(params)))
      } catch {
        reply(.failure(ThreadSession.refusal(error)))
      }
    }
  }

  /// Answered when the model has; other calls of the thread do not wait for it.
  public func reviewCommitDraft(
    _ params: StetReviewCommitDraftParams, reply: @escaping AgentReply<JSONValue>
  ) {
    onSession(params.threadId, reply) { session in
      Task {
        do {
          reply(.success(["message": .string(try await session.draftCommit(params.reviewId))]))
        } catch {
          reply(.failure(ThreadSession.refusal(error)))
        }
      }
    }
  }

  public func reviewCommit(_ params: StetReviewCommitParams, reply: @escaping AgentReply<JSONValue>) {
    onSession(params.threadId, reply) { [services] session in
      // Hooks take their time; other calls of the thread do not wait for them.
      Task {
        do {
          let commit = GitCommit(
            cwd: session.settings.cwd, environment: services.environment.processEnvironment,
            secrets: session.configuration()?.secretNames ?? [])
          reply(.success(["sha": .string(try await commit.run(params.message))]))
        } catch {
          reply(.failure(ThreadSession.refusal(error)))
        }
      }
    }
  }
}

extension ThreadSession {
  func stage(_ params: StetReviewStageParams) async throws -> StetReviewOutcome {
    guard
      let review = openReviews[params.reviewId]
        ?? openReviews.done.last(where: { $0.review.id == params.reviewId })?.review
    else { throw RPCError.invalidRequest("no review \(params.reviewId) in this thread") }
    guard
      let decision = ReviewAnswer.read(
        StetReviewDecision(files: params.files), into: ReviewDecision(proposals: review.proposals))
    else {
      throw RPCError.invalidRequest(
        "the decisions do not fit review \(review.id): a file, an operation or a base hash is not of it")
    }
    let chosen = decision.proposals.files.filter { $0.verdict != .none }
    guard !chosen.isEmpty else { throw RPCError.invalidRequest("nothing is accepted: nothing to stage") }
    let (cwd, scratch) = (settings.cwd, services.environment.home.stateDirectory + "/journal")
    let staged = try await WorkspaceThread.shared.run {
      try GitStage(cwd, scratch: scratch).stage(chosen)
    }
    return Self.staged(review, decision.proposals, staged)
  }

  private static func staged(
    _ review: OpenReviews.Open, _ decided: ProposalSet, _ staged: [StagedFile]
  ) -> StetReviewOutcome {
    var hasFailed = false
    let files = decided.files.map { file -> StetFileResult in
      let results = staged.filter { file.touchedPaths.contains($0.path) }
      var outcome = StetFileOutcome.rejected
      var note: String?
      for result in results {
        switch result.outcome {
        case .staged, .unchanged:
          if outcome == .rejected { outcome = file.verdict == .all ? .applied : .partial }
        case .conflicted:
          outcome = .conflicted
          note = "the index holds other changes of the same lines"
        case .refused(let reason):
          outcome = .failed
          note = reason
        }
      }
      if note != nil { hasFailed = true }
      return StetFileResult(
        path: file.path, outcome: outcome, rejectedHunks: file.rejectedHunks, editedHunks: file.editedHunks,
        reason: note)
    }
    let verdict = decided.verdict
    return StetReviewOutcome(
      reviewId: review.id, outcome: hasFailed ? .conflict : verdict == .all ? .all : .partial,
      proposedChanges: [], files: files)
  }
}
