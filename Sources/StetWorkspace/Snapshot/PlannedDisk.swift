import Glibc

/// The disk as a restore's own deletions will have left it: each path of a plan is judged against that. A file that
/// became a directory comes back where the directory goes, and the reverse.
struct PlannedDisk {
  enum Found {
    case state(FileState)
    /// Something else has the name, or the name of a directory above it, and stays.
    case blocked
    case refused(RestoreEntry.Reason)
  }

  /// Directories nested deeper than this hold nothing that a turn made.
  private static let depth = 128

  /// Directories that the undone turns made.
  let made: Set<PathKey>
  /// Directories that give way to a file.
  private(set) var clearing: [ClearedDirectory] = []
  /// Those that could.
  private var yielding: [PathKey: [ClearedDirectory]] = [:]
  /// Files and links that the plan deletes.
  private var going: Set<PathKey> = []
  /// Files and links that the plan makes.
  private var coming: Set<PathKey> = []

  init(made: Set<PathKey>) { self.made = made }

  mutating func note(_ entry: RestoreEntry) {
    if entry.action == .delete { going.insert(PathKey(entry.path)) }
    guard entry.action == .recreate else { return }
    coming.insert(PathKey(entry.path))
    clearing += yielding[PathKey(entry.path)] ?? []
  }

  static func isDirectory(_ path: String) -> Bool { mode(path) != nil }

  /// Of a directory; nil where there is none.
  static func mode(_ path: String) -> UInt16? {
    var info = stat()
    guard lstat(path, &info) == 0, fileKind(ofMode: info.st_mode) == .directory else { return nil }
    return UInt16(info.st_mode & 0o7777)
  }

  mutating func look(_ path: String) -> Found {
    do {
      let state = try Workspace.state(at: path)
      guard state.kind == .directory else { return .state(state) }
      guard let found = emptied(path) else { return .blocked }
      yielding[PathKey(path)] = found
      return .state(.absent)
    } catch {
      switch error.code {
      case .wrongKind: return below(path)
      case .tooLarge: return .refused(.tooLarge)
      default: return .refused(.unreadable)
      }
    }
  }

  /// What a path below something that is no directory is taken for.
  private func below(_ path: String) -> Found {
    for built in PathResolver.parents(path) {
      var info = stat()
      guard lstat(built, &info) == 0, fileKind(ofMode: info.st_mode) != .directory else { continue }
      if going.contains(PathKey(built)) { return .state(.absent) }
      return fileKind(ofMode: info.st_mode) == .symlink ? .refused(.parentSymlink) : .blocked
    }
    return .refused(.unreadable)
  }

  /// A directory and those in it, where all that is in them goes with the plan; nil where something stays.
  private func emptied(_ path: String, depth: Int = 0) -> [ClearedDirectory]? {
    guard made.contains(PathKey(path)), depth < Self.depth else { return nil }
    do {
      let handle = try DirectoryHandle.open(path)
      var info = stat()
      try check("Cannot examine \(path)", path: path) { fstat(handle.descriptor.number, &info) }
      let found = try handle.allNames(limit: WriteTransaction.fileLimit)
      guard !found.truncated, !found.unnamed else { return nil }
      var all = [ClearedDirectory(path: path, mode: UInt16(info.st_mode & 0o7777))]
      for name in found.names {
        let full = handle.full(name)
        guard try handle.status(name).map({ fileKind(ofMode: $0.st_mode) }) == .directory else {
          if going.contains(PathKey(full)) { continue }
          return nil
        }
        guard let below = emptied(full, depth: depth + 1) else { return nil }
        all += below
      }
      // Something comes back in it.
      return coming.contains { PathResolver.contains(path, String(decoding: $0.bytes, as: UTF8.self)) }
        ? nil : all
    } catch {
      // What can't be looked into is not known to be empty.
      return nil
    }
  }

  /// Directories that were made or removed and with which no file of the plan goes, and those that get another mode:
  /// these are paths of their own.
  func directoryEntries(
    _ events: [DirectoryHistory], besides entries: [RestoreEntry]
  ) -> [RestoreEntry] {
    let files = Set(entries.map { PathKey($0.path) })
    var told: Set<PathKey> = []
    for entry in entries {
      told.insert(PathKey(entry.path))
      var parent = PathResolver.split(entry.path).directory
      while parent != "/", told.insert(PathKey(parent)).inserted {
        parent = PathResolver.split(parent).directory
      }
    }
    // Files of which nothing is kept: what lies below is theirs.
    let left = Set(entries.filter { $0.reason == .tooLarge }.map { PathKey($0.path) })
    return events.compactMap { event in
      guard !files.contains(PathKey(event.path)),
        !(PathResolver.parents(event.path) + [event.path]).contains(where: { left.contains(PathKey($0)) })
      else { return nil }
      let entry = entry(event)
      guard told.contains(PathKey(event.path)) else { return entry }
      // What goes and comes with its files needs no line of its own, another mode does.
      let isMode = entry.disk.kind == .directory && event.mode != nil
      return isMode && entry.action != .none ? entry : nil
    }
  }

  private func entry(_ event: DirectoryHistory) -> RestoreEntry {
    var info = stat()
    let isThere = lstat(event.path, &info) == 0
    let isDirectory = isThere && fileKind(ofMode: info.st_mode) == .directory
    let disk = isDirectory ? FileState.directory(mode: UInt16(info.st_mode & 0o7777)) : .absent
    guard let mode = event.mode else {
      if !isDirectory { return RestoreEntry(event.path, .none, disk, .absent) }
      return emptied(event.path) == nil
        ? RestoreEntry(event.path, .refuse, disk, disk, .userEdited)
        : RestoreEntry(event.path, .delete, disk, .absent)
    }
    if isDirectory {
      if let older = event.change(from: disk.mode) {
        return RestoreEntry(event.path, .write, disk, .directory(mode: older))
      }
      // A directory that was removed and is there again is somebody else's.
      let isTheirs = event.after != nil && disk.mode != mode
      return isTheirs
        ? RestoreEntry(event.path, .refuse, disk, disk, .userEdited)
        : RestoreEntry(event.path, .none, disk, disk)
    }
    if isThere { return RestoreEntry(event.path, .refuse, disk, disk, .typeChanged) }
    guard event.wasRemoved else { return RestoreEntry(event.path, .refuse, disk, disk, .userDeleted) }
    return RestoreEntry(event.path, .recreate, disk, .directory(mode: mode))
  }
}

extension RestoreEntry {
  /// Of a directory.
  fileprivate init(
    _ path: String, _ action: Action, _ disk: FileState, _ result: FileState, _ reason: Reason? = nil
  ) {
    self.init(
      path: path, action: action, reason: reason, diff: "", disk: disk.stamp, result: result, via: nil,
      changes: [])
  }
}
