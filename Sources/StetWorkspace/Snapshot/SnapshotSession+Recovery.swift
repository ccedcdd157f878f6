/// What killed processes left: found at the start, and whenever one dies while this one goes on.
extension SnapshotSession {
  /// Takes back what they left half done and ends their turns. Only while no other process does.
  func recover() throws(WorkspaceError) {
    for place in [edits, transactions] {
      let writes = WriteTransaction(roots: [], journalDirectory: place)
      // Those that came to their end are not taken back: their journals only were not removed yet.
      recovered += try writes.recover { (name) throws(WorkspaceError) in
        try journal.isCommitted(transaction: name)
      }
    }
    // Whose they are is not known: no restore is taken for not done while they are there.
    let restores = WriteTransaction(roots: [], journalDirectory: transactions)
    try endAbandoned(isUndecided: try restores.hasOthers())
  }

  /// Puts right what a process left that died since this one opened the store: before anything is kept, planned or done
  /// on top of it.
  func attend() throws(WorkspaceError) {
    var left: [Int64] = []
    for turn in try journal.openTurns() where turn.owner != owner.name && !attended.contains(turn.id) {
      if try SnapshotOwner.isGone(turn.owner, in: directory) { left.append(turn.id) }
    }
    guard !left.isEmpty else { return }
    try waitingAlone { () throws(WorkspaceError) in try recover() }
    attended.formUnion(left)
  }

  /// Ends the turns of processes that are gone, and takes their marks away then.
  private func endAbandoned(isUndecided: Bool) throws(WorkspaceError) {
    var finished: Set<String> = []
    for turn in try journal.openTurns() where try SnapshotOwner.isGone(turn.owner, in: directory) {
      try journal.loseCommands(of: turn)
      if !turn.cause.isRestore {
        _ = try finish(turn.id)
      } else if try !recoverRestore(turn.id, isUndecided: isUndecided) {
        continue
      }
      finished.insert(turn.owner)
    }
    try noteLost()
    let open = Set(try journal.openTurns().map(\.owner))
    try SnapshotOwner.sweep(directory, finished: finished, open: open)
  }

  /// The commands of a thread during which a process was killed, once.
  func takeLost(thread: String) throws(WorkspaceError) -> [LostCommand] {
    let lost = try journal.takeLost(thread: thread)
    if !lost.isEmpty { try noteLost() }
    return lost
  }

  /// As long as something is to be told, a mark says so to processes that open no store without one.
  private func noteLost() throws(WorkspaceError) {
    // No other process may note a loss between the question and what follows from it.
    try journal.database.transaction { () throws(WorkspaceError) in
      try SnapshotOwner.setLost(try journal.hasLost(), in: directory)
    }
  }
}
