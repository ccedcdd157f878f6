import Glibc

/// The mark of a living process: a file that it keeps locked. A turn whose owner's file can be locked is
/// abandoned.
final class SnapshotOwner {
  let name: String
  private let path: String
  private let lock: Descriptor

  init(directory: String) throws(WorkspaceError) {
    name = "\(getpid())-\(randomName())"
    path = Self.path(name, directory)
    lock = try Self.open(path)
    // Nobody else holds it for longer than a look takes.
    let number = lock.number
    try check("Cannot lock \(path)", path: path) { flock(number, LOCK_EX) }
  }

  /// A mark so old is locked by its process, if there is one.
  private static let sweepAge = 60

  /// Takes away the marks of processes that were killed.
  static func sweep(_ directory: String) throws(WorkspaceError) {
    let handle = try DirectoryHandle.open(directory)
    for name in try handle.names(limit: Workspace.listLimit).names where isMark(name) {
      guard let info = try handle.status(name), time(nil) - info.st_mtim.tv_sec > sweepAge else { continue }
      let file = try open(PathResolver.join(directory, name))
      if flock(file.number, LOCK_EX | LOCK_NB) == 0 { unlinkat(handle.descriptor.number, name, 0) }
    }
  }

  private static func isMark(_ name: String) -> Bool { name.hasPrefix("owner-") && name.hasSuffix(".lock") }

  static func isGone(_ name: String, in directory: String) throws(WorkspaceError) -> Bool {
    let path = path(name, directory)
    guard access(path, F_OK) == 0 else { return true }
    let file = try open(path)
    guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else { return false }
    unlink(path)
    return true
  }

  /// Whether a process left its mark without taking it away: it was killed.
  static func leftSome(in directory: String) throws(WorkspaceError) -> Bool {
    guard access(directory, F_OK) == 0 else { return false }
    let names = try DirectoryHandle.open(directory).names(limit: Workspace.listLimit).names
    for name in names where isMark(name) {
      let file = try open(PathResolver.join(directory, name))
      if flock(file.number, LOCK_EX | LOCK_NB) == 0 { return true }
    }
    return false
  }

  private static func path(_ name: String, _ directory: String) -> String {
    PathResolver.join(directory, "owner-\(name).lock")
  }

  private static func open(_ path: String) throws(WorkspaceError) -> Descriptor {
    Descriptor(
      try check("Cannot open \(path)", path: path) {
        Glibc.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
      })
  }

  /// Takes the mark away before its time is over.
  func leave() { unlink(path) }

  deinit { unlink(path) }
}
