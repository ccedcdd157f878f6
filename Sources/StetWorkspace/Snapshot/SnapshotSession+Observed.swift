/// What commands changed, as the inventory saw it.
extension SnapshotSession {
  func observe(_ changes: [ObservedChange], in key: TurnKey) throws(WorkspaceError) {
    // A command may outlive its turn; then what it changes is nobody's.
    guard isRunning(key) else { return }
    let record = try record(key)
    try journal.database.transaction { () throws(WorkspaceError) in
      for change in changes { try observe(change, in: record) }
    }
  }

  func observe(_ directories: [ObservedDirectory], in key: TurnKey) throws(WorkspaceError) {
    // A command may outlive its turn; then what it changes is nobody's.
    guard isRunning(key) else { return }
    let record = try record(key)
    try journal.database.transaction { () throws(WorkspaceError) in
      for directory in directories { try journal.addDirectory(record, directory) }
    }
  }

  private func observe(_ change: ObservedChange, in record: Int64) throws(WorkspaceError) {
    var before = change.before
    var stamp = change.beforeStamp
    if let last = try journal.last(record, change.path) {
      // An edit tool is about to write it, and will say what.
      guard let after = last.after else { return }
      // Its own write, seen from outside.
      if after == change.after { return }
      if after == stamp, stamp.isKnown, last.author == .shell {
        release(last.id)
        return try journal.setAfter(last.id, change.after)
      }
      if last.before == stamp, after.isKnown {
        // The last look was before a write of ours: what the command found is what we wrote.
        before = held(last.id).map { FileState(kind: after.kind, bytes: $0, mode: after.mode) }
        if before?.stamp != after { before = after.kind == .absent ? .absent : nil }
        stamp = before?.stamp ?? .unkept(after.kind, mode: after.mode)
      }
    }
    let id = try journal.add(
      record, change.path, before: before ?? .absent, stamp: stamp, author: .shell, via: change.via,
      identity: change.identity)
    try journal.setAfter(id, change.after)
  }

  /// Marks on disk that a command runs; nil where its turn is over.
  func commandBegins(_ key: TurnKey, _ via: String) throws(WorkspaceError) -> Int64? {
    guard isRunning(key) else { return nil }
    return try journal.beginCommand(record(key), via: via, now: Self.now())
  }
}
