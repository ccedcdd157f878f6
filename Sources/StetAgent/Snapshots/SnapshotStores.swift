import StetConfig
import StetJSON
import StetWorkspace
import Synchronization

/// The snapshot stores of the process, one a workspace. Safe from any thread.
final class SnapshotStores: Sendable {
  /// Where workspaces are looked at around commands: no edit waits for that.
  let lookout = WorkspaceThread()
  let stateDirectory: String
  private let environment: AgentEnvironment
  private let stores = Mutex<[String: SnapshotStore]>([:])

  init(_ environment: AgentEnvironment) {
    stateDirectory = environment.home.snapshotsDirectory
    self.environment = environment
  }

  /// What is kept for a directory, as the configuration says now; nil for all of them: the user's own settings.
  func limits(for directory: String?) -> SnapshotLimits {
    var limits = SnapshotLimits()
    limits.home = environment.processEnvironment["HOME"]
    do {
      limits.take(try environment.configuration(directory ?? stateDirectory, JSONObject()).snapshot)
    } catch {
      // The turn tells of a broken configuration; undo goes on with its own limits.
      environment.log.error("the limits of undo: \(error)")
    }
    return limits
  }

  /// Says that this process ends in good order.
  func leave() {
    for store in stores.withLock({ Array($0.values) }) { store.leave() }
  }

  /// The stores of all workspaces; those that are open here are the same ones. Blocks.
  func all() throws(WorkspaceError) -> [SnapshotStore] {
    let open = stores.withLock { Array($0.values) }
    return try SnapshotStore.all(in: stateDirectory, limits: limits(for: nil)).map { found in
      open.first { $0.directory == found.directory } ?? found
    }
  }

  /// Forgets what a thread changed, or what all did, wherever that is kept; answers the bytes freed. Blocks.
  func purge(thread: String?) throws(WorkspaceError) -> Int {
    var freed = 0
    for store in try all() { freed += try store.purge(thread: thread) }
    return freed
  }

  /// Writes an edit (`SnapshotStore.commit`), also in a directory that no store can be found for. Blocks.
  func commit(
    _ writes: [PlannedWrite], below roots: [String], for directory: String, in key: TurnKey?,
    onRecovery: ([RecoveredWrite]) -> Void
  ) throws(WorkspaceError) -> (written: [VerifiedWrite], problem: WorkspaceError?) {
    let store: SnapshotStore
    do {
      store = try self.store(for: directory)
    } catch {
      var transaction = WriteTransaction(
        roots: roots, journalDirectory: environment.home.stateDirectory + "/journal")
      transaction.mayLackJournal = true
      onRecovery(try transaction.recover())
      return (try transaction.commit(writes), error)
    }
    return try store.commit(writes, below: roots, in: key, onRecovery: onRecovery)
  }

  /// The store for the workspace that `directory` lies in. Blocks when it is new.
  func store(for directory: String) throws(WorkspaceError) -> SnapshotStore {
    if let known = stores.withLock({ $0[directory] }) { return known }
    let root = try SnapshotStore.root(of: directory)
    let limits = limits(for: root)
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

extension SnapshotLimits {
  /// What the user set counts instead of what is built in.
  mutating func take(_ settings: SnapshotConfig) {
    include = settings.include
    network = settings.network
    fileBytes = min(settings.fileBytes ?? fileBytes, Workspace.readLimit)
    newFiles = settings.newFiles ?? newFiles
    newBytes = settings.newBytes ?? newBytes
    baselineBytes = settings.baselineBytes ?? baselineBytes
    storeBytes = settings.storeBytes ?? storeBytes
    totalBytes = settings.totalBytes ?? totalBytes
    if let bytes = settings.freeBytes { (freeBytes, freeShare) = (UInt64(bytes), 0) }
    names = settings.names.map { UInt64($0) } ?? names
    scanMs = settings.scanMs.map(Int64.init) ?? scanMs
    turns = settings.turns ?? turns
    ageMs = settings.days.map { Int64($0) * 24 * 3600 * 1000 } ?? ageMs
  }
}
