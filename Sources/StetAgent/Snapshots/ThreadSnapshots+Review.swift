import StetProtocol
import StetWorkspace

/// What reviews read and write of the workspace; each write is a snapshot of its own, so that it can be undone.
extension ThreadSnapshots {
  /// Files that keep changing are tried so often.
  private static let writeRounds = 5

  /// What turns changed and is still there.
  func reviewed(from: String?, to: String?) async throws -> [ReviewedFile] {
    try await onStore { [thread] in try $0.reviewed(thread: thread, from: from, to: to) }
  }

  /// Takes rejected operations of applied changes back, as far as nobody wrote the same lines since.
  func rollBack(
    _ decided: ProposalSet, of review: OpenReviews.Open
  ) async throws -> (RollbackPlan, TurnRecord?) {
    try await perform(review.id, .review) { try RollbackPlan(decided, directories: review.directories) }
  }

  /// Writes what a review accepted.
  func write(_ writes: [PlannedWrite], review: String) async throws -> TurnRecord? {
    let key = TurnKey(thread: thread, turn: "review-\(review)")
    return try await onStore { try $0.apply(RollbackPlan(writing: writes).plan, as: key, cause: .review) }
  }

  /// Takes back what the edit of a turn wrote.
  func undo(_ writes: [VerifiedWrite], review: String) async throws -> (RollbackPlan, TurnRecord?) {
    try await perform(review, .review) { try RollbackPlan(undoing: writes) }
  }

  /// Takes back what a submitted review wrote; the paths that had to stay.
  func undo(record: Int64, review: String) async throws -> [String] {
    let key = TurnKey(thread: thread, turn: "review-\(review)")
    return try await onStore { store in
      let plan = try store.plan(.record(record))
      _ = try store.apply(plan, as: key, cause: .review)
      return plan.refused.map(\.path)
    }
  }

  private func perform(
    _ review: String, _ cause: TurnCause, _ make: @escaping @Sendable () throws -> RollbackPlan
  ) async throws -> (RollbackPlan, TurnRecord?) {
    let key = TurnKey(thread: thread, turn: "review-\(review)")
    return try await onStore { store in
      for _ in 1..<Self.writeRounds {
        let plan = try make()
        do {
          return (plan, try store.apply(plan.plan, as: key, cause: cause))
        } catch let error as WorkspaceError where error.code == .planStale {
          continue
        }
      }
      let plan = try make()
      return (plan, try store.apply(plan.plan, as: key, cause: cause))
    }
  }
}
