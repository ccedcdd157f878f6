import StetProtocol
import StetWorkspace

/// `stet/review/*`: looking at the reviews of a loaded thread (protocol.md §7.1).
extension Agent {
  public func reviewList(_ params: StetReviewListParams, reply: @escaping AgentReply<StetReviewListResponse>)
  {
    guard let session = session(params.threadId) else {
      return reply(.failure(.threadNotFound(params.threadId)))
    }
    if case .unknown(let name)? = params.state {
      return reply(.failure(.invalidRequest("unknown variant `\(name)`, expected `pending` or `done`")))
    }
    // The reviews of a stored thread come with its prompt.
    session.post { [self] session in
      let pending = params.state == .done ? [] : session.openReviews.all.compactMap(Self.row)
      if params.state == .pending {
        return reply(.success(StetReviewListResponse(data: pending.reversed())))
      }
      let history = session.feed.history
      let turns = session.openReviews.done.filter { $0.review.kind == .turn }.map { Self.doneRow($0.review) }
      onHistory(reply) { [services] in
        let stored = try services.histories.reading {
          try history.stored.map { try services.histories.reader($0).allTurns().finished() } ?? []
        }
        let done = (stored + history.live).flatMap(Self.doneRows) + turns
        reply(.success(StetReviewListResponse(data: pending.reversed() + done.reversed())))
      }
    } gone: {
      reply(.failure(.threadNotFound(params.threadId)))
    }
  }

  public func reviewRead(_ params: StetReviewReadParams, reply: @escaping AgentReply<StetReviewReadResponse>)
  {
    withReview(params.threadId, params.reviewId, reply) { try $0.page(params) }
  }

  /// Never writes.
  public func reviewPreview(
    _ params: StetReviewPreviewParams, reply: @escaping AgentReply<StetReviewPreviewResponse>
  ) {
    withReview(params.threadId, params.reviewId, reply) { try $0.preview(params.files) }
  }

  // MARK: - Parts

  private func withReview<Response: Sendable>(
    _ thread: String?, _ review: String, _ reply: @escaping AgentReply<Response>,
    _ body: @escaping @Sendable (ReviewPages) throws -> Response
  ) {
    guard let thread else { return answer(looseReviews[review], review, reply, body) }
    guard let session = session(thread) else { return reply(.failure(.threadNotFound(thread))) }
    if let open = session.openReviews[review] { return answer(open, review, reply, body) }
    // The reviews of a stored thread come with its prompt.
    session.post { [self] session in
      answer(session.openReviews[review], review, reply, body)
    } gone: {
      reply(.failure(.threadNotFound(thread)))
    }
  }

  private func answer<Response: Sendable>(
    _ open: OpenReviews.Open?, _ id: String, _ reply: @escaping AgentReply<Response>,
    _ body: @escaping @Sendable (ReviewPages) throws -> Response
  ) {
    guard let open else {
      return reply(.failure(.invalidRequest("no open review \(id) in this thread")))
    }
    WorkspaceThread.shared.post {
      do {
        reply(.success(try body(ReviewPages(review: open))))
      } catch let error as RPCError {
        reply(.failure(error))
      } catch {
        reply(.failure(.invalidRequest((error as? WorkspaceError)?.message ?? "\(error)")))
      }
    }
  }

  /// Nil for what somebody only looks at.
  private static func row(_ review: OpenReviews.Open) -> StetReviewRow? {
    guard review.kind != .look, review.kind != .picture else { return nil }
    return StetReviewRow(
      reviewId: review.id, turnId: review.turnId, itemId: review.itemId, state: .pending,
      createdAtMs: review.createdAtMs, filesTotal: review.proposals.files.count,
      hunksUndecided: review.hunksUndecided, reviewState: review.state)
  }

  private static func doneRow(_ review: OpenReviews.Open) -> StetReviewRow {
    StetReviewRow(
      reviewId: review.id, turnId: review.turnId, itemId: review.itemId, state: .done,
      createdAtMs: review.createdAtMs, filesTotal: review.proposals.files.count, hunksUndecided: 0)
  }

  private static func doneRows(_ turn: TurnState) -> [StetReviewRow] {
    turn.entries.compactMap { entry in
      guard case .fileChange(let item) = entry.item, let outcome = item.stet else { return nil }
      return StetReviewRow(
        reviewId: outcome.reviewId, turnId: turn.id, itemId: item.id, state: .done,
        createdAtMs: entry.startedAtMs, filesTotal: outcome.files.count, hunksUndecided: 0)
    }
  }
}
