/// The limit of all workspaces together.
extension SnapshotStore {
  /// Records that go at once when the stores are over their limit.
  private static let step = 8

  /// Forgets the oldest records of all workspaces while their stores are over the limit together; the newest of each
  /// thread stay. The stores of others are opened only then.
  static func enforceTotal(for store: SnapshotStore) throws(WorkspaceError) {
    let stores = try all(in: store.stateDirectory, limits: store.limits).map {
      $0.directory == store.directory ? store : $0
    }
    var total = 0
    for store in stores { total += try store.packBytes() }
    guard total > store.limits.totalBytes else { return }
    var spare: [(store: SnapshotStore, id: Int64, endedMs: Int64)] = []
    for store in stores {
      let rows = try store.session { session throws(WorkspaceError) in try session.spare() }
      spare += rows.map { (store, $0.id, $0.endedMs) }
    }
    spare.sort { $0.endedMs < $1.endedMs }
    while total > store.limits.totalBytes, !spare.isEmpty {
      let batch = spare.prefix(step)
      spare.removeFirst(batch.count)
      for item in batch {
        try item.store.session { session throws(WorkspaceError) in try session.forget([item.id]) }
      }
      total = 0
      for store in stores { total += try store.packBytes() }
    }
  }

  /// Bytes of the packs, without opening anything.
  private func packBytes() throws(WorkspaceError) -> Int {
    var total = 0
    for place in ["store.git/objects/pack", "store.git/staged"] {
      let path = PathResolver.join(directory, place)
      guard try Workspace.state(at: path).kind == .directory else { continue }
      let handle = try DirectoryHandle.open(path)
      for name in try handle.names(limit: .max).names {
        total += Int(try handle.status(name)?.st_size ?? 0)
      }
    }
    return total
  }
}
