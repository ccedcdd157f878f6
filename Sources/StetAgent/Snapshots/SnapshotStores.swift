import StetWorkspace
import Synchronization

/// The snapshot stores of the process, one a workspace. Safe from any thread.
final class SnapshotStores: Sendable {
  private let stateDirectory: String
  private let stores = Mutex<[String: SnapshotStore]>([:])

  init(stateDirectory: String) {
    self.stateDirectory = stateDirectory
  }

  /// The store for the workspace that `directory` lies in: the nearest ancestor with a `.git`, else itself.
  func store(for directory: String) throws(WorkspaceError) -> SnapshotStore {
    let chain = PathText.ancestors(directory)
    let root = chain.first { CappedFile.exists(PathText.join($0, ".git")) } ?? directory
    return try stores.withLock { (stores) throws(WorkspaceError) -> SnapshotStore in
      if let known = stores[root] { return known }
      let made = try SnapshotStore(stateDirectory: stateDirectory, workspaceRoot: root)
      stores[root] = made
      return made
    }
  }
}
