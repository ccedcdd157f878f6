import StetProtocol

/// The server's queue. Messages of this interface that it keeps, because their turn was stopped before it took them,
/// come back to where the user sees and edits them; those of other clients are left alone. Behind a turn that completed
/// the server starts what it keeps by itself.
extension AppState {
  mutating func noteQueue(_ result: Result<ThreadQueueListResponse, RPCError>) {
    guard case .success(let response) = result else { return }
    outbox.kept = response.data
    if turn == nil, !outbox.goesOn { takeOverQueue() }
  }

  /// A turn is over: what the server kept of it comes back, unless it goes on.
  mutating func takeOverQueue(after status: TurnStatus) {
    outbox.goesOn = status == .completed
    if outbox.goesOn { outbox.kept = [] } else { takeOverQueue() }
  }

  private mutating func takeOverQueue() {
    guard let thread else { return }
    let kept = outbox.kept
    outbox.kept = []
    for submission in kept where outbox.isOwn(submission.clientUserMessageId) {
      emit(
        .send(
          .threadQueueDelete(.init(threadId: thread.id, queuedSubmissionId: submission.id)), .queueDelete))
      let id = submission.clientUserMessageId
      let sent = outbox
      let isOnItsWay = !outbox.takeBack { sent.clientId($0.localId) == id }.isEmpty
      // What was given back with the end of the turn must not come a second time.
      if isOnItsWay || outbox.returned[id] == nil { giveBack(Self.text(of: submission.input)) }
    }
  }

  private static func text(of input: [UserInput]) -> String {
    input.compactMap { if case .text(let part) = $0 { part.text } else { nil } }.joined(separator: "\n")
  }
}
