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
    var directories: [ObservedDirectory] = []
    let chosen = chosenPaths(scope)
    var contested: Set<PathKey> = []
    for record in records {
      for change in try journal.changes(of: record, all: false).reversed()
      where chosen?.contains(PathKey(change.path)) != false {
        paths[PathKey(change.path), default: []].append(change)
        if change.author == .shell, try journal.isContested(change.path, in: record) {
          contested.insert(PathKey(change.path))
        }
      }
      if chosen == nil { directories.append(contentsOf: try journal.directories(of: record)) }
    }
    guard chosen == nil || !paths.isEmpty else {
      throw WorkspaceError(.notFound, "The thread changed none of these files, or it is undone already")
    }
    var entries: [RestoreEntry] = []
    for (key, changes) in paths {
      if contested.contains(key), conflicts == .skip {
        entries.append(Self.refusal(of: changes.first?.path ?? "", .otherThread))
      } else {
        entries.append(try entry(changes, conflicts))
      }
    }
    return RestorePlan(
      id: randomName(), scope: scope, records: records,
      entries: Self.onceEachFile(entries.sorted { bytewise($0.path, $1.path) }),
      directories: Set(directories.filter { $0.mode == nil }.map(\.path)).sorted {
        $0.utf8.count > $1.utf8.count
      },
      // What was removed last comes back as it was then; outermost first.
      removed: Dictionary(directories.compactMap { item in item.mode.map { (item.path, $0) } }) { $1 }
        .sorted { $0.key.utf8.count < $1.key.utf8.count }.map {
          ObservedDirectory(path: $0.key, mode: $0.value)
        })
  }

  /// Names of one file are written once: what is written to one is in the others.
  private static func onceEachFile(_ entries: [RestoreEntry]) -> [RestoreEntry] {
    var results: [FileStatus: FileState] = [:]
    return entries.map { entry in
      guard entry.action == .write || entry.action == .merge, entry.disk.kind == .regular,
        let file = FileStatus.of(entry.path)
      else { return entry }
      guard let result = results[file] else {
        results[file] = entry.result
        return entry
      }
      let isSame = result == entry.result
      return RestoreEntry(
        path: entry.path, action: isSame ? .none : .refuse, reason: isSame ? nil : .typeChanged, diff: "",
        disk: entry.disk, result: entry.result, changes: isSame ? entry.changes : [])
    }
  }

  /// Nil for all paths. Relative ones are taken from the workspace.
  private func chosenPaths(_ scope: UndoScope) -> Set<PathKey>? {
    guard case .files(let paths, _) = scope else { return nil }
    return Set(paths.map { PathKey($0.hasPrefix("/") ? $0 : PathResolver.join(root, $0)) })
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
    case .files(_, let thread):
      return try newestFirst(thread).filter { $0.state == .active }.map(\.id)
    case .through(let key):
      guard let first = try journal.records(of: key).first else { return [] }
      return try newestFirst(key.thread).filter { $0.id >= first.id && $0.state == .active }.map(\.id)
    }
  }

  private func newestFirst(_ thread: String) throws(WorkspaceError) -> [TurnRecord] {
    try journal.records(thread: thread, limit: Int(Int32.max)).filter { $0.cause != .restore }
  }

  private static func refusal(of path: String, _ reason: RestoreEntry.Reason) -> RestoreEntry {
    RestoreEntry(
      path: path, action: .refuse, reason: reason, diff: "", disk: .absent, result: .absent, changes: [])
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
      return Self.refusal(of: path, reason)
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
    if !change.before.isKnown || !after.isKnown {
      return disk.kind == .absent && change.before.kind == .absent ? .unchanged : .refused(.tooLarge)
    }
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
      try keepImages(of: writes.map(\.path), in: record)
      // The paths were allowed when they were first written, also outside of the workspace.
      let roots = [root] + writes.map { PathResolver.split($0.path).directory }
      var transaction = WriteTransaction(roots: roots, journalDirectory: transactions)
      transaction.proceed = limits.proceed
      let verified = try transaction.commit(writes)
      try wrote(verified, in: record)
    } catch {
      if error.message == WriteTransaction.abandonment { throw error }
      try journal.forget(record)
      guard error.code == .stale else { throw error }
      throw WorkspaceError(
        .planStale, "\(error.path ?? "A file") changed since the plan was shown; nothing was restored",
        hint: "Look at the new plan.", path: error.path)
    }
    try restoreDirectories(plan, record)
    try journal.markUndone(done, by: record)
    return try finish(record, afterCrash: false)
  }

  /// After the files: what the turns made goes where it is empty, what they removed comes back.
  private func restoreDirectories(_ plan: RestorePlan, _ record: Int64) throws(WorkspaceError) {
    for path in plan.directories {
      let (parent, name) = PathResolver.split(path)
      // What lies behind a link now is not what the turn made.
      guard let handle = parentHandle(parent), let info = try handle.status(name),
        fileKind(ofMode: info.st_mode) == .directory
      else { continue }
      // Only empty ones go: this says no to all others.
      guard unlinkat(handle.descriptor.number, name, AT_REMOVEDIR) == 0 else { continue }
      try journal.addDirectory(record, path, mode: UInt16(info.st_mode & 0o7777))
    }
    let made = Set(try journal.directories(of: record).filter { $0.mode == nil }.map { PathKey($0.path) })
    for removed in plan.removed {
      let (parent, name) = PathResolver.split(removed.path)
      guard let mode = removed.mode, let handle = parentHandle(parent) else { continue }
      let isNew = mkdirat(handle.descriptor.number, name, mode_t(mode)) == 0
      if isNew { try journal.addDirectory(record, removed.path) }
      // Its mode as it was, whatever the mask says.
      if isNew || made.contains(PathKey(removed.path)) {
        _ = fchmodat(handle.descriptor.number, name, mode_t(mode), 0)
      }
    }
  }

  /// Nil where there is no such directory (any more), or a link leads to it.
  private func parentHandle(_ path: String) -> DirectoryHandle? {
    do { return try DirectoryHandle.open(path) } catch { return nil }
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
