import Glibc

/// Does what a plan says.
extension SnapshotSession {
  func apply(
    _ plan: RestorePlan, as key: TurnKey, cause: TurnCause
  ) throws(WorkspaceError) -> TurnRecord? {
    let lock = try restoreLock()
    defer { flock(lock.number, LOCK_UN) }
    let done = plan.entries.flatMap(\.changes)
    guard !plan.isEmpty else {
      // As before already: no restore to record, but these changes are no longer in effect.
      let reached = Self.reached(plan.aims, exactly: [])
      try journal.database.transaction { () throws(WorkspaceError) in
        try journal.markUndone(done, by: 0)
        try journal.markDirectories(reached, of: plan.records, by: 0)
      }
      return nil
    }
    // Before what is there is noted: the newest change of a path is then another one.
    let writes = Self.parted(try plan.writes.map(sharing))
    let record = try open(key, cause)
    do {
      try begin(plan, done, record)
      // The paths were allowed when they were first written, also outside of the workspace.
      let outside = plan.writes.map(\.path).filter { !PathResolver.contains(root, $0) }
      let roots = [root] + Set(outside.map { PathResolver.split($0).directory })
      var transaction = WriteTransaction(roots: roots, journalDirectory: transactions)
      transaction.proceed = limits.proceed
      transaction.limit = limits.changedFiles
      transaction.directoryModes = Dictionary(
        plan.removed.compactMap { item in item.mode.map { (PathKey(item.path), $0) } }
      ) { first, _ in first }
      for directory in plan.open { try setMode(of: directory) }
      for entry in plan.followers { try verify(entry) }
      // What it wrote and that it did are noted at once, while it can still be taken back.
      try transaction.commit(writes, clearing: plan.clearing) { name, written throws(WorkspaceError) in
        let followers = plan.followers.map(Self.verified)
        try note(written + followers, in: record) { () throws(WorkspaceError) in
          try journal.setCommitted(record, name)
        }
      }
    } catch {
      throw try failed(error, plan, record)
    }
    do { return try end(record) } catch {
      if error.message == WriteTransaction.abandonment { throw error }
      close(plan.open)
      throw WorkspaceError(
        error.code, "The files are restored; what is left of it is done at the next start: \(error.message)",
        hint: error.hint, path: error.path, underlying: error.underlying)
    }
  }

  /// What follows once its files are in place.
  private func end(_ record: Int64) throws(WorkspaceError) -> TurnRecord? {
    try pause(.written)
    try complete(record)
    try pause(.completed)
    return try finish(record)
  }

  /// Takes a restore's record away when no file of it was written; answers what is to be said.
  private func failed(
    _ error: WorkspaceError, _ plan: RestorePlan, _ record: Int64
  ) throws(WorkspaceError) -> WorkspaceError {
    if error.message == WriteTransaction.abandonment { return error }
    close(plan.open)
    // Files are left as nobody wanted them: the next start puts them back, and what was there is kept till then.
    if error.message.hasPrefix(WriteTransaction.unrepaired) { return error }
    for change in try journal.changes(of: record, all: true) { release(change.id) }
    try journal.forget(record)
    guard error.code == .stale else { return error }
    return WorkspaceError(
      .planStale, "\(error.path ?? "A file") changed since the plan was shown; nothing was restored",
      hint: "Look at the new plan.", path: error.path)
  }

  /// A plan that was made of a review does not know which file had the path before: other names of the file are
  /// written with it only where they are no newer than what is taken back.
  private func sharing(_ write: PlannedWrite) throws(WorkspaceError) -> PlannedWrite {
    guard write.names == .kept, let now = FileIdentity.of(write.path), now.links > 1,
      let before = try journal.identity(of: write.path)
    else { return write }
    var write = write
    if !before.isShared(with: now) { write.names = .own }
    return write
  }

  /// Several names of one file that are each to be written: in place, the second would find what the first wrote. Each
  /// gets a file of its own, names with one result one together.
  private static func parted(_ writes: [PlannedWrite]) -> [PlannedWrite] {
    var writes = writes
    var names: [FileStatus: [Int]] = [:]
    for (index, write) in writes.enumerated() where write.names == .kept && write.result.kind == .regular {
      guard let now = FileIdentity.of(write.path), now.links > 1, let file = FileStatus.of(write.path)
      else { continue }
      names[file, default: []].append(index)
    }
    for members in names.values where members.count > 1 {
      var leaders: [FileState: String] = [:]
      for index in members {
        let leader = leaders[writes[index].result]
        writes[index].names = leader.map { .with($0) } ?? .own
        if leader == nil { leaders[writes[index].result] = writes[index].path }
      }
    }
    return writes
  }

  /// Refuses where a name no longer leads to the file that is written for it.
  private func verify(_ entry: RestoreEntry) throws(WorkspaceError) {
    let file = FileIdentity.of(entry.path)
    guard let leader = entry.follows, file != nil, file == FileIdentity.of(leader) else {
      throw WorkspaceError(.stale, "\(entry.path) is another file now", path: entry.path)
    }
  }

  /// A name that was written with another name of its file.
  private static func verified(_ entry: RestoreEntry) -> VerifiedWrite {
    VerifiedWrite(
      path: entry.path, before: .absent, after: entry.result, isOnDisk: true, createdDirectories: [])
  }

  // MARK: - Modes of directories

  /// From `mode` to `after`; not where somebody set another one meanwhile.
  private func setMode(of directory: ObservedDirectory) throws(WorkspaceError) {
    guard let mode = directory.after, PlannedDisk.mode(directory.path) == directory.mode else { return }
    let (parent, name) = PathResolver.split(directory.path)
    try StetWorkspace.setMode(mode_t(mode), of: name, in: try DirectoryHandle.open(parent))
  }

  /// Gives directories that were opened for a restore the modes that they had, innermost first.
  private func close(_ opened: [ObservedDirectory]) {
    for directory in opened.reversed() {
      do {
        try setMode(
          of: ObservedDirectory(path: directory.path, mode: directory.after, after: directory.mode))
      } catch {
        // Gone, or no longer ours to change: then there is nothing to put right.
        continue
      }
    }
  }

  /// Keeps on disk what the restore is to do and what is there now.
  private func begin(_ plan: RestorePlan, _ done: [Int64], _ record: Int64) throws(WorkspaceError) {
    try journal.database.transaction { () throws(WorkspaceError) in
      try journal.addIntent(
        record,
        SnapshotJournal.Intent(
          changes: done, records: plan.records, aims: plan.aims, remove: plan.directories,
          make: plan.removed.filter { !PlannedDisk.isDirectory($0.path) }, modes: plan.modes,
          open: plan.open))
      for directory in plan.clearing {
        try journal.addDirectory(record, ObservedDirectory(path: directory.path, mode: directory.mode))
      }
      for write in plan.writes {
        // Also where a directory is that gives way.
        if write.expected.kind == .absent {
          try journal.add(record, write.path, before: .absent, stamp: .absent, author: .edit)
        } else {
          try capture(write.path, in: record)
        }
      }
      for entry in plan.followers { try capture(entry.path, in: record) }
    }
    try pause(.recorded)
  }

  /// What follows the files: directories, and that the changes are no longer in effect. Done again after a crash.
  private func complete(_ record: Int64) throws(WorkspaceError) {
    let intent = try journal.intent(of: record)
    try restoreDirectories(intent, record)
    let exactly = Set((intent.make + intent.modes).map { PathKey($0.path) })
    let reached = Self.reached(intent.aims, exactly: exactly)
    try journal.database.transaction { () throws(WorkspaceError) in
      try journal.markUndone(intent.changes, by: record)
      try journal.markDirectories(reached, of: intent.records, by: record)
      try journal.removeIntent(of: record)
    }
  }

  /// Directories that are as they are to be: a refused file may have kept one, somebody may have made or changed it.
  /// `exactly`: those that were to get their mode; where another one has it, it stays theirs.
  private static func reached(_ aims: [ObservedDirectory], exactly: Set<PathKey>) -> [String] {
    aims.filter { aim in
      let mode = PlannedDisk.mode(aim.path)
      guard let wanted = aim.mode, let mode else { return (aim.mode == nil) == (mode == nil) }
      return mode == wanted || !exactly.contains(PathKey(aim.path))
    }.map(\.path)
  }

  /// Brings a restore to its end whose process is gone: its files are all written, which it noted, or none is. False
  /// while that is not known: what was there is kept till then.
  func recoverRestore(_ record: Int64, isUndecided: Bool) throws(WorkspaceError) -> Bool {
    // One of directories alone has no files to wait for.
    let isOfFiles = try !journal.changes(of: record, all: true).isEmpty
    if isOfFiles, try !journal.isCommitted(record) {
      if isUndecided { return false }
      close(try journal.intent(of: record).open)
      try journal.forget(record)
      return true
    }
    try complete(record)
    _ = try finish(record)
    return true
  }

  func pause(_ step: WriteTransaction.Step) throws(WorkspaceError) {
    guard !limits.proceed(step) else { return }
    throw WorkspaceError(.io, WriteTransaction.abandonment)
  }

  /// After the files: what the turns made goes where it is empty, what they removed comes back.
  private func restoreDirectories(
    _ intent: SnapshotJournal.Intent, _ record: Int64
  ) throws(WorkspaceError) {
    let opened = Dictionary(intent.open.map { (PathKey($0.path), $0.mode) }) { first, _ in first }
    for path in intent.remove {
      let (parent, name) = PathResolver.split(path)
      // What lies behind a link now is not what the turn made.
      guard let handle = parentHandle(parent), let info = try handle.status(name),
        fileKind(ofMode: info.st_mode) == .directory
      else { continue }
      // Only empty ones go: this says no to all others.
      guard unlinkat(handle.descriptor.number, name, AT_REMOVEDIR) == 0 else { continue }
      try journal.addDirectory(
        record, ObservedDirectory(path: path, mode: opened[PathKey(path)] ?? UInt16(info.st_mode & 0o7777)))
    }
    let noted = try journal.directories(of: record, all: true)
    let made = Set(noted.filter { $0.mode == nil }.map { PathKey($0.path) })
    for removed in intent.make {
      let (parent, name) = PathResolver.split(removed.path)
      guard let mode = removed.mode, let handle = parentHandle(parent) else { continue }
      // It was not there when the restore began: whoever made it, this restore did. Till those in it are made, its owner
      // may write in it.
      guard mkdirat(handle.descriptor.number, name, mode_t(mode) | 0o700) == 0 || errno == EEXIST,
        let info = try handle.status(name), fileKind(ofMode: info.st_mode) == .directory
      else { continue }
      if !made.contains(PathKey(removed.path)) {
        try journal.addDirectory(record, ObservedDirectory(path: removed.path, mode: nil, after: mode))
      }
    }
    // Innermost first: one that is closed then closes those in it. The modes as they were, whatever the mask says.
    for removed in intent.make.reversed() {
      let (parent, name) = PathResolver.split(removed.path)
      guard let mode = removed.mode, let handle = parentHandle(parent), PlannedDisk.isDirectory(removed.path)
      else { continue }
      try StetWorkspace.setMode(mode_t(mode), of: name, in: handle)
    }
    close(intent.open)
    let changed = Set(noted.filter(\.isChange))
    for directory in intent.modes.sorted(by: { $0.path.utf8.count > $1.path.utf8.count }) {
      let done = ObservedDirectory(path: directory.path, mode: directory.after, after: directory.mode)
      if !changed.contains(done) { try journal.addDirectory(record, done) }
      try setMode(of: done)
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
