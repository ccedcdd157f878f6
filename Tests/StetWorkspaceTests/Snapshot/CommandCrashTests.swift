import Glibc
import StetTestSupport
import StetWorkspace
import Testing

/// kill -9 while a command runs: what it changed is nobody's, and that is said (rollback.md B4).
struct CommandCrashTests {
  private let files = TempDirectory("stet-undo")
  private let state = TempDirectory("stet-state")

  private func store() throws -> SnapshotStore {
    try SnapshotStore(stateDirectory: state.path, workspaceRoot: files.path, limits: .patient)
  }

  /// What a killed process leaves: its mark, which nobody holds locked any more.
  private func leaveMark(_ store: SnapshotStore) {
    let path = store.directory + "/owner-1-killed.lock"
    close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
  }

  private func dieInCommand(edit: Bool) throws {
    let store = try self.store()
    let key = TurnKey(thread: "t", turn: "1")
    try store.beginTurn(key)
    if edit {
      try store.capture([files.path("a")], in: key)
      let write = PlannedWrite(
        path: files.path("a"), expected: FileState.regular(Array("1\n".utf8)).stamp,
        result: .regular(Array("2\n".utf8)))
      _ = try store.commit([write], below: [files.path], in: key)
    }
    _ = try #require(store.commandBegins(key, via: "make"))
    files.write("b", "2\n")
    leaveMark(store)
  }

  @Test(
    "kill -9 in a command: said once, to its thread; the edits before it are undone, its own changes stay")
  func killed() throws {
    files.write("a", "1\n")
    files.write("b", "1\n")
    try dieInCommand(edit: true)
    let store = try self.store()
    #expect(try store.takeLost(thread: "u").isEmpty)
    let lost = try store.takeLost(thread: "t")
    #expect(lost.map(\.via) == ["make"] && lost.first?.turn == "1" && lost.first?.startedMs ?? 0 > 0)
    #expect(try store.takeLost(thread: "t").isEmpty)
    let record = try #require(try store.list().first)
    #expect(record.note?.contains("make") == true && record.files.map(\.path) == [files.path("a")])
    _ = try store.apply(try store.plan(.last(thread: "t")), as: TurnKey(thread: "t", turn: "undo"))
    #expect(files.text("a") == "1\n" && files.text("b") == "2\n")
  }

  @Test("kill -9 in a turn's first command: no record, and still said by a process that opens nothing else")
  func killedAtOnce() throws {
    files.write("b", "1\n")
    try dieInCommand(edit: false)
    let store = try self.store()
    #expect(try store.takeLost(thread: "t").map(\.via) == ["make"])
    #expect(try store.list().isEmpty)
  }

  @Test("a command that runs in a living process, and one that ended, are not lost")
  func living() throws {
    files.write("b", "1\n")
    let first = try store()
    let key = TurnKey(thread: "t", turn: "1")
    try first.beginTurn(key)
    let window = try #require(first.commandBegins(key, via: "make"))
    let second = try store()
    #expect(try second.open().isEmpty)
    #expect(try second.takeLost(thread: "t").isEmpty)
    files.write("b", "2\n")
    first.commandEnded(window)
    leaveMark(first)
    #expect(try first.endTurn(key)?.files.count == 1)
    #expect(try second.takeLost(thread: "t").isEmpty)
  }

  @Test(
    "a command that is not covered is told of as well, until its turn has ended", arguments: [false, true])
  func uncovered(_ isEnded: Bool) throws {
    func marking() throws {
      let store = try self.store()
      let key = TurnKey(thread: "t", turn: "1")
      try store.beginTurn(key)
      try store.markCommand(key, via: "make")
      if isEnded { _ = try store.endTurn(key) }
      leaveMark(store)
    }
    try marking()
    #expect(try store().takeLost(thread: "t").map(\.via) == (isEnded ? [] : ["make"]))
  }

  @Test("a turn that ended before its contents were packed is whole in the next process")
  func unpacked() throws {
    files.write("a", "1\n")
    func editing() throws {
      let store = try self.store()
      let key = TurnKey(thread: "t", turn: "1")
      try store.beginTurn(key)
      let workspace = try Workspace(root: files.path)
      try store.capture([files.path("a")], in: key)
      let write = PlannedWrite(
        path: files.path("a"), expected: try workspace.read(files.path("a")).stamp,
        result: .regular(Array("2\n".utf8)))
      _ = try store.commit([write], below: [workspace.root], in: key)
      _ = try store.endTurn(key)
      // Another process reads what is not packed; it does not pack what is not its own.
      let other = try self.store()
      try other.settle()
      #expect(try other.contents(of: 1, path: files.path("a"), side: .after).bytes == Array("2\n".utf8))
      #expect(try packs(store).isEmpty)
    }
    try editing()
    let store = try self.store()
    _ = try store.open()
    #expect(try packs(store).count == 1)
    #expect(try store.contents(of: 1, path: files.path("a"), side: .before).bytes == Array("1\n".utf8))
    _ = try store.apply(try store.plan(.last(thread: "t")), as: TurnKey(thread: "t", turn: "undo"))
    #expect(files.text("a") == "1\n")
  }

  private func packs(_ store: SnapshotStore) throws -> [String] {
    try Workspace(root: store.directory).listDirectory(store.directory + "/store.git/objects/pack").entries
      .map(\.name).filter { $0.hasSuffix(".pack") }
  }
}
