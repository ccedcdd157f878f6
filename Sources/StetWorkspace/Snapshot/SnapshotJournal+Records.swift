extension SnapshotJournal {
  /// The newest finished records, newest first; of one thread or of all, before a record for the next page.
  func records(
    thread: String?, before: Int64? = nil, limit: Int
  ) throws(WorkspaceError) -> [TurnRecord] {
    var conditions = ["ended IS NOT NULL"]
    var values: [Database.Value] = []
    if let thread {
      conditions.append("thread = ?")
      values.append(.text(thread))
    }
    if let before {
      conditions.append("id < ?")
      values.append(.int(before))
    }
    values.append(.int(Int64(limit)))
    return try read("\(conditions.joined(separator: " AND ")) ORDER BY id DESC LIMIT ?", values)
  }

  func record(_ id: Int64) throws(WorkspaceError) -> TurnRecord? {
    try read("ended IS NOT NULL AND id = ?", [.int(id)]).first
  }

  /// Finished records of a turn other than restores, oldest first.
  func records(of key: TurnKey) throws(WorkspaceError) -> [TurnRecord] {
    try read(
      "ended IS NOT NULL AND thread = ? AND turn = ? AND cause <> 'restore' ORDER BY id",
      [.text(key.thread), .text(key.turn)])
  }

  /// Whether another thread changed a path while this record was open: what a command is said to have done to it may
  /// have been that thread's doing.
  func isContested(_ path: String, in record: Int64) throws(WorkspaceError) -> Bool {
    try !database.run(
      """
      SELECT 1 FROM changes JOIN turns AS other ON other.id = changes.record, turns AS own
      WHERE own.id = ? AND changes.path = ? AND other.thread <> own.thread
        AND other.started < own.ended AND (other.ended IS NULL OR other.ended > own.started) LIMIT 1
      """, [.int(record), .blob(Array(path.utf8))]
    ).isEmpty
  }

  /// Pack names that no record but these name.
  func packs(onlyOf records: [Int64]) throws(WorkspaceError) -> [String] {
    let list = records.map(String.init).joined(separator: ",")
    return try database.run(
      """
      SELECT DISTINCT pack FROM turns WHERE id IN (\(list)) AND pack IS NOT NULL
      AND pack NOT IN (SELECT pack FROM turns WHERE pack IS NOT NULL AND id NOT IN (\(list)))
      AND pack NOT IN (SELECT pack FROM baseline)
      """
    ).compactMap { $0[0].text }
  }

  private func read(_ condition: String, _ values: [Database.Value]) throws(WorkspaceError) -> [TurnRecord] {
    let rows = try database.run(
      "SELECT id, thread, turn, cause, started, ended, added, removed FROM turns WHERE \(condition)", values)
    var records: [TurnRecord] = []
    for row in rows {
      guard let id = row[0].int else { continue }
      let all = try changes(of: id, all: true)
      let active = try changes(of: id, all: false)
      records.append(
        TurnRecord(
          id: id, key: TurnKey(thread: row[1].text ?? "", turn: row[2].text ?? ""),
          cause: Self.cause(row[3].text, all), startedMs: row[4].int ?? 0,
          endedMs: row[5].int ?? 0, state: active.isEmpty && !all.isEmpty ? .undone : .active,
          files: Self.files(all),
          added: Int(row[6].int ?? 0), removed: Int(row[7].int ?? 0)))
    }
    return records
  }

  /// What commands alone changed is a shell's doing.
  private static func cause(_ name: String?, _ changes: [Change]) -> TurnCause {
    let cause = name.flatMap(TurnCause.init(rawValue:)) ?? .unknown
    let isShell = !changes.isEmpty && changes.allSatisfy { $0.author == .shell }
    return cause == .tool && isShell ? .shell : cause
  }

  /// Each path once: its state before the first and after the last change.
  private static func files(_ changes: [Change]) -> [TurnRecord.File] {
    var first: [PathKey: Change] = [:]
    var last: [PathKey: Change] = [:]
    for change in changes {
      let key = PathKey(change.path)
      first[key] = first[key] ?? change
      last[key] = change
    }
    return first.values.sorted { bytewise($0.path, $1.path) }.map { change in
      TurnRecord.File(
        path: change.path, before: change.before, after: last[PathKey(change.path)]?.after ?? change.before,
        author: last[PathKey(change.path)]?.author ?? change.author,
        via: last[PathKey(change.path)]?.via ?? change.via)
    }
  }
}
