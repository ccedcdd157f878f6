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

  /// Takes away the marks of processes that were killed. `finished`: those whose turns are ended now; `open`: those
  /// who have some left, whose marks stay.
  static func sweep(
    _ directory: String, finished: Set<String>, open: Set<String>
  ) throws(WorkspaceError) {
    let handle = try DirectoryHandle.open(directory)
    for name in try handle.names(limit: Workspace.listLimit).names where isMark(name) && name != lostMark {
      let owner = String(name.dropFirst(prefix.count).dropLast(suffix.count))
      guard !open.contains(owner), let info = try handle.status(name),
        finished.contains(owner) || time(nil) - info.st_mtim.tv_sec > sweepAge,
        try isFree(PathResolver.join(directory, name))
      else { continue }
      unlinkat(handle.descriptor.number, name, 0)
    }
  }

  /// Whether something is to be told of what a killed process did: a mark as it left one.
  static func setLost(_ isLost: Bool, in directory: String) throws(WorkspaceError) {
    let path = PathResolver.join(directory, lostMark)
    if isLost { _ = try open(path) } else { unlink(path) }
  }

  private static let prefix = "owner-"
  private static let suffix = ".lock"
  private static let lostMark = "\(prefix)lost\(suffix)"

  private static func isMark(_ name: String) -> Bool { name.hasPrefix(prefix) && name.hasSuffix(suffix) }

  /// Changes nothing: whoever asks, the mark of a killed process stays for the one that ends its turns.
  static func isGone(_ name: String, in directory: String) throws(WorkspaceError) -> Bool {
    try isFree(path(name, directory))
  }

  /// Whether no process holds a mark; also where there is none. Those that ask at one time do not see each other.
  private static func isFree(_ path: String) throws(WorkspaceError) -> Bool {
    let file: Descriptor
    do throws(WorkspaceError) {
      file = Descriptor(
        try check("Cannot open \(path)", path: path) {
          Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        })
    } catch  where error.code == .notFound {
      return true
    }
    guard flock(file.number, LOCK_SH | LOCK_NB) == 0 else { return false }
    // A child that has not come to its exec yet has the descriptor as well.
    flock(file.number, LOCK_UN)
    return true
  }

  /// Whether a process left its mark without taking it away: it was killed.
  static func leftSome(in directory: String) throws(WorkspaceError) -> Bool {
    guard access(directory, F_OK) == 0 else { return false }
    let names = try DirectoryHandle.open(directory).names(limit: Workspace.listLimit).names
    for name in names where isMark(name) {
      if try isFree(PathResolver.join(directory, name)) { return true }
    }
    return false
  }

  private static func path(_ name: String, _ directory: String) -> String {
    PathResolver.join(directory, prefix + name + suffix)
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
