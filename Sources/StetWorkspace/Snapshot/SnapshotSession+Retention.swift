/// What is kept how long (rollback.md B3): whole records go, each with its own pack, so nothing has to be written to
/// free space.
extension SnapshotSession {
  /// Records that go at once when the store is over its limit.
  private static let step = 8

  /// Forgets what is too old, too much of one thread, or over the store's limit; the newest records of each thread stay
  /// in any case.
  func expire() throws(WorkspaceError) {
    let rows = try journal.finished()
    var ranks: [String: Int] = [:]
    var over: [Int64] = []
    var spare: [Int64] = []
    let oldest = Self.now() - limits.ageMs
    for row in rows.reversed() {
      let rank = ranks[row.thread, default: 0]
      ranks[row.thread] = rank + 1
      guard rank >= limits.keptTurns else { continue }
      if rank >= limits.turns || row.endedMs < oldest { over.append(row.id) } else { spare.append(row.id) }
    }
    try forget(over)
    var size = try objects.size()
    // Oldest last, as the rows were walked from the newest.
    while size > limits.storeBytes, !spare.isEmpty {
      let batch = Array(spare.suffix(Self.step))
      spare.removeLast(batch.count)
      try forget(batch)
      size = try objects.size()
    }
  }

  /// Forgets records and deletes the packs that only they needed.
  func forget(_ records: [Int64]) throws(WorkspaceError) {
    guard !records.isEmpty else { return }
    let packs = try journal.packs(onlyOf: records)
    try journal.database.transaction { () throws(WorkspaceError) in
      for record in records { try journal.forget(record) }
    }
    for pack in packs { try drop(pack) }
  }
}

extension SnapshotJournal {
  /// All finished records, oldest first.
  func finished() throws(WorkspaceError) -> [(id: Int64, thread: String, endedMs: Int64)] {
    try database.run("SELECT id, thread, ended FROM turns WHERE ended IS NOT NULL ORDER BY id").compactMap {
      guard let id = $0[0].int else { return nil }
      return (id, $0[1].text ?? "", $0[2].int ?? 0)
    }
  }

  func turnCount() throws(WorkspaceError) -> Int {
    Int(try database.run("SELECT count(*) FROM turns WHERE ended IS NOT NULL").first?.first?.int ?? 0)
  }
}
