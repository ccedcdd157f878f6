import StetWorkspace
import Synchronization

/// The snapshot stores of the process, one a workspace. Safe from any thread.
final class SnapshotStores: Sendable {
  /// Where workspaces are looked at around commands: no edit waits for that.
  let lookout = WorkspaceThread()
  let stateDirectory: String
  private let limits: SnapshotLimits
  private let stores = Mutex<[String: SnapshotStore]>([:])

  init(stateDirectory: String, home: String?) {
    self.stateDirectory = stateDirectory
    var limits = SnapshotLimits()
    limits.home = home
    self.limits = limits
  }

  /// The stores of all workspaces; those that are open here are the same ones. Blocks.
  func all() throws(WorkspaceError) -> [SnapshotStore] {
    let open = stores.withLock { Array($0.values) }
    return try SnapshotStore.all(in: stateDirectory, limits: limits).map { found in
      open.first { $0.directory == found.directory } ?? found
    }
  }

  /// Forgets what a thread changed, or what all did, wherever that is kept; answers the bytes freed. Blocks.
  func purge(thread: String?) throws(WorkspaceError) -> Int {
    var freed = 0
    for store in try all() { freed += try store.purge(thread: thread) }
    return freed
  }

  /// The store for the workspace that `directory` lies in. Blocks when it is new.
  func store(for directory: String) throws(WorkspaceError) -> SnapshotStore {
    if let known = stores.withLock({ $0[directory] }) { return known }
    let root = try SnapshotStore.root(of: directory)
    return try stores.withLock { (stores) throws(WorkspaceError) -> SnapshotStore in
      if let known = stores[root] {
        stores[directory] = known
        return known
      }
      let made = try SnapshotStore(
        stateDirectory: stateDirectory, workspaceRoot: root, limits: limits)
      stores[root] = made
      stores[directory] = made
      return made
    }
  }
}
