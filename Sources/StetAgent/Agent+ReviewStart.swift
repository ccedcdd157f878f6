import StetProtocol
import StetWorkspace

/// `stet/review/start`: a review of something that is there already (protocol.md §7.1). Nothing is written, and the
/// model does not learn of it before something is decided.
extension Agent {
  public func reviewOpen(_ params: StetReviewStartParams, reply: @escaping AgentReply<StetReviewRequest>) {
    let target: LookTarget
    do {
      target = try LookTarget(params.target)
    } catch {
      return reply(.failure(error))
    }
    guard let thread = params.threadId else {
      guard !target.needsThread else { return reply(.failure(.invalidRequest("missing field `threadId`"))) }
      return openLoose(target, reply)
    }
    onSession(thread, reply) { session in
      do {
        let (review, skipped) = try await session.look(target)
        session.letGo(session.openReviews.add(review))
        reply(.success(Self.opened(review, skipped)))
      } catch {
        reply(.failure(ThreadSession.refusal(error)))
      }
    }
  }

  private func openLoose(_ target: LookTarget, _ reply: @escaping AgentReply<StetReviewRequest>) {
    WorkspaceThread.shared.post { [looseReviews, services] in
      do {
        let (review, skipped) = try target.open(cwd: "/", nowMs: services.clock.nowMs())
        looseReviews.add(review)
        reply(.success(Self.opened(review, skipped)))
      } catch {
        reply(.failure(ThreadSession.refusal(error)))
      }
    }
  }

  /// Files that are not compared are named, without hunks.
  private static func opened(_ review: OpenReviews.Open, _ skipped: [SkippedFile]) -> StetReviewRequest {
    var request = ReviewRequest.make(review)
    request.files += skipped.map {
      StetReviewFile(
        path: $0.path, kind: "binary", size: 0, note: $0.note, collapsed: "large", hunks: [])
    }
    return request
  }
}

extension ThreadSession {
  /// What a target holds now.
  func look(_ target: LookTarget) async throws -> (review: OpenReviews.Open, skipped: [SkippedFile]) {
    guard case .turns(let from, let to) = target else {
      let (cwd, now) = (settings.cwd, nowMs())
      return try await WorkspaceThread.shared.run { try target.open(cwd: cwd, nowMs: now) }
    }
    // Only turns of this process tell which call made a hunk.
    let items = feed.history.live.flatMap { $0.entries.map(\.item) }
    return (try await snapshotReview(from: from, to: to, items: items, kind: .look), [])
  }
}
