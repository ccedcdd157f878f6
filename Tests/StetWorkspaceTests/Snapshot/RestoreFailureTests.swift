import Glibc
import StetTestSupport
import Testing

@testable import StetWorkspace

/// A restore that is killed or fails on its way: what it took for granted, and what the user did meanwhile, is kept
/// (rollback.md B4).
struct RestoreFailureTests {
  private func fixture() throws -> SnapshotFixture {
    let fixture = try SnapshotFixture()
    fixture.directory.write("a", "1\n")
    fixture.directory.write("b", "1\n")
    try fixture.turn("1", ["a": "2\n", "b": "2\n"])
    return fixture
  }

  /// An undo whose process is killed at a step.
  private func killed(_ fixture: SnapshotFixture, at stop: WriteTransaction.Step) throws {
    var limits = SnapshotLimits.patient
    limits.proceed = { $0 != stop }
    let store = try SnapshotStore(
      stateDirectory: fixture.state.path, workspaceRoot: fixture.root, limits: limits)
    let plan = try store.plan(.last(thread: "t"))
    let error = #expect(throws: WorkspaceError.self) { try store.apply(plan, as: fixture.key("undo")) }
    #expect(error?.message == WriteTransaction.abandonment)
  }

  @Test("kill -9 before a restore wrote anything: what the user edits then does not make it done")
  func nothingWritten() throws {
    let fixture = try fixture()
    try killed(fixture, at: .recorded)
    fixture.directory.write("a", "mine\n")
    let store = try fixture.reopened()
    #expect(try store.list().map(\.cause) == [.tool] && store.list().map(\.state) == [.active])
    let plan = try store.plan(.last(thread: "t"))
    #expect(fixture.actions(plan) == ["a": .refuse, "b": .write])
    _ = try store.apply(plan, as: fixture.key("again"))
    #expect(fixture.directory.text("a") == "mine\n" && fixture.directory.text("b") == "1\n")
  }

  @Test("kill -9 when all is in place: the restore is done, whatever the user edits, and its redo keeps that")
  func allWritten() throws {
    let fixture = try fixture()
    try killed(fixture, at: .noted)
    fixture.directory.write("a", "mine\n")
    let store = try fixture.reopened()
    #expect(try store.open().isEmpty)
    #expect(fixture.directory.text("a") == "mine\n" && fixture.directory.text("b") == "1\n")
    #expect(try store.list().map(\.cause) == [.restore, .tool] && store.list().last?.state == .undone)
    let restore = try #require(try store.list().first)
    let redo = try store.plan(.record(restore.id))
    #expect(fixture.actions(redo) == ["a": .refuse, "b": .write])
    _ = try store.apply(redo, as: fixture.key("redo"))
    #expect(fixture.directory.text("a") == "mine\n" && fixture.directory.text("b") == "2\n")
  }

  /// From a step on, the journal refuses a change of a column, as on a full disk.
  private func failing(
    _ fixture: SnapshotFixture, _ column: String, from step: WriteTransaction.Step
  ) throws -> SnapshotStore {
    let path = fixture.store.directory + "/journal.db"
    var limits = SnapshotLimits.patient
    limits.proceed = {
      guard $0 == step else { return true }
      do {
        try Database(path: path).script(
          "CREATE TRIGGER full BEFORE UPDATE OF \(column) ON changes BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )
      } catch {
        Issue.record(error)
      }
      return true
    }
    return try SnapshotStore(
      stateDirectory: fixture.state.path, workspaceRoot: fixture.root, limits: limits)
  }

  private func makeRoom(_ fixture: SnapshotFixture) throws {
    try Database(path: fixture.store.directory + "/journal.db").script("DROP TRIGGER full")
  }

  @Test("a restore that can't note what it wrote takes it back: the user's overwritten version is on disk")
  func notNoted() throws {
    let fixture = try fixture()
    fixture.directory.write("a", "mine\n")
    let store = try failing(fixture, "after_kind", from: .done)
    let plan = try store.plan(.last(thread: "t"), onConflict: .overwriteKeepCopy)
    let error = #expect(throws: WorkspaceError.self) { try store.apply(plan, as: fixture.key("undo")) }
    #expect(error?.underlying == "disk is full")
    #expect(fixture.directory.text("a") == "mine\n" && fixture.directory.text("b") == "2\n")
    #expect(try store.list().map(\.cause) == [.tool])
    try makeRoom(fixture)
    let again = try #require(try fixture.reopened().apply(plan, as: fixture.key("again")))
    #expect(fixture.directory.text("a") == "1\n" && fixture.directory.text("b") == "1\n")
    try fixture.undo(.record(again.id), as: "redo")
    #expect(fixture.directory.text("a") == "mine\n" && fixture.directory.text("b") == "2\n")
  }

  @Test("a restore that fails after its files are in place keeps its record: the next start ends it")
  func notEnded() throws {
    let fixture = try fixture()
    fixture.directory.write("a", "mine\n")
    func failing() throws {
      let store = try self.failing(fixture, "undone_by", from: .written)
      let plan = try store.plan(.last(thread: "t"), onConflict: .overwriteKeepCopy)
      let error = #expect(throws: WorkspaceError.self) { try store.apply(plan, as: fixture.key("undo")) }
      #expect(error?.message.hasPrefix("The files are restored") == true)
    }
    try failing()
    #expect(fixture.directory.text("a") == "1\n" && fixture.directory.text("b") == "1\n")
    try makeRoom(fixture)
    let store = try fixture.reopened()
    let restore = try #require(try store.list().first)
    let turn = try #require(try store.list().last)
    #expect(restore.cause == .restore && turn.state == .undone)
    _ = try store.apply(try store.plan(.record(restore.id)), as: fixture.key("redo"))
    #expect(fixture.directory.text("a") == "mine\n" && fixture.directory.text("b") == "2\n")
  }

  // MARK: - Directories

  @Test("what one undo has no room for the next one puts back, with the directories around it")
  func rounds() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("file", "1\n")
    fixture.directory.write("kept/f", "1\n")
    chmod(fixture.directory.path("kept"), 0o750)
    let before = try DiskTree.read(fixture.root)
    let modes = try DiskTree.modes(fixture.root)
    try fixture.shell(
      "1",
      """
      mkdir -p new/deep; echo 2 > new/deep/a; echo 2 > new/b; rm file; mkdir file; echo 2 > file/x; echo 2 > file/y; \
      rm -r kept
      """)
    let after = try DiskTree.read(fixture.root)
    var limits = SnapshotLimits.patient
    limits.changedFiles = 1
    let store = try SnapshotStore(
      stateDirectory: fixture.state.path, workspaceRoot: fixture.root, limits: limits)
    var restores: [Int64] = []
    for round in 1...12 {
      guard try store.list(thread: "t").last?.state == .active else { break }
      let plan = try store.plan(.last(thread: "t"))
      if let done = try store.apply(plan, as: fixture.key("undo \(round)")) { restores.append(done.id) }
    }
    fixture.expectTree(before)
    #expect(try DiskTree.modes(fixture.root) == modes && restores.count == 6)
    for id in restores.reversed() { try fixture.undo(.record(id), as: "redo \(id)") }
    fixture.expectTree(after)
  }

  @Test("a directory that a refused file kept goes with it later")
  func refused() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("a", "1\n")
    let before = try DiskTree.read(fixture.root)
    try fixture.shell("1", "mkdir new; echo 2 > new/b; echo 2 > a")
    fixture.directory.write("new/b", "mine\n")
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.actions(plan) == ["a": .write, "new/b": .refuse])
    let rest = try fixture.store.plan(.last(thread: "t"), onConflict: .overwriteKeepCopy)
    _ = try fixture.store.apply(rest, as: fixture.key("rest"))
    fixture.expectTree(before)
  }
}
