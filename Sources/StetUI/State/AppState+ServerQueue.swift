import StetProtocol

/// The server's queue. Messages of this interface that it keeps, because their turn was stopped before it took them,
/// come back to where the user sees and edits them; those of other clients are left alone.
extension AppState {
  mutating func takeOverQueue(_ result: Result<ThreadQueueListResponse, RPCError>) {
    guard let thread, case .success(let response) = result else { return }
    for submission in response.data where Outbox.isOwn(submission.clientUserMessageId) {
      emit(
        .send(
          .threadQueueDelete(.init(threadId: thread.id, queuedSubmissionId: submission.id)), .queueDelete))
      let id = submission.clientUserMessageId
      let isOnItsWay = !outbox.takeBack { Outbox.clientId($0.localId) == id }.isEmpty
      // What was given back with the end of the turn must not come a second time.
      if isOnItsWay || !outbox.returned.contains(id) { giveBack(Self.text(of: submission.input)) }
    }
  }

  private static func text(of input: [UserInput]) -> String {
    input.compactMap { if case .text(let part) = $0 { part.text } else { nil } }.joined(separator: "\n")
  }
}
