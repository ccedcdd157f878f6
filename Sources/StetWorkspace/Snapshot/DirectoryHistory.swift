import Glibc

/// What the undone turns did to one directory, all of it together.
struct DirectoryHistory {
  let path: String
  /// Before the oldest of them; nil: it was not there.
  private(set) var mode: UInt16?
  /// After the newest; nil: it was not there, or an older stet did not note it.
  let after: UInt16?
  /// Whether one of them removed it.
  private(set) var wasRemoved = false

  init(_ newest: ObservedDirectory) {
    path = newest.path
    after = newest.after
    take(newest)
  }

  /// Takes in what happened before that.
  mutating func take(_ older: ObservedDirectory) {
    mode = older.mode
    wasRemoved = wasRemoved || older.mode != nil && older.after == nil
  }

  /// The mode that it gets back, where it still has the one that the turns left.
  func change(from disk: UInt16) -> UInt16? {
    guard let mode, after == disk, mode != disk else { return nil }
    return mode
  }

  /// Whether it was there before and after, with another mode.
  var isChange: Bool { mode != nil && after != nil && mode != after }

  /// Whether anything is left of it all: a directory that was made and removed is none.
  var isNews: Bool { mode == nil ? after != nil || !wasRemoved : mode != after }

  var removed: ObservedDirectory { ObservedDirectory(path: path, mode: mode) }
}

/// Which files of a plan may be written, and which directories are to be opened for that: a mode that the undone turns
/// set is in nobody's way, one that somebody else set is.
struct RestoreAccess {
  let histories: [PathKey: DirectoryHistory]
  let conflicts: RestoreConflicts
  /// Whether a turn or a restore is known to have given (or found) a directory this mode: what one restore had no room
  /// for lies in a directory that this restore closed again.
  let isNoted: (String, UInt16) throws(WorkspaceError) -> Bool
  /// Directories that their owner can't write in because of the undone turns.
  private(set) var open: [PathKey: ObservedDirectory] = [:]
  private var known: [PathKey: Bool] = [:]

  init(
    _ histories: [PathKey: DirectoryHistory], _ conflicts: RestoreConflicts,
    isNoted: @escaping (String, UInt16) throws(WorkspaceError) -> Bool
  ) {
    self.histories = histories
    self.conflicts = conflicts
    self.isNoted = isNoted
  }

  /// The entry, refused where it could not be done. `left`: the mode that the newest turn left the file with.
  mutating func checked(_ entry: RestoreEntry, left: UInt16?) throws(WorkspaceError) -> RestoreEntry {
    if entry.action == .none || entry.action == .refuse { return entry }
    let isOfFile = entry.disk.kind == .regular && entry.result.kind == .regular
    var entry = entry
    if try !mayWrite(in: PathResolver.split(entry.path).directory) {
      guard isOfFile, FileIdentity.of(entry.path)?.links == 1 else { return entry.refused(.readOnly) }
      entry.isInPlace = true
    }
    guard isOfFile else { return entry }
    entry.replacesReadOnly =
      entry.disk.mode & 0o200 == 0 && (entry.disk.mode == left || conflicts == .overwriteKeepCopy)
    if entry.replacesReadOnly {
      if entry.disk.mode != left { entry.reason = entry.reason ?? .readOnly }
      return entry
    }
    let isWritable =
      entry.disk.mode & 0o200 != 0 && faccessat(AT_FDCWD, entry.path, W_OK, AT_EACCESS) == 0
    return isWritable ? entry : entry.refused(.readOnly)
  }

  /// What becomes of directories: those that go or come need their parents opened, also where their files tell of them.
  mutating func checked(
    _ entries: [RestoreEntry], events: [DirectoryHistory]
  ) throws(WorkspaceError) -> [RestoreEntry] {
    for event in events {
      let isThere = PlannedDisk.isDirectory(event.path)
      if isThere == (event.mode == nil) { _ = try mayWrite(in: PathResolver.split(event.path).directory) }
    }
    var checked: [RestoreEntry] = []
    for entry in entries {
      var may = true
      if entry.action == .delete || entry.action == .recreate {
        may = try mayWrite(in: PathResolver.split(entry.path).directory)
      }
      checked.append(may ? entry : entry.refused(.readOnly))
    }
    return checked
  }

  /// Of the directory itself, or the nearest one above that is there.
  private mutating func mayWrite(in directory: String) throws(WorkspaceError) -> Bool {
    var path = directory
    while true {
      if let answer = known[PathKey(path)] { return answer }
      guard let mode = PlannedDisk.mode(path), path != "/" else {
        if path == "/" { return faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) == 0 }
        path = PathResolver.split(path).directory
        continue
      }
      var isOfTurns = mode & 0o300 != 0o300
      if isOfTurns, histories[PathKey(path)]?.after != mode { isOfTurns = try isNoted(path, mode) }
      if isOfTurns { open[PathKey(path)] = ObservedDirectory(path: path, mode: mode, after: mode | 0o700) }
      let answer = isOfTurns || faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) == 0
      known[PathKey(path)] = answer
      return answer
    }
  }
}
