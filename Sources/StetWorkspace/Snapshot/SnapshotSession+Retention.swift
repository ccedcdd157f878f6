/// What is kept how long (rollback.md B3): whole records go, each with its own pack, so nothing has to be written to
/// free space.
extension SnapshotSession {
  /// Records that go at once when the store is over its limit.
  private static let step = 8

  /// Forgets what is too old, too much of one thread, or over the store's limit; the newest records of each thread stay
  /// in any case.
  func expire() throws(WorkspaceError) {
    _ = try alone { () throws(WorkspaceError) in try expireAlone() }
  }

  private func expireAlone() throws(WorkspaceError) {
    try journal.forgetLost(before: Self.now() - limits.ageMs)
    let (over, rest) = try ranked()
    try forget(over)
    // Oldest first.
    var spare = rest.map(\.id)[...]
    while try self.size() > limits.storeBytes, !spare.isEmpty {
      try forget(Array(spare.prefix(Self.step)))
      spare = spare.dropFirst(Self.step)
    }
  }

  /// Records that may go when space is needed, oldest first.
  func spare() throws(WorkspaceError) -> [(id: Int64, endedMs: Int64)] { try ranked().spare }

  /// What is too old or too much of one thread, and what else may go.
  private func ranked() throws(WorkspaceError) -> (over: [Int64], spare: [(id: Int64, endedMs: Int64)]) {
    var ranks: [String: Int] = [:]
    var over: [Int64] = []
    var spare: [(id: Int64, endedMs: Int64)] = []
    let oldest = Self.now() - limits.ageMs
    for row in try journal.finished().reversed() {
      let rank = ranks[row.thread, default: 0]
      ranks[row.thread] = rank + 1
      guard rank >= limits.keptTurns else { continue }
      if rank >= limits.turns || row.endedMs < oldest {
        over.append(row.id)
      } else {
        spare.append((row.id, row.endedMs))
      }
    }
    return (over, spare.reversed())
  }

  /// Forgets records and deletes the packs that only they needed.
  func forget(_ records: [Int64]) throws(WorkspaceError) {
    guard !records.isEmpty else { return }
    // A pack has the name of its contents: nobody may make the same one while it is deleted.
    try waitingAlone { () throws(WorkspaceError) in
      let packs = try journal.packs(onlyOf: records)
      try journal.database.transaction { () throws(WorkspaceError) in
        for record in records { try journal.forget(record) }
      }
      for pack in packs { try drop(pack) }
    }
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
