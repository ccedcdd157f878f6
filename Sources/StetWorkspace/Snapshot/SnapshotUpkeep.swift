import Glibc

/// The lock under which one process at a time recovers, packs and forgets in a store: each step reads what another one
/// takes away. Held for as long as this lives.
final class SnapshotUpkeep {
  /// For as long as another process may need that recovers many large turns onto a slow disk.
  private static let startTries = 30_000
  /// For what can be done at another time as well.
  private static let idleTries = 500
  private static let pauseUs: UInt32 = 2_000

  private let file: Descriptor

  private init(_ file: Descriptor) { self.file = file }

  /// For the start of a store, which can't go on without it; a minute, then `.locked`.
  static func start(in directory: String, waiting: () throws(WorkspaceError) -> Void) throws(WorkspaceError)
    -> SnapshotUpkeep
  {
    if let lock = try take(directory, startTries, waiting) { return lock }
    throw WorkspaceError(
      .locked, "Another stet is putting the undo of this workspace in order",
      hint: "Try again when it is done.",
      path: directory)
  }

  /// For what can wait; nil when another process holds it for a second.
  static func idle(in directory: String) throws(WorkspaceError) -> SnapshotUpkeep? {
    try take(directory, idleTries) { () throws(WorkspaceError) in }
  }

  private static func take(
    _ directory: String, _ tries: Int, _ waiting: () throws(WorkspaceError) -> Void
  ) throws(WorkspaceError) -> SnapshotUpkeep? {
    let path = PathResolver.join(directory, "upkeep.lock")
    let file = Descriptor(
      try check("Cannot open \(path)", path: path) {
        Glibc.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
      })
    for turn in 0..<tries {
      if flock(file.number, LOCK_EX | LOCK_NB) == 0 { return SnapshotUpkeep(file) }
      guard errno == EWOULDBLOCK || errno == EINTR else {
        throw systemError("Cannot lock \(path)", errno, path: path)
      }
      if turn == 0 { try waiting() }
      usleep(pauseUs)
    }
    return nil
  }

  /// By hand: a child that has not come to its exec yet has the descriptor as well.
  deinit { flock(file.number, LOCK_UN) }
}
