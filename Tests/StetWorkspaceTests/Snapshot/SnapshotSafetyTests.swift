import Glibc
import StetTestSupport
import StetWorkspace
import Testing

/// No byte of the user's is lost, and nothing of theirs is touched that a turn did not touch.
struct SnapshotSafetyTests {
  @Test(
    "B4 user edit, same and other line: a user's edit in the same file is kept where it merges, and refused where it does not"
  )
  func userEdits() throws {
    let fixture = try SnapshotFixture()
    let files = fixture.directory
    let text = (1...9).map { "line \($0)\n" }
    files.write("same", "1\n")
    files.write("other", text.joined())
    try fixture.turn(
      "1", ["same": "2\n", "other": "ONE\n" + text.dropFirst().joined(), "made": "new\n", "free": "x\n"])
    files.write("same", "3\n")
    files.write("other", "ONE\n" + text[1..<8].joined() + "mine\n")
    files.write("made", "new\nmine\n")
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.actions(plan) == ["same": .refuse, "other": .merge, "made": .refuse, "free": .delete])
    #expect(fixture.reasons(plan) == ["same": .userEdited, "made": .userEdited])
    #expect(files.text("same") == "3\n" && files.text("made") == "new\nmine\n" && !files.exists("free"))
    #expect(files.text("other") == text[..<8].joined() + "mine\n")
  }

  @Test("claude-code#20671: what the user deleted or moved away is not resurrected")
  func deletedByUser() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("a", "1\n")
    try fixture.turn("1", ["a": "2\n", "b": "new\n"])
    rename(fixture.directory.path("a"), fixture.directory.path("moved"))
    unlink(fixture.directory.path("b"))
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.actions(plan) == ["a": .refuse, "b": .none])
    #expect(fixture.reasons(plan) == ["a": .userDeleted])
    #expect(fixture.directory.names() == ["moved"])
  }

  @Test("conflicts can be overwritten by choice; what was there comes back with the redo")
  func overwrite() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("a", "1\n")
    try fixture.turn("1", ["a": "2\n"])
    fixture.directory.write("a", "the user's\n")
    let plan = try fixture.store.plan(.last(thread: "t"), onConflict: .overwriteKeepCopy)
    // Which path is done in spite of what is told.
    #expect(fixture.actions(plan) == ["a": .write] && fixture.reasons(plan) == ["a": .userEdited])
    let restore = try #require(try fixture.store.apply(plan, as: fixture.key("undo")))
    #expect(fixture.directory.text("a") == "1\n")
    try fixture.undo(.record(restore.id))
    #expect(fixture.directory.text("a") == "the user's\n")
  }

  @Test("binary files and links that changed since are refused")
  func binaryAndLinks() throws {
    let fixture = try SnapshotFixture()
    let files = fixture.directory
    files.write("bin", bytes: [0, 1])
    symlink("x", files.path("link"))
    files.write("text", "t\n")
    let key = fixture.key("1")
    try fixture.store.beginTurn(key)
    try fixture.write(
      states: ["bin": .regular([0, 2]), "link": .symlink(to: "y"), "text": .regular([117])], in: key)
    _ = try fixture.store.endTurn(key)
    files.write("bin", bytes: [0, 3])
    unlink(files.path("link"))
    symlink("z", files.path("link"))
    unlink(files.path("text"))
    symlink("bin", files.path("text"))
    let plan = try fixture.store.plan(.last(thread: "t"))
    #expect(fixture.reasons(plan) == ["bin": .binary, "link": .userEdited, "text": .typeChanged])
    #expect(try fixture.store.apply(plan, as: fixture.key("undo")) == nil)
    #expect(files.bytes("bin") == [0, 3])
  }

  @Test("B4 symlink swap: a parent that became a link refuses its paths")
  func parentSwap() throws {
    let fixture = try SnapshotFixture()
    let outside = TempDirectory("stet-outside")
    outside.write("f", "2\n")
    fixture.directory.write("dir/f", "1\n")
    try fixture.turn("1", ["dir/f": "2\n"])
    rename(fixture.directory.path("dir"), fixture.directory.path("away"))
    symlink(outside.path, fixture.directory.path("dir"))
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.reasons(plan) == ["dir/f": .parentSymlink])
    #expect(outside.text("f") == "2\n")
  }

  @Test("opencode#3176: a plan is done as it was shown or not at all")
  func stalePlan() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("a", "1\n")
    try fixture.turn("1", ["a": "2\n", "b": "new\n"])
    let plan = try fixture.store.plan(.last(thread: "t"))
    fixture.directory.write("a", "3\n")
    let error = #expect(throws: WorkspaceError.self) {
      try fixture.store.apply(plan, as: fixture.key("undo"))
    }
    #expect(error?.code == .planStale)
    #expect(fixture.directory.text("a") == "3\n" && fixture.directory.text("b") == "new\n")
    #expect(try fixture.store.list().count == 1)
  }

  @Test("a user's edit between two writes of one turn is not the turn's")
  func betweenWrites() throws {
    let fixture = try SnapshotFixture()
    let text = (1...9).map { "line \($0)\n" }
    fixture.directory.write("f", text.joined())
    let key = fixture.key("1")
    try fixture.store.beginTurn(key)
    try fixture.write(["f": "ONE\n" + text.dropFirst().joined()], in: key)
    let mine = "ONE\n" + text[1..<4].joined() + "mine\n" + text[5...].joined()
    fixture.directory.write("f", mine)
    try fixture.write(["f": mine.replacing("line 9", with: "NINE")], in: key)
    let record = try #require(try fixture.store.endTurn(key))
    #expect(record.files.count == 1)
    try fixture.undo(.last(thread: "t"))
    #expect(fixture.directory.text("f") == text[..<4].joined() + "mine\n" + text[5...].joined())
  }

  @Test("opencode#33940: the undo of one thread leaves another thread's changes")
  func threads() throws {
    let fixture = try SnapshotFixture()
    let text = (1...9).map { "line \($0)\n" }
    fixture.directory.write("f", text.joined())
    try fixture.turn("1", thread: "t", ["f": "T\n" + text.dropFirst().joined()])
    try fixture.turn("1", thread: "u", ["f": "T\n" + text[1..<8].joined() + "U\n", "g": "u\n"])
    let plan = try fixture.undo(.last(thread: "t"))
    // The screen names the other thread.
    #expect(plan.entries.map(\.otherThread) == ["u"] && fixture.actions(plan) == ["f": .merge])
    #expect(
      fixture.directory.text("f") == text[..<8].joined() + "U\n" && fixture.directory.text("g") == "u\n")
  }

  @Test("B4 xattr, hard link: a mode that the user changed since stays, and so do attributes and hard links")
  func metadata() throws {
    let fixture = try SnapshotFixture()
    let path = fixture.directory.write("a", "1\n", mode: 0o600)
    link(path, fixture.directory.path("b"))
    let hasAttributes = TestAttributes.set("user.stet", "kept", at: path)
    try fixture.turn("1", ["a": "2\n"])
    chmod(path, 0o640)
    try fixture.undo(.last(thread: "t"))
    #expect(fixture.directory.text("b") == "1\n")
    var info = stat()
    #expect(lstat(path, &info) == 0 && info.st_mode & 0o777 == 0o640)
    if hasAttributes { #expect(TestAttributes.get("user.stet", at: path) == "kept") }
  }

  @Test("codex#8214: the user's .git is byte-identical, over gc, another HEAD, and with staged hunks")
  func repository() throws {
    let repository = try TempRepository()
    let files = repository.directory
    files.write(".gitignore", ".env\n")
    files.write(".gitattributes", "*.txt text eol=crlf\n* ident filter=lfs\n")
    files.write("a.txt", "a\r\n$Id$\r\n")
    try repository.commitAll()
    files.write("a.txt", "a\r\n$Id$\r\nstaged\r\n")
    try repository.git("add", "a.txt")
    files.write(".env", "SECRET=1\n")
    let fixture = try SnapshotFixture(files)
    let before = repository.gitDirectory()
    try fixture.turn(
      "1", ["a.txt": "changed\n", ".env": "SECRET=2\n", ".gitignore": "", "notes.md": "agent\n"])
    #expect(repository.gitDirectory() == before)
    files.write("mine.txt", "between turns\n")
    try repository.git("checkout", "-q", "-b", "other")
    try repository.git("gc", "-q", "--prune=now")
    let later = repository.gitDirectory()
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(plan.refused.isEmpty)
    #expect(repository.gitDirectory() == later)
    #expect(files.text("a.txt") == "a\r\n$Id$\r\nstaged\r\n" && files.text(".env") == "SECRET=1\n")
    #expect(files.text(".gitignore") == ".env\n" && files.text("mine.txt") == "between turns\n")
    #expect(!files.exists("notes.md"))
  }

  @Test(
    "cline#5598, claude-code#10107: a nested repository's files are files; the store's own are never captured"
  )
  func nested() throws {
    let files = TempDirectory("stet-undo")
    files.write("nested/.git/HEAD", "ref: refs/heads/main\n")
    files.write("nested/f", "1\n")
    let store = try SnapshotStore(
      stateDirectory: files.path("state"), workspaceRoot: files.path, limits: .patient)
    let key = TurnKey(thread: "t", turn: "1")
    try store.beginTurn(key)
    let error = #expect(throws: WorkspaceError.self) {
      try store.capture([store.directory + "/journal.db"], in: key)
    }
    #expect(error?.code == .refused)
    try store.capture([files.path("nested/f")], in: key)
    #expect(try store.endTurn(key) == nil)
  }

  @Test("contents that are lost refuse their path; the rest goes on")
  func lostContents() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("a", "1\n")
    try fixture.turn("1", ["a": "2\n", "b": "new\n"])
    try fixture.store.settle()
    let packs = fixture.store.directory + "/store.git/objects/pack"
    let listing = try Workspace(root: packs).listDirectory(packs)
    for entry in listing.entries { unlink("\(packs)/\(entry.name)") }
    let store = try fixture.reopened()
    let plan = try store.plan(.last(thread: "t"))
    #expect(
      fixture.actions(plan) == ["a": .refuse, "b": .delete] && fixture.reasons(plan) == ["a": .expired])
    _ = try store.apply(plan, as: fixture.key("undo"))
    #expect(fixture.directory.text("a") == "2\n" && !fixture.directory.exists("b"))
  }
}
