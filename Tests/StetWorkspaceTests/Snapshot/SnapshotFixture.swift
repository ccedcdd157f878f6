import StetTestSupport
import StetWorkspace

/// A workspace with a snapshot store beside it, and turns that write as the edit tools do.
struct SnapshotFixture {
  let directory: TempDirectory
  let root: String
  let state: TempDirectory
  let store: SnapshotStore

  init(_ directory: TempDirectory = TempDirectory("stet-undo")) throws {
    self.directory = directory
    root = directory.path
    state = TempDirectory("stet-state")
    store = try SnapshotStore(stateDirectory: state.path, workspaceRoot: root)
  }

  func key(_ turn: String, thread: String = "t") -> TurnKey { TurnKey(thread: thread, turn: turn) }

  /// The store as another process would open it.
  func reopened() throws -> SnapshotStore {
    try SnapshotStore(stateDirectory: state.path, workspaceRoot: root)
  }

  /// One turn that sets files (nil deletes them).
  @discardableResult
  func turn(
    _ name: String, thread: String = "t", _ files: [String: String?]
  ) throws -> TurnRecord? {
    let key = key(name, thread: thread)
    try store.beginTurn(key)
    try write(files, in: key)
    return try store.endTurn(key)
  }

  func write(_ files: [String: String?], in key: TurnKey) throws {
    try write(states: files.mapValues { $0.map { .regular(Array($0.utf8)) } ?? .absent }, in: key)
  }

  func write(states: [String: FileState], in key: TurnKey) throws {
    let workspace = try Workspace(root: root)
    let writes = try states.map { path, state in
      let disk = try workspace.read("\(root)/\(path)")
      let kept = state.kind == .regular && disk.kind == .regular ? state.with(mode: disk.mode) : state
      return PlannedWrite(path: "\(root)/\(path)", expected: disk.stamp, result: kept)
    }
    try store.capture(writes.map(\.path), in: key)
    let transaction = WriteTransaction(roots: [root], journalDirectory: store.journalDirectory)
    try store.wrote(try transaction.commit(writes), in: key)
  }

  /// Plans and does an undo; answers the plan.
  @discardableResult
  func undo(_ scope: UndoScope, as name: String = "undo") throws -> RestorePlan {
    let plan = try store.plan(scope)
    _ = try store.apply(plan, as: key(name))
    return plan
  }

  func actions(_ plan: RestorePlan) -> [String: RestoreEntry.Action] {
    Dictionary(plan.entries.map { (String($0.path.dropFirst(root.count + 1)), $0.action) }) { first, _ in
      first
    }
  }

  func reasons(_ plan: RestorePlan) -> [String: RestoreEntry.Reason] {
    var reasons: [String: RestoreEntry.Reason] = [:]
    for entry in plan.entries { reasons[String(entry.path.dropFirst(root.count + 1))] = entry.reason }
    return reasons
  }
}
