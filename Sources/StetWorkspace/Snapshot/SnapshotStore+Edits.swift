import Glibc

/// What edit tools write: each edit all or nothing, also where the process is killed in the middle of it.
extension SnapshotStore {
  /// Writes an edit in a turn whose paths were captured, and notes what it wrote while it can still be taken back: after
  /// a crash either all of it is there and recorded, or nothing of it. Below `roots` (real directories) may be written.
  ///
  /// - Parameter key: nil where undo is off; the edit is all or nothing then too.
  /// - Parameter onRecovery: told before the edit, which may fail for it, what was put back of edits that a killed
  ///   process left half done.
  /// - Returns: What was written, and why it is not (wholly) recorded: that keeps no edit from being made.
  public func commit(
    _ writes: [PlannedWrite], below roots: [String], in key: TurnKey?,
    onRecovery: ([RecoveredWrite]) -> Void = { _ in }
  ) throws(WorkspaceError) -> (written: [VerifiedWrite], problem: WorkspaceError?) {
    var problem: WorkspaceError?
    do throws(WorkspaceError) {
      onRecovery(try attend())
    } catch {
      problem = error
      do throws(WorkspaceError) { onRecovery(try recoverEdits()) } catch {
        // What it could not put back is kept for the next one; this edit is none of it.
        problem = error
      }
    }
    var transaction = WriteTransaction(roots: roots, journalDirectory: edits)
    transaction.proceed = limits.proceed
    transaction.mayLackJournal = true
    let written = try transaction.commit(writes, clearing: []) { name, written throws(WorkspaceError) in
      guard let key, problem == nil else { return }
      do throws(WorkspaceError) {
        try session { session throws(WorkspaceError) in
          let record = try session.record(key)
          try session.note(written, in: record) { () throws(WorkspaceError) in
            try session.journal.setCommitted(record, name)
          }
        }
      } catch {
        problem = error
      }
    }
    return (written, problem)
  }

  /// What was put back of writes that a killed process left half done, once. Opens no store where no process died.
  public func takeRecovered() throws(WorkspaceError) -> [RecoveredWrite] {
    if !isOpen, try !SnapshotOwner.leftSome(in: directory), try !hasEdits() { return [] }
    do throws(WorkspaceError) {
      return try attend()
    } catch {
      return try recoverEdits()
    }
  }

  /// Puts right what killed processes left, and answers what was put back since this was asked last.
  private func attend() throws(WorkspaceError) -> [RecoveredWrite] {
    try session { session throws(WorkspaceError) in
      try session.attend()
      defer { session.recovered = [] }
      return session.recovered
    }
  }

  private func hasEdits() throws(WorkspaceError) -> Bool {
    try WriteTransaction(roots: [], journalDirectory: edits).hasOthers()
  }

  /// Where the store can't be opened: an edit of a killed process is half done all the same.
  private func recoverEdits() throws(WorkspaceError) -> [RecoveredWrite] {
    try WriteTransaction(roots: [], journalDirectory: edits).recover()
  }
}
