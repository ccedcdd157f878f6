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
      try journal.markUndone(done, by: 0)
      if !plan.directories.isEmpty || !plan.removed.isEmpty {
        try journal.markDirectories(of: plan.records, by: 0)
      }
      return nil
    }
    let record = try open(key, cause)
    do {
      try begin(plan, done, record)
      // The paths were allowed when they were first written, also outside of the workspace.
      let roots = [root] + plan.writes.map { PathResolver.split($0.path).directory }
      var transaction = WriteTransaction(roots: roots, journalDirectory: transactions)
      transaction.proceed = limits.proceed
      let verified = try transaction.commit(plan.writes, clearing: plan.clearing)
      try pause(.written)
      try wrote(verified, in: record)
    } catch {
      if error.message == WriteTransaction.abandonment { throw error }
      try journal.forget(record)
      guard error.code == .stale else { throw error }
      throw WorkspaceError(
        .planStale, "\(error.path ?? "A file") changed since the plan was shown; nothing was restored",
        hint: "Look at the new plan.", path: error.path)
    }
    try pause(.noted)
    try complete(record)
    try pause(.completed)
    return try finish(record, afterCrash: false)
  }

  /// Keeps on disk what the restore is to do and what is there now.
  private func begin(_ plan: RestorePlan, _ done: [Int64], _ record: Int64) throws(WorkspaceError) {
    try journal.database.transaction { () throws(WorkspaceError) in
      try journal.addIntent(
        record,
        SnapshotJournal.Intent(
          changes: done, records: plan.records, remove: plan.directories,
          make: plan.removed.filter { !PlannedDisk.isDirectory($0.path) }))
      for directory in plan.clearing {
        try journal.addDirectory(record, directory.path, mode: directory.mode)
      }
      for write in plan.writes {
        // Also where a directory is that gives way.
        if write.expected.kind == .absent {
          try journal.add(record, write.path, before: .absent, stamp: .absent, author: .edit)
        } else {
          try capture(write.path, in: record)
        }
      }
    }
    try pause(.recorded)
  }

  /// What follows the files: directories, and that the changes are no longer in effect. Done again after a crash.
  private func complete(_ record: Int64) throws(WorkspaceError) {
    let intent = try journal.intent(of: record)
    try restoreDirectories(intent, record)
    try journal.database.transaction { () throws(WorkspaceError) in
      try journal.markUndone(intent.changes, by: record)
      if !intent.remove.isEmpty || !intent.make.isEmpty {
        try journal.markDirectories(of: intent.records, by: record)
      }
      try journal.removeIntent(of: record)
    }
  }

  /// Brings a restore to its end whose process is gone: its files are all written, or none is.
  func recoverRestore(_ record: Int64) throws(WorkspaceError) {
    let changes = try journal.changes(of: record, all: true)
    let rolledBack = Set(recovered.map { PathKey($0.path) })
    let isUndone = changes.contains { rolledBack.contains(PathKey($0.path)) }
    let isWritten = changes.contains { change in
      let disk = readable(change.path)
      // A directory that was to give way and did not: there was no file before either.
      return (disk?.kind == .directory ? .absent : disk?.stamp) != change.before
    }
    let isDone = changes.isEmpty || isWritten && !isUndone
    guard isDone else { return try journal.forget(record) }
    try complete(record)
    _ = try finish(record, afterCrash: true)
  }

  private func pause(_ step: WriteTransaction.Step) throws(WorkspaceError) {
    guard !limits.proceed(step) else { return }
    throw WorkspaceError(.io, WriteTransaction.abandonment)
  }

  /// After the files: what the turns made goes where it is empty, what they removed comes back.
  private func restoreDirectories(
    _ intent: SnapshotJournal.Intent, _ record: Int64
  ) throws(WorkspaceError) {
    for path in intent.remove {
      let (parent, name) = PathResolver.split(path)
      // What lies behind a link now is not what the turn made.
      guard let handle = parentHandle(parent), let info = try handle.status(name),
        fileKind(ofMode: info.st_mode) == .directory
      else { continue }
      // Only empty ones go: this says no to all others.
      guard unlinkat(handle.descriptor.number, name, AT_REMOVEDIR) == 0 else { continue }
      try journal.addDirectory(record, path, mode: UInt16(info.st_mode & 0o7777))
    }
    let made = Set(
      try journal.directories(of: record, all: true).filter { $0.mode == nil }.map { PathKey($0.path) })
    for removed in intent.make {
      let (parent, name) = PathResolver.split(removed.path)
      guard let mode = removed.mode, let handle = parentHandle(parent) else { continue }
      // It was not there when the restore began: whoever made it, this restore did.
      guard mkdirat(handle.descriptor.number, name, mode_t(mode)) == 0 || errno == EEXIST,
        let info = try handle.status(name), fileKind(ofMode: info.st_mode) == .directory
      else { continue }
      if !made.contains(PathKey(removed.path)) { try journal.addDirectory(record, removed.path) }
      // Its mode as it was, whatever the mask says.
      _ = fchmodat(handle.descriptor.number, name, mode_t(mode), 0)
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
