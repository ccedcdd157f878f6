/// What an undo would do, path by path (rollback.md B3).
extension SnapshotSession {
  func plan(_ scope: UndoScope, _ conflicts: RestoreConflicts) throws(WorkspaceError) -> RestorePlan {
    let records = try records(of: scope)
    guard !records.isEmpty else { throw WorkspaceError(.notFound, "There is nothing to undo") }
    var paths: [PathKey: [SnapshotJournal.Change]] = [:]
    var directories: [PathKey: DirectoryHistory] = [:]
    let chosen = chosenPaths(scope)
    var contested: Set<PathKey> = []
    let others = try journal.others(since: records)
    for record in records {
      for change in try journal.changes(of: record, all: false).reversed()
      where chosen?.contains(PathKey(change.path)) != false {
        paths[PathKey(change.path), default: []].append(change)
      }
      contested.formUnion(try journal.contested(in: record))
      for directory in try journal.directories(of: record, all: false).reversed() {
        directories[PathKey(directory.path), default: DirectoryHistory(directory)].take(directory)
      }
    }
    guard chosen == nil || !paths.isEmpty else {
      throw WorkspaceError(.notFound, "The thread changed none of these files, or it is undone already")
    }
    var disk = PlannedDisk(made: Set(directories.filter { $0.value.mode == nil }.keys))
    var entries: [RestoreEntry] = []
    var access = RestoreAccess(directories, conflicts) { [journal] (path, mode) throws(WorkspaceError) in
      try journal.hasDirectory(path, mode: mode)
    }
    var room = RestoreRoom(limits)
    for changes in Self.ordered(paths) {
      let isContested = contested.contains(PathKey(changes.first?.path ?? ""))
      var found =
        isContested && conflicts == .skip
        ? Self.refusal(of: changes, .otherThread) : try entry(changes, conflicts, &disk, &room)
      if isContested, found.action != .none { found.reason = found.reason ?? .otherThread }
      if found.action != .none { found.otherThread = others[PathKey(found.path)] }
      let entry = room.fitted(try access.checked(found, left: changes.first?.after?.mode))
      disk.note(entry)
      entries.append(entry)
    }
    let events = chosen == nil ? Array(directories.values) : []
    entries += try access.checked(disk.directoryEntries(events, besides: entries), events: events)
    let names = SharedNames(identities: paths.compactMapValues { $0.last?.identity })
    var coming: Set<PathKey> = []
    for entry in entries where entry.action == .recreate {
      for parent in PathResolver.parents(entry.path) { coming.insert(PathKey(parent)) }
    }
    var plan = RestorePlan(
      id: randomName(), scope: scope, records: records, warnings: try warnings(records) + room.warnings,
      entries: names.decided(entries.sorted { bytewise($0.path, $1.path) }), clearing: disk.clearing,
      directories: events.filter { $0.mode == nil }.map(\.path).sorted { $0.utf8.count > $1.utf8.count },
      removed: events.filter { $0.mode != nil && ($0.wasRemoved || coming.contains(PathKey($0.path))) }
        .map(\.removed).sorted { $0.path.utf8.count < $1.path.utf8.count })
    let refused = Set(plan.refused.map { PathKey($0.path) })
    plan.aims = events.filter { !refused.contains(PathKey($0.path)) }.map(\.removed)
    plan.open = access.open.values.sorted { $0.path.utf8.count < $1.path.utf8.count }
    return plan
  }

  /// What lies above comes first: whether it goes decides what can be below. Only what is a directory now is decided
  /// after all that lies in it.
  private static func ordered(
    _ paths: [PathKey: [SnapshotJournal.Change]]
  ) -> [[SnapshotJournal.Change]] {
    var folders: [[SnapshotJournal.Change]] = []
    var files: [[SnapshotJournal.Change]] = []
    for changes in paths.values.sorted(by: { bytewise($0.first?.path ?? "", $1.first?.path ?? "") }) {
      if PlannedDisk.isDirectory(changes.first?.path ?? "") {
        folders.append(changes)
      } else {
        files.append(changes)
      }
    }
    return files + folders.reversed()
  }

  /// What should be known before this is done.
  private func warnings(_ records: [Int64]) throws(WorkspaceError) -> [String] {
    var warnings: [String] = []
    if let newest = records.first, let then = try journal.head(of: newest), let now = head(), then != now {
      warnings.append(
        "HEAD moved since (\(then), now \(now)): only files are put back, neither branch nor index")
    }
    var own: Set<String> = []
    for id in records { if let thread = try journal.record(id)?.thread { own.insert(thread) } }
    var others: Set<String> = []
    for turn in try journal.openTurns() where !turn.cause.isRestore && !own.contains(turn.key.thread) {
      guard try !SnapshotOwner.isGone(turn.owner, in: directory) else { continue }
      others.insert(turn.key.thread)
    }
    if !others.isEmpty {
      warnings.append(
        "\(others.count == 1 ? "another thread is" : "\(others.count) other threads are") in the middle of a turn in this "
          + "workspace: it may write the same files")
    }
    return warnings
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
    case .hunks: return []
    }
  }

  /// The turns of a thread: what a restore or a review took back is no turn.
  func newestFirst(_ thread: String) throws(WorkspaceError) -> [TurnRecord] {
    try journal.records(thread: thread, limit: Int(Int32.max)).filter { !$0.cause.isRestore }
  }

  private static func refusal(
    of changes: [SnapshotJournal.Change], _ reason: RestoreEntry.Reason, disk: FileState = .absent
  ) -> RestoreEntry {
    RestoreEntry(
      path: changes.first?.path ?? "", action: .refuse, reason: reason, diff: "", disk: disk.stamp,
      result: disk, via: via(changes), changes: [])
  }

  /// The command that ran while a path was changed.
  private static func via(_ changes: [SnapshotJournal.Change]) -> String? {
    changes.first { $0.author == .shell }?.via
  }

  /// `changes`: of one path, newest first.
  private func entry(
    _ changes: [SnapshotJournal.Change], _ conflicts: RestoreConflicts, _ ground: inout PlannedDisk,
    _ room: inout RestoreRoom
  ) throws(WorkspaceError) -> RestoreEntry {
    let path = changes.first?.path ?? ""
    if changes.contains(where: { $0.before.kind == .other || $0.after?.kind == .other }) {
      return Self.refusal(of: changes, .nameEncoding)
    }
    let disk: FileState
    var isBlocked = false
    switch ground.look(path) {
    case .refused(let reason): return Self.refusal(of: changes, reason)
    case .state(let state): disk = state
    case .blocked: (disk, isBlocked) = (.absent, true)
    }
    if isBlocked, changes.contains(where: { !$0.before.isKnown || $0.after?.isKnown == false }) {
      return Self.refusal(of: changes, .tooLarge)
    }
    var (state, isMerged) = (disk, false)
    var conflict: RestoreEntry.Reason?
    for change in changes {
      switch try invert(change, state) {
      case .restored(let older): state = older
      case .merged(let merged): (state, isMerged) = (merged, true)
      case .unchanged: break
      case .refused(let reason):
        let mayOverwrite = conflicts == .overwriteKeepCopy && !isBlocked && disk.kind != .other
        guard mayOverwrite, reason != .expired, reason != .tooLarge else {
          return Self.refusal(of: changes, isBlocked ? .typeChanged : reason, disk: disk)
        }
        state = try load(change, .before)
        isMerged = false
        conflict = reason
      }
    }
    // Something else has the name: only where no file was before either is there nothing to do.
    if isBlocked, state.kind != .absent { return Self.refusal(of: changes, .typeChanged) }
    let action = Self.action(disk, state, isMerged)
    return RestoreEntry(
      path: path, action: action, reason: action == .none ? nil : conflict,
      diff: try room.diff(disk, state), disk: disk.stamp, result: state, via: Self.via(changes),
      changes: changes.map(\.id))
  }

  private func invert(
    _ change: SnapshotJournal.Change, _ disk: FileState
  ) throws(WorkspaceError) -> Inversion.Outcome {
    guard let after = change.after else { return .unchanged }
    if !change.before.isKnown || !after.isKnown {
      return disk.kind == .absent && change.before.kind == .absent ? .unchanged : .refused(.tooLarge)
    }
    do {
      let before = try load(change, .before)
      // The after image is needed only to merge; as it is on disk it need not be kept.
      let later =
        disk.stamp.sameContent(as: after) ? disk.with(mode: after.mode) : try load(change, .after)
      return try Inversion.invert(disk, before: before, after: later)
    } catch  where error.code == .expired {
      return .refused(.expired)
    }
  }

  static func action(_ disk: FileState, _ result: FileState, _ isMerged: Bool) -> RestoreEntry.Action {
    if disk == result { return .none }
    if result.kind == .absent { return .delete }
    if disk.kind == .absent { return .recreate }
    return isMerged ? .merge : .write
  }

  static func diff(_ disk: FileState, _ result: FileState) throws(WorkspaceError) -> String {
    guard disk != result, !disk.isBinary, !result.isBinary,
      max(disk.bytes.count, result.bytes.count) <= LineDiff.byteLimit
    else { return "" }
    return try UnifiedDiff.text(old: disk.bytes, new: result.bytes)
  }
}
