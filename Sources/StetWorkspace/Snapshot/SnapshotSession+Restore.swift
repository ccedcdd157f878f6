import Glibc

extension SnapshotSession {
  func contents(
    of record: Int64, path: String, side: SnapshotStore.Side
  ) throws(WorkspaceError) -> FileState {
    let key = PathKey(path)
    let changes = try journal.changes(of: record, all: true).filter { PathKey($0.path) == key }
    guard let first = changes.first, let last = changes.last else {
      throw WorkspaceError(.notFound, "The record \(record) holds no \(path)", path: path)
    }
    switch side {
    case .before: return try load(first.before, first.beforeObject)
    case .after: return try load(last.after ?? last.before, last.afterObject)
    }
  }

  func diff(of record: Int64) throws(WorkspaceError) -> [WireChange] {
    guard let found = try journal.record(record) else {
      throw WorkspaceError(.notFound, "There is no record \(record)")
    }
    var changes: [WireChange] = []
    for file in found.files {
      let before = try contents(of: record, path: file.path, side: .before)
      let after = try contents(of: record, path: file.path, side: .after)
      if let change = try WireChange(path: file.path, movePath: nil, from: before, to: after) {
        changes.append(change)
      }
    }
    return changes
  }

  func plan(_ scope: UndoScope, _ conflicts: RestoreConflicts) throws(WorkspaceError) -> RestorePlan {
    let records = try records(of: scope)
    guard !records.isEmpty else { throw WorkspaceError(.notFound, "There is nothing to undo") }
    var paths: [PathKey: [SnapshotJournal.Change]] = [:]
    var directories: [String] = []
    for record in records {
      for change in try journal.changes(of: record, all: false).reversed() {
        paths[PathKey(change.path), default: []].append(change)
      }
      directories.append(contentsOf: try journal.directories(of: record))
    }
    var entries: [RestoreEntry] = []
    for changes in paths.values { entries.append(try entry(changes, conflicts)) }
    return RestorePlan(
      id: randomName(), scope: scope, records: records,
      entries: entries.sorted { bytewise($0.path, $1.path) },
      directories: Set(directories).sorted { $0.utf8.count > $1.utf8.count })
  }

  /// Newest first.
  private func records(of scope: UndoScope) throws(WorkspaceError) -> [Int64] {
    switch scope {
    case .record(let id):
      return try journal.record(id).map { [$0.id] } ?? []
    case .turn(let key):
      return try journal.records(of: key).filter { $0.state == .active }.map(\.id).reversed()
    case .last(let thread):
      guard let newest = try newestFirst(thread).first(where: { $0.state == .active }) else { return [] }
      return try records(of: .turn(newest.key))
    case .through(let key):
      guard let first = try journal.records(of: key).first else { return [] }
      return try newestFirst(key.thread).filter { $0.id >= first.id && $0.state == .active }.map(\.id)
    }
  }

  private func newestFirst(_ thread: String) throws(WorkspaceError) -> [TurnRecord] {
    try journal.records(thread: thread, limit: Int(Int32.max)).filter { $0.cause != .restore }
  }

  /// `changes`: of one path, newest first.
  private func entry(
    _ changes: [SnapshotJournal.Change], _ conflicts: RestoreConflicts
  ) throws(WorkspaceError) -> RestoreEntry {
    let path = changes.first?.path ?? ""
    let disk: FileState
    do { disk = try Workspace.state(at: path) } catch {
      let reason: RestoreEntry.Reason =
        switch error.code {
        case .wrongKind: .parentSymlink
        case .tooLarge: .tooLarge
        default: .unreadable
        }
      return RestoreEntry(
        path: path, action: .refuse, reason: reason, diff: "", disk: .absent, result: .absent, changes: [])
    }
    var state = disk
    var isMerged = false
    for change in changes {
      let outcome = try invert(change, state)
      switch outcome {
      case .restored(let older): state = older
      case .merged(let merged): (state, isMerged) = (merged, true)
      case .unchanged: break
      case .refused(let reason):
        guard conflicts == .overwriteKeepCopy, reason != .expired, reason != .tooLarge else {
          return RestoreEntry(
            path: path, action: .refuse, reason: reason, diff: "", disk: disk.stamp, result: disk, changes: []
          )
        }
        state = try load(change.before, change.beforeObject)
        isMerged = false
      }
    }
    return RestoreEntry(
      path: path, action: Self.action(disk, state, isMerged), reason: nil, diff: try Self.diff(disk, state),
      disk: disk.stamp, result: state, changes: changes.map(\.id))
  }

  private func invert(
    _ change: SnapshotJournal.Change, _ disk: FileState
  ) throws(WorkspaceError) -> Inversion.Outcome {
    guard let after = change.after else { return .unchanged }
    if change.before.kind == .regular, change.before.hash == nil { return .refused(.tooLarge) }
    do {
      let before = try load(change.before, change.beforeObject)
      // The after image is needed only to merge; as it is on disk it need not be kept.
      let later =
        disk.stamp.sameContent(as: after) ? disk.with(mode: after.mode) : try load(after, change.afterObject)
      return try Inversion.invert(disk, before: before, after: later)
    } catch  where error.code == .expired {
      return .refused(.expired)
    }
  }

  private func load(_ stamp: FileStamp, _ object: String?) throws(WorkspaceError) -> FileState {
    guard stamp.hash != nil else {
      guard stamp.kind == .absent else { throw WorkspaceError(.expired, "The content was not kept") }
      return .absent
    }
    guard let object else { throw WorkspaceError(.expired, "The content was not kept") }
    let state = FileState(kind: stamp.kind, bytes: try objects.get(object), mode: stamp.mode)
    guard state.stamp == stamp else { throw WorkspaceError(.expired, "The content \(object) is damaged") }
    return state
  }

  private static func action(_ disk: FileState, _ result: FileState, _ isMerged: Bool) -> RestoreEntry.Action
  {
    if disk == result { return .none }
    if result.kind == .absent { return .delete }
    if disk.kind == .absent { return .recreate }
    return isMerged ? .merge : .write
  }

  private static func diff(_ disk: FileState, _ result: FileState) throws(WorkspaceError) -> String {
    guard disk != result, !disk.isBinary, !result.isBinary,
      max(disk.bytes.count, result.bytes.count) <= LineDiff.byteLimit
    else { return "" }
    return try UnifiedDiff.text(old: disk.bytes, new: result.bytes)
  }

  func apply(_ plan: RestorePlan, as key: TurnKey) throws(WorkspaceError) -> TurnRecord? {
    let lock = try restoreLock()
    defer { flock(lock.number, LOCK_UN) }
    let done = plan.entries.flatMap(\.changes)
    let writes = plan.writes
    guard !writes.isEmpty else {
      // As before already: no restore to record, but these changes are no longer in effect.
      try journal.markUndone(done, by: 0)
      return nil
    }
    let record = try open(key, .restore)
    do {
      try capture(writes.map(\.path), in: record)
      // The paths were allowed when they were first written, also outside of the workspace.
      let roots = [root] + writes.map { PathResolver.split($0.path).directory }
      let verified = try WriteTransaction(roots: roots, journalDirectory: transactions).commit(writes)
      try wrote(verified, in: record)
    } catch {
      try journal.forget(record)
      guard error.code == .stale else { throw error }
      throw WorkspaceError(
        .planStale, "\(error.path ?? "A file") changed since the plan was shown; nothing was restored",
        hint: "Look at the new plan.", path: error.path)
    }
    // Only empty ones go: rmdir says no to all others.
    for directory in plan.directories { rmdir(directory) }
    try journal.markUndone(done, by: record)
    return try finish(record, afterCrash: false)
  }

  private func restoreLock() throws(WorkspaceError) -> Descriptor {
    let path = PathResolver.join(directory, "restore.lock")
    let file = Descriptor(
      try check("Cannot open \(path)", path: path) {
        Glibc.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
      })
    guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else {
      throw WorkspaceError(
        .locked, "Another restore is at work in this workspace", hint: "Wait for it to end.")
    }
    return file
  }
}
