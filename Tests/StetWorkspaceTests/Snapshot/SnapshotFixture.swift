import Glibc
import StetTestSupport
import StetWorkspace
import Testing

/// A workspace with a snapshot store beside it, and turns that write as the edit tools do.
struct SnapshotFixture {
  let directory: TempDirectory
  let root: String
  let state: TempDirectory
  let store: SnapshotStore

  init(
    _ directory: TempDirectory = TempDirectory("stet-undo"), limits: SnapshotLimits = .patient
  ) throws {
    self.directory = directory
    root = directory.path
    state = TempDirectory("stet-state")
    store = try SnapshotStore(stateDirectory: state.path, workspaceRoot: root, limits: limits)
  }

  /// One turn that runs a command in the workspace, as the shell tool does.
  @discardableResult
  func shell(
    _ name: String, thread: String = "t", _ command: String, _ location: SourceLocation = #_sourceLocation
  ) throws -> TurnRecord? {
    let key = key(name, thread: thread)
    try store.beginTurn(key)
    try run(command, in: key, location)
    return try store.endTurn(key)
  }

  func run(_ command: String, in key: TurnKey, _ location: SourceLocation = #_sourceLocation) throws {
    let window = store.commandBegins(key, via: command)
    user(command, location)
    if let window { store.commandEnded(window) }
  }

  /// Runs a command that has nothing to do with stet.
  func user(_ command: String, _ location: SourceLocation = #_sourceLocation) {
    let environment = """
      export HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=T GIT_AUTHOR_EMAIL=t@example.org \
        GIT_COMMITTER_NAME=T GIT_COMMITTER_EMAIL=t@example.org LC_ALL=C;
      """
    #expect(
      system("\(environment) cd '\(root)' && { \(command); } >/dev/null 2>&1") == 0, "\(command)",
      sourceLocation: location)
  }

  /// What an undo of the last turn must bring back, and its redo take away again.
  func expectRoundTrip(_ command: String, _ location: SourceLocation = #_sourceLocation) throws {
    let before = try DiskTree.read(root)
    let modes = try DiskTree.modes(root)
    try shell("turn", command, location)
    let after = try DiskTree.read(root)
    let modesAfter = try DiskTree.modes(root)
    #expect(before != after || modes != modesAfter, "the command changed nothing", sourceLocation: location)
    let plan = try store.plan(.last(thread: "t"))
    #expect(plan.refused.isEmpty, "\(reasons(plan))", sourceLocation: location)
    let restore = try #require(try store.apply(plan, as: key("undo")), sourceLocation: location)
    expectTree(before, location)
    #expect(try DiskTree.modes(root) == modes, sourceLocation: location)
    _ = try store.apply(try store.plan(.record(restore.id)), as: key("redo"))
    expectTree(after, location)
    #expect(try DiskTree.modes(root) == modesAfter, sourceLocation: location)
  }

  /// Without `.git`, which is the user's.
  func expectTree(_ expected: [String: DiskTree.Node], _ location: SourceLocation = #_sourceLocation) {
    do {
      let found = try DiskTree.read(root).filter { !$0.key.hasPrefix(".git/") }
      let wanted = expected.filter { !$0.key.hasPrefix(".git/") }
      #expect(found == wanted, "\(DiskTree.difference(wanted, found))", sourceLocation: location)
    } catch {
      Issue.record(error, sourceLocation: location)
    }
  }

  func key(_ turn: String, thread: String = "t") -> TurnKey { TurnKey(thread: thread, turn: turn) }

  /// The store as another process would open it.
  func reopened() throws -> SnapshotStore {
    try SnapshotStore(stateDirectory: state.path, workspaceRoot: root, limits: .patient)
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
    #expect(try store.commit(writes, below: [root], in: key).problem == nil)
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

extension SnapshotLimits {
  /// Looks at the workspace take as long as they take: a busy machine is no failure of what a test is about.
  static var patient: SnapshotLimits {
    var limits = SnapshotLimits()
    (limits.scanMs, limits.firstScanMs, limits.lateScanMs) = (120_000, 120_000, 120_000)
    return limits
  }
}
