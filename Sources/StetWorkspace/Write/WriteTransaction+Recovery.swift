import Glibc

/// What recovery did with one file of a transaction that a crash interrupted.
public struct RecoveredWrite: Hashable, Sendable {
  public enum Outcome: String, Hashable, Sendable {
    /// It was as before already.
    case untouched
    case restored
    /// Neither ours nor as before: left alone.
    case foreign
    case failed
  }

  public let path: String
  public let outcome: Outcome
  /// Why it failed.
  public let reason: String?
}

extension WriteTransaction {
  /// Rolls back what crashed processes left half done: all of a transaction or none of it. To be called at
  /// start, before the first commit. A file that someone wrote since the crash is left alone and reported
  /// as foreign. Transactions of living processes are not touched.
  public func recover() throws(WorkspaceError) -> [RecoveredWrite] {
    try recover { (_) throws(WorkspaceError) in false }
  }

  /// `isCommitted`: whether a transaction, by its name, is known to have put everything in place. It stays as it is.
  func recover(
    _ isCommitted: (String) throws(WorkspaceError) -> Bool
  ) throws(WorkspaceError) -> [RecoveredWrite] {
    guard access(journalDirectory, F_OK) == 0 else { return [] }
    var recovered: [RecoveredWrite] = []
    var resolver = PathResolver()
    let parent = try resolver.resolved(journalDirectory)
    let names = try DirectoryHandle.open(parent).names(limit: Workspace.listLimit).names
    for name in names where name.hasPrefix(WriteJournal.unborn) {
      WriteJournal.sweepUnborn(PathResolver.join(parent, name))
    }
    for name in names where name.hasPrefix(WriteJournal.prefix) {
      guard let (journal, entries) = try WriteJournal.abandoned(PathResolver.join(parent, name)) else {
        continue
      }
      if try isCommitted(name) {
        journal.end()
        continue
      }
      let results = rollBack(entries, journal)
      recovered.append(contentsOf: results)
      // What could not be put back keeps its journal: the images in it are the only copies.
      if !results.contains(where: { $0.outcome == .failed }) { journal.end() }
    }
    return recovered
  }

  /// Whether transactions are left that could not be recovered, because their process lives or an image failed.
  func hasOthers() throws(WorkspaceError) -> Bool {
    guard access(journalDirectory, F_OK) == 0 else { return false }
    var resolver = PathResolver()
    let parent = try resolver.resolved(journalDirectory)
    return try DirectoryHandle.open(parent).names(limit: Workspace.listLimit).names.contains {
      $0.hasPrefix(WriteJournal.prefix)
    }
  }

  private func rollBack(_ entries: [WriteJournal.Entry], _ journal: WriteJournal) -> [RecoveredWrite] {
    var results: [RecoveredWrite] = []
    let cleared = Set(entries.filter { $0.before.kind == .directory }.map { PathKey($0.path) })
    // The last first: a directory that was made goes before the file comes back that had its name.
    for (index, entry) in entries.enumerated().reversed() {
      do {
        let outcome =
          entry.before.kind == .directory
          ? try ClearedDirectory(path: entry.path, mode: entry.before.mode).remake()
          : try restore(entry, index, journal, cleared)
        results.append(RecoveredWrite(path: entry.path, outcome: outcome, reason: nil))
      } catch {
        results.append(RecoveredWrite(path: entry.path, outcome: .failed, reason: error.description))
      }
      for directory in entry.directories.reversed() { rmdir(directory) }
    }
    return results.reversed()
  }

  private func restore(
    _ entry: WriteJournal.Entry, _ index: Int, _ journal: WriteJournal, _ cleared: Set<PathKey>
  ) throws(WorkspaceError) -> RecoveredWrite.Outcome {
    let directory: DirectoryHandle
    do {
      directory = try DirectoryHandle.open(PathResolver.split(entry.path).directory)
    } catch  where [.notFound, .wrongKind].contains(error.code) && entry.before.kind == .absent {
      return .untouched
    }
    let name = PathResolver.split(entry.path).name
    let isForeign = try Displacement.giveBack(
      entry.temporary, to: name, in: directory, ours: entry.after, before: entry.before)
    if isForeign { return .foreign }
    unlinkat(directory.descriptor.number, entry.temporary, 0)
    // The directory that was to give way is there yet.
    if cleared.contains(PathKey(entry.path)),
      let info = try directory.status(name),
      fileKind(ofMode: info.st_mode) == .directory
    {
      return .untouched
    }
    let before = try journal.before(index, entry.before)
    let after = entry.inPlace ? try journal.after(index, entry.after).bytes : nil
    return try FileRestore(path: entry.path, before: before, after: entry.after, inPlace: after).run(
      in: directory)
  }
}
