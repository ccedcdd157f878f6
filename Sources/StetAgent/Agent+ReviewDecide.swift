import StetProtocol

/// `stet/review/decide` and `undo` (protocol.md §7.1), in order with the other calls of the thread.
extension Agent {
  public func reviewDecide(_ params: StetReviewDecideParams, reply: @escaping AgentReply<StetReviewOutcome>) {
    onSession(params.threadId, reply) { await $0.decideReview(params, reply) }
  }

  public func reviewUndo(_ params: StetReviewUndoParams, reply: @escaping AgentReply<StetReviewOutcome>) {
    onSession(params.threadId, reply) { await $0.undoReview(params, reply) }
  }

  func onSession<Response: Sendable>(
    _ thread: String, _ reply: @escaping AgentReply<Response>, _ job: @escaping ThreadSession.Job
  ) {
    guard let session = session(thread) else { return reply(.failure(.threadNotFound(thread))) }
    session.post(job) { reply(.failure(.threadNotFound(thread))) }
  }
}
