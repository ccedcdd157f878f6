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
      "ended IS NOT NULL AND thread = ? AND turn = ? AND cause NOT IN ('restore', 'review') ORDER BY id",
      [.text(key.thread), .text(key.turn)])
  }

  /// Paths that commands of this record are said to have changed and that another thread changed while it was open:
  /// it may have been that thread's doing.
  func contested(in record: Int64) throws(WorkspaceError) -> Set<PathKey> {
    let rows = try database.run(
      """
      SELECT DISTINCT mine.path FROM changes AS mine
      JOIN turns AS own ON own.id = mine.record
      JOIN changes AS theirs ON theirs.path = mine.path
      JOIN turns AS other ON other.id = theirs.record
      WHERE mine.record = ? AND mine.author = 'shell' AND other.thread <> own.thread
        AND other.started < own.ended AND (other.ended IS NULL OR other.ended > own.started)
      """, [.int(record)])
    return Set(rows.map { PathKey(Self.path($0[0])) })
  }

  /// The threads that changed paths beside or after these records, each path with the last one of them.
  func others(since records: [Int64]) throws(WorkspaceError) -> [PathKey: String] {
    guard let oldest = records.min(), let own = try record(oldest) else { return [:] }
    let rows = try database.run(
      """
      SELECT theirs.path, other.thread FROM turns AS other JOIN changes AS theirs ON theirs.record = other.id
      WHERE other.thread <> ? AND theirs.undone_by IS NULL AND (other.ended IS NULL OR other.ended > ?)
        AND other.cause NOT IN ('restore', 'review') ORDER BY theirs.id
      """, [.text(own.thread), .int(own.startedMs)])
    return Dictionary(rows.map { (PathKey(Self.path($0[0])), $0[1].text ?? "") }) { _, later in later }
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
      "SELECT id, thread, turn, cause, started, ended, added, removed, note FROM turns WHERE \(condition)",
      values)
    var records: [TurnRecord] = []
    for row in rows {
      guard let id = row[0].int else { continue }
      let all = try changes(of: id, all: true)
      let directories = try directories(of: id, all: true)
      // What is not kept can never be undone: it keeps no turn from having been.
      let kept = all.filter { $0.before.isKnown && $0.after?.isKnown != false }
      let isUndone =
        all.isEmpty
        // One that holds files of the user's stays, and keeps no turn from having been either.
        ? try self.directories(of: id, all: false).count < directories.count
        : (kept.isEmpty ? all : kept).allSatisfy(\.isUndone)
      records.append(
        TurnRecord(
          id: id, key: TurnKey(thread: row[1].text ?? "", turn: row[2].text ?? ""),
          cause: Self.cause(row[3].text, all, directories), startedMs: row[4].int ?? 0,
          endedMs: row[5].int ?? 0, state: isUndone ? .undone : .active,
          files: Self.files(all, directories), added: Int(row[6].int ?? 0), removed: Int(row[7].int ?? 0),
          note: row[8].text))
    }
    return records
  }

  /// What commands alone changed is a shell's doing.
  private static func cause(
    _ name: String?, _ changes: [Change], _ directories: [ObservedDirectory]
  ) -> TurnCause {
    let cause = name.flatMap(TurnCause.init(rawValue:)) ?? .unknown
    let isShell = !(changes.isEmpty && directories.isEmpty) && changes.allSatisfy { $0.author == .shell }
    return cause == .tool && isShell ? .shell : cause
  }

  /// Each path once: its state before the first and after the last change. Directories where no file says it.
  private static func files(_ changes: [Change], _ directories: [ObservedDirectory]) -> [TurnRecord.File] {
    var first: [PathKey: Change] = [:]
    var last: [PathKey: Change] = [:]
    var unkept: Set<PathKey> = []
    for change in changes {
      let key = PathKey(change.path)
      if !change.before.isKnown || change.after?.isKnown == false { unkept.insert(key) }
      first[key] = first[key] ?? change
      last[key] = change
    }
    var files = first.values.map { change in
      let last = last[PathKey(change.path)] ?? change
      return TurnRecord.File(
        path: change.path, before: change.before, after: last.after ?? change.before, author: last.author,
        via: last.via, isKept: !unkept.contains(PathKey(change.path)))
    }
    var told = Set(first.keys)
    for change in changes { told.formUnion(PathResolver.parents(change.path).map(PathKey.init)) }
    var histories: [PathKey: DirectoryHistory] = [:]
    for directory in directories.reversed() {
      histories[PathKey(directory.path), default: DirectoryHistory(directory)].take(directory)
    }
    // The deepest alone: those above follow from it. Another mode follows from nothing else.
    for history in histories.values.sorted(by: { $0.path.utf8.count > $1.path.utf8.count })
    where first[PathKey(history.path)] == nil && history.isNews {
      let isNew = told.insert(PathKey(history.path)).inserted
      guard isNew || history.isChange else { continue }
      if !history.isChange { told.formUnion(PathResolver.parents(history.path).map(PathKey.init)) }
      let after = history.mode == nil ? history.after ?? 0o755 : history.after
      files.append(
        TurnRecord.File(
          path: history.path, before: history.mode.map { FileState.directory(mode: $0).stamp } ?? .absent,
          after: after.map { FileState.directory(mode: $0).stamp } ?? .absent, author: .shell, via: nil,
          isKept: true))
    }
    return files.sorted { bytewise($0.path, $1.path) }
  }
}
