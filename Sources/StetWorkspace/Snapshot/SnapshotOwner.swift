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
    guard flock(lock.number, LOCK_EX | LOCK_NB) == 0 else {
      throw systemError("Cannot lock \(path)", errno, path: path)
    }
  }

  static func isGone(_ name: String, in directory: String) throws(WorkspaceError) -> Bool {
    let path = path(name, directory)
    guard access(path, F_OK) == 0 else { return true }
    let file = try open(path)
    guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else { return false }
    unlink(path)
    return true
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

  deinit { unlink(path) }
}
