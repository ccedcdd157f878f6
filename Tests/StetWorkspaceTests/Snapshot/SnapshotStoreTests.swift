import Glibc
import StetTestSupport
import StetWorkspace
import Testing

struct SnapshotStoreTests {
  @Test("an undo brings back bytes, modes and links, and removes what the turn made")
  func undoes() throws {
    let fixture = try SnapshotFixture()
    let files = fixture.directory
    files.write("a.bin", bytes: [0, 13, 10, 255], mode: 0o600)
    files.write("run.sh", "#!/bin/sh\n", mode: 0o755)
    symlink("a.bin", files.path("link"))
    let before = try DiskTree.read(fixture.root)
    let key = fixture.key("1")
    try fixture.store.beginTurn(key)
    try fixture.write(
      states: [
        "a.bin": .regular([1]), "run.sh": .absent, "link": .symlink(to: "run.sh"),
        "new/dir/f": .regular([102]),
      ], in: key)
    let record = try #require(try fixture.store.endTurn(key))
    #expect(
      record.files.map { String($0.path.dropFirst(fixture.root.count + 1)) } == [
        "a.bin", "link", "new/dir/f", "run.sh",
      ])
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(
      fixture.actions(plan) == ["a.bin": .write, "run.sh": .recreate, "link": .write, "new/dir/f": .delete])
    #expect(try DiskTree.read(fixture.root) == before)
    #expect(!files.exists("new"))
  }

  @Test("zed#28676, copilot-cli#3089: redo after undo, and redo after redo, are the identity")
  func redo() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("a", "1\n")
    try fixture.turn("1", ["a": "2\n", "b/c": "new\n"])
    let after = try DiskTree.read(fixture.root)
    for _ in 0..<3 {
      let plan = try fixture.store.plan(.last(thread: "t"))
      let restore = try #require(try fixture.store.apply(plan, as: fixture.key("undo")))
      #expect(
        restore.cause == .restore && fixture.directory.text("a") == "1\n" && !fixture.directory.exists("b"))
      #expect(try fixture.store.list(thread: "t").last?.state == .undone)
      try fixture.undo(.record(restore.id))
      #expect(try DiskTree.read(fixture.root) == after)
      #expect(try fixture.store.list(thread: "t").last?.state == .active)
    }
  }

  @Test("the last turn, then the one before; a turn and all after it; nothing is an error")
  func scopes() throws {
    let fixture = try SnapshotFixture()
    for turn in 1...4 { try fixture.turn("\(turn)", ["f": "\(turn)\n", "only\(turn)": "x\n"]) }
    try fixture.undo(.last(thread: "t"))
    #expect(fixture.directory.text("f") == "3\n" && !fixture.directory.exists("only4"))
    try fixture.undo(.last(thread: "t"))
    #expect(fixture.directory.text("f") == "2\n")
    let plan = try fixture.undo(.through(fixture.key("1")))
    #expect(plan.records.count == 2 && fixture.directory.names().isEmpty)
    let error = #expect(throws: WorkspaceError.self) { try fixture.store.plan(.last(thread: "t")) }
    #expect(error?.code == .notFound)
    #expect(throws: WorkspaceError.self) { try fixture.store.plan(.last(thread: "other")) }
  }

  @Test("B4 middle turn: one turn in the middle is taken back from what later turns left")
  func middle() throws {
    let fixture = try SnapshotFixture()
    let lines = (1...9).map { "line \($0)\n" }
    func text(_ changes: [Int: String]) -> String {
      lines.enumerated().map { changes[$0.offset + 1] ?? $0.element }.joined()
    }
    fixture.directory.write("f", text([:]))
    try fixture.turn("1", ["f": text([1: "one\n"])])
    try fixture.turn("2", ["f": text([1: "one\n", 5: "five\n"]), "g": "g\n"])
    try fixture.turn("3", ["f": text([1: "one\n", 5: "five\n", 9: "nine\n"])])
    let plan = try fixture.undo(.turn(fixture.key("2")))
    #expect(fixture.actions(plan) == ["f": .merge, "g": .delete])
    #expect(fixture.directory.text("f") == text([1: "one\n", 9: "nine\n"]))
  }

  @Test("opencode#32529: a turn without changes leaves no record, and its undo is none")
  func emptyTurn() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("a", "1\n")
    #expect(try fixture.turn("1", [:]) == nil)
    // Captured, and then the write did not happen; the user's own change is not the turn's.
    let key = fixture.key("2")
    try fixture.store.beginTurn(key)
    try fixture.store.capture([fixture.directory.path("a")], in: key)
    fixture.directory.write("a", "the user's\n")
    #expect(try fixture.store.endTurn(key) == nil)
    #expect(try fixture.store.list().isEmpty)
  }

  @Test("what a record changed can be read and shown")
  func contents() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("a", "1\n2\n")
    let record = try #require(try fixture.turn("1", ["a": "1\nzwei\ndrei\n"]))
    #expect(record.added == 2 && record.removed == 1 && record.state == .active && record.cause == .tool)
    #expect(record.endedMs >= record.startedMs)
    let path = fixture.directory.path("a")
    #expect(
      try fixture.store.contents(of: record.id, path: path, side: .before).bytes == Array("1\n2\n".utf8))
    #expect(
      try fixture.store.contents(of: record.id, path: path, side: .after).bytes
        == Array("1\nzwei\ndrei\n".utf8))
    #expect(try fixture.store.diff(of: record.id).map(\.diff) == ["@@ -1,2 +1,3 @@\n 1\n-2\n+zwei\n+drei\n"])
    #expect(throws: WorkspaceError.self) { try fixture.store.diff(of: 99) }
  }

  @Test("another process sees the turns, and ends one that a crash left open")
  func crash() throws {
    let files = TempDirectory("stet-undo")
    let state = TempDirectory("stet-state")
    files.write("a", "1\n")
    func crashing() throws {
      let store = try SnapshotStore(stateDirectory: state.path, workspaceRoot: files.path, limits: .patient)
      let key = TurnKey(thread: "t", turn: "1")
      try store.beginTurn(key)
      try store.capture([files.path("a"), files.path("b")], in: key)
      let write = PlannedWrite(
        path: files.path("a"), expected: FileState.regular(Array("1\n".utf8)).stamp,
        result: .regular(Array("2\n".utf8)))
      _ = try store.commit([write], below: [files.path], in: key)
      // Captured, and killed before it was written: what the user writes since is no doing of the turn.
      files.write("b", "the user's\n")
    }
    try crashing()
    let store = try SnapshotStore(stateDirectory: state.path, workspaceRoot: files.path, limits: .patient)
    #expect(try store.open().isEmpty)
    #expect(try store.list(thread: "t").map { $0.files.map(\.path) } == [[files.path("a")]])
    _ = try store.apply(try store.plan(.last(thread: "t")), as: TurnKey(thread: "t", turn: "undo"))
    #expect(files.text("a") == "1\n" && files.text("b") == "the user's\n")
  }

  @Test("a turn of a living process stays open")
  func living() throws {
    let fixture = try SnapshotFixture()
    let key = fixture.key("1")
    try fixture.store.beginTurn(key)
    try fixture.write(["a": "1\n"], in: key)
    #expect(try fixture.reopened().list().isEmpty)
    #expect(try fixture.store.endTurn(key)?.files.count == 1)
    #expect(try fixture.reopened().list().count == 1)
  }

  @Test("purging forgets a thread's turns and frees their packs, and no other's")
  func purge() throws {
    let fixture = try SnapshotFixture()
    var random = Seeded(1)
    let noise = (0..<20_000).map { _ in String(random.next(), radix: 36) }.joined(separator: "\n")
    try fixture.turn("1", thread: "t", ["a": noise])
    try fixture.turn("2", thread: "u", ["b": "small\n"])
    #expect(try fixture.store.purge(thread: "t") > 100_000)
    #expect(try fixture.store.list().map(\.thread) == ["u"])
    try fixture.undo(.last(thread: "u"))
    #expect(!fixture.directory.exists("b") && fixture.directory.exists("a"))
  }

  @Test("disk per turn stays near the changed bytes; the store is private")
  func size() throws {
    let fixture = try SnapshotFixture()
    var random = Seeded(2)
    let noise = (0..<10_000).map { _ in String(random.next(), radix: 36) }.joined(separator: "\n")
    try fixture.turn("1", ["a": noise])
    #expect(try fixture.store.usage() < 2 * noise.utf8.count)
    var info = stat()
    #expect(lstat(fixture.store.directory, &info) == 0 && info.st_mode & 0o777 == 0o700)
  }
}
