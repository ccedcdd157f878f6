import Glibc
import StetTestSupport
import StetWorkspace
import Testing

/// Nothing of the user's is lost when commands are undone (rollback.md B4, data safety).
struct CommandSafetyTests {
  @Test("cline#14367: a .gitignore that a command empties makes nothing deletable; .env and notes survive")
  func ignoreRules() throws {
    let repository = try TempRepository()
    let files = repository.directory
    files.write(".gitignore", ".env\nbuild/\n")
    files.write("a", "1\n")
    try repository.commitAll()
    files.write(".env", "SECRET=1\n")
    files.write("build/out", "built\n")
    let fixture = try SnapshotFixture(files)
    try fixture.shell("1", ": > .gitignore; echo 2 > a")
    files.write("notes", "between turns\n")
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.actions(plan) == [".gitignore": .write, "a": .write])
    #expect(files.text(".env") == "SECRET=1\n" && files.text("build/out") == "built\n")
    #expect(files.text("notes") == "between turns\n" && files.text(".gitignore") == ".env\nbuild/\n")
    // From the next command on they are files like any other.
    try fixture.shell("2", ": > .gitignore")
    try fixture.shell("3", "rm .env build/out")
    try fixture.undo(.last(thread: "t"), as: "undo 3")
    #expect(files.text(".env") == "SECRET=1\n" && files.text("build/out") == "built\n")
  }

  @Test("gemini#13331: the user's edits before, between and after commands stay")
  func userEdits() throws {
    let fixture = try SnapshotFixture()
    let files = fixture.directory
    let text = (1...9).map { "line \($0)\n" }
    files.write("f", text.joined())
    files.write("same", "1\n")
    fixture.store.prepare()
    files.write("f", "mine\n" + text.joined())
    try fixture.shell("1", "sed -i 's/line 5/five/' f; echo 2 > same; echo made > made; echo free > free")
    files.write("f", "mine\n" + text[..<4].joined() + "five\n" + text[5...].joined() + "mine too\n")
    files.write("same", "3\n")
    files.write("made", "made\nmine\n")
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.actions(plan) == ["f": .merge, "same": .refuse, "made": .refuse, "free": .delete])
    #expect(files.text("f") == "mine\n" + text.joined() + "mine too\n")
    #expect(files.text("same") == "3\n" && files.text("made") == "made\nmine\n" && !files.exists("free"))
  }

  @Test("claude-code#20671: what the user deleted or moved away after a command is not resurrected")
  func deletedByUser() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("a", "1\n")
    fixture.directory.write("b", "1\n")
    try fixture.shell("1", "echo 2 > a; mv b c")
    rename(fixture.directory.path("a"), fixture.directory.path("moved"))
    unlink(fixture.directory.path("c"))
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.actions(plan) == ["a": .refuse, "b": .recreate, "c": .none])
    #expect(fixture.directory.text("moved") == "2\n" && !fixture.directory.exists("a"))
  }

  @Test("opencode#33940: a command of one thread is undone without the other thread's work")
  func threads() throws {
    let fixture = try SnapshotFixture()
    let text = (1...9).map { "line \($0)\n" }
    fixture.directory.write("f", text.joined())
    try fixture.shell("1", thread: "t", "sed -i 's/line 1$/T/' f; echo t > t")
    try fixture.shell("1", thread: "u", "sed -i 's/line 9/U/' f; echo u > u")
    try fixture.undo(.last(thread: "t"))
    #expect(fixture.directory.text("f") == text[..<8].joined() + "U\n")
    #expect(fixture.directory.text("u") == "u\n" && !fixture.directory.exists("t"))
  }

  @Test("opencode#13558: what another thread's edits did while a command ran is not undone with the command")
  func contested() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("theirs", "1\n")
    let key = fixture.key("1")
    try fixture.store.beginTurn(key)
    let window = try #require(fixture.store.commandBegins(key, via: "make"))
    fixture.user("echo mine > mine")
    try fixture.turn("1", thread: "u", ["theirs": "2\n"])
    fixture.user("true")
    fixture.store.commandEnded(window)
    _ = try fixture.store.endTurn(key)
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.actions(plan) == ["mine": .delete, "theirs": .refuse])
    #expect(plan.refused.map(\.reason) == [.otherThread])
    #expect(fixture.directory.text("theirs") == "2\n" && !fixture.directory.exists("mine"))
  }

  @Test("what changed while a command ran says so in the plan: it may be the user's doing")
  func uncertain() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("saved", "1\n")
    fixture.directory.write("edited", "1\n")
    let key = fixture.key("1")
    try fixture.store.beginTurn(key)
    let window = try #require(fixture.store.commandBegins(key, via: "make all"))
    fixture.directory.write("saved", "the user's\n")
    fixture.store.commandEnded(window)
    try fixture.write(["edited": "2\n"], in: key)
    _ = try fixture.store.endTurn(key)
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(plan.entries.map(\.via) == [nil, "make all"])
    // Taken for the command's: its redo brings it back.
    let restore = try #require(try fixture.store.list().first)
    try fixture.undo(.record(restore.id), as: "redo")
    #expect(fixture.directory.text("saved") == "the user's\n")
  }

  @Test(
    "opencode PR#31798: gc --prune between turn and undo, and an amended commit: what the turn changed is kept by us"
  )
  func garbageCollection() throws {
    let repository = try TempRepository()
    repository.directory.write("a", "committed\n")
    try repository.commitAll()
    let fixture = try SnapshotFixture(repository.directory)
    try fixture.shell("1", "echo changed > a; git commit -q -a --amend -m other")
    fixture.user("git reflog expire --expire=now --all; git gc -q --prune=now; git checkout -q -b elsewhere")
    let before = repository.gitDirectory()
    try fixture.undo(.last(thread: "t"))
    #expect(repository.directory.text("a") == "committed\n")
    #expect(repository.gitDirectory() == before)
  }

  @Test(
    "codex#8214: a staged hunk, and a file whose only copy is on disk, come back after reset --hard; the index is the command's"
  )
  func staged() throws {
    let repository = try TempRepository()
    repository.directory.write("a", "1\n")
    try repository.commitAll()
    repository.directory.write("a", "1\nstaged\n")
    try repository.git("add", "a")
    repository.directory.write("a", "1\nstaged\nnot staged\n")
    let fixture = try SnapshotFixture(repository.directory)
    try fixture.shell("1", "git reset -q --hard; git gc -q --prune=now")
    let left = repository.gitDirectory()
    try fixture.undo(.last(thread: "t"))
    #expect(repository.directory.text("a") == "1\nstaged\nnot staged\n")
    #expect(repository.gitDirectory() == left)
  }

  @Test(
    "opencode PR#31798: CRLF with autocrlf, LFS-like pointers, filter=, working-tree-encoding and ident: the file's own bytes come back"
  )
  func conversions() throws {
    let repository = try TempRepository()
    let files = repository.directory
    fixtureFilters(repository)
    files.write(".gitattributes", "*.up filter=upper\n*.id ident\n*.enc working-tree-encoding=UTF-16LE\n")
    files.write("dos.txt", "a\r\nb\r\n")
    files.write("large.up", "pointer\n")
    files.write("x.id", "$Id$\n")
    files.write("wide.enc", bytes: [97, 0, 10, 0])
    try repository.commitAll()
    // As a checkout leaves them.
    fixtureCheckout(repository)
    let fixture = try SnapshotFixture(files)
    try fixture.expectRoundTrip("rm dos.txt large.up x.id wide.enc")
    #expect(!files.exists("dos.txt"))
    try fixture.undo(.last(thread: "t"), as: "again")
    #expect(files.text("dos.txt") == "a\r\nb\r\n" && files.bytes("wide.enc") == [97, 0, 13, 0, 10, 0])
    #expect(files.text("x.id")?.hasPrefix("$Id: ") == true && files.text("large.up") == "POINTER\r\n")
  }

  private func fixtureFilters(_ repository: TempRepository) {
    for (name, value) in [
      ("core.autocrlf", "true"), ("filter.upper.clean", "tr A-Z a-z"), ("filter.upper.smudge", "tr a-z A-Z"),
    ] {
      #expect(throws: Never.self) { try repository.git("config", name, value) }
    }
  }

  private func fixtureCheckout(_ repository: TempRepository) {
    for name in ["dos.txt", "large.up", "x.id", "wide.enc"] { unlink(repository.directory.path(name)) }
    #expect(throws: Never.self) { try repository.git("checkout", "-q", "--", ".") }
  }

  @Test("B4 symlink swap: a directory that a command swapped for a link: nothing is written through it")
  func symlinkSwap() throws {
    let fixture = try SnapshotFixture()
    let outside = TempDirectory("stet-outside")
    outside.write("f", "theirs\n")
    fixture.directory.write("dir/f", "1\n")
    fixture.directory.write("g", "1\n")
    try fixture.shell("1", "rm -r dir; ln -s '\(outside.path)' dir; echo 2 > g")
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(plan.refused.isEmpty, "\(fixture.reasons(plan))")
    #expect(fixture.directory.text("dir/f") == "1\n" && fixture.directory.text("g") == "1\n")
    #expect(outside.text("f") == "theirs\n" && outside.names() == ["f"])
    // A link that the user put there is not removed, and not gone through.
    try fixture.shell("2", "rm dir/f")
    fixture.user("rmdir dir; ln -s '\(outside.path)' dir")
    let second = try fixture.undo(.last(thread: "t"), as: "undo 2")
    #expect(fixture.reasons(second) == ["dir/f": .parentSymlink])
    #expect(outside.text("f") == "theirs\n" && outside.names() == ["f"])
  }

  @Test(
    "cline#5598, roo#8164: a nested repository, a submodule and a worktree: files by path, their .git never touched"
  )
  func nested() throws {
    let inner = try TempRepository("stet-inner")
    inner.directory.write("in", "in\n")
    try inner.commitAll()
    let repository = try TempRepository()
    repository.directory.write("a", "1\n")
    try repository.commitAll()
    let fixture = try SnapshotFixture(repository.directory)
    fixture.user(
      "git init -q nested && echo n > nested/n && git -C nested add n && git -C nested commit -q -m n && "
        + "git -c protocol.file.allow=always submodule -q add '\(inner.path)' sub && git commit -q -m sub && "
        + "git worktree add -q tree")
    let before = try DiskTree.read(fixture.root)
    try fixture.shell("1", "rm nested/n sub/in tree/a; echo x > nested/new")
    let left = try DiskTree.read(fixture.root)
    try fixture.undo(.last(thread: "t"))
    fixture.expectTree(before)
    let git = { (tree: [String: DiskTree.Node]) in
      tree.filter { $0.key.split(separator: "/").contains(".git") }
    }
    #expect(git(try DiskTree.read(fixture.root)) == git(left))
    // The worktree as a workspace of its own.
    let worktree = try SnapshotStore(
      stateDirectory: fixture.state.path, workspaceRoot: fixture.root + "/tree", limits: .patient)
    let key = fixture.key("w")
    try worktree.beginTurn(key)
    let window = worktree.commandBegins(key, via: "rm")
    unlink(fixture.directory.path("tree/a"))
    worktree.commandEnded(try #require(window))
    _ = try worktree.endTurn(key)
    _ = try worktree.apply(try worktree.plan(.last(thread: "t")), as: fixture.key("undo w"))
    #expect(fixture.directory.text("tree/a") == "1\n")
  }

  @Test(
    "B4 xattr, hard link: hard links and extended attributes of a file that a command wrote in place are kept"
  )
  func metadata() throws {
    let fixture = try SnapshotFixture()
    let path = fixture.directory.write("a", "1\n", mode: 0o600)
    link(path, fixture.directory.path("b"))
    let hasAttributes = TestAttributes.set("user.stet", "kept", at: path)
    try fixture.shell("1", "echo 2 > a")
    try fixture.undo(.last(thread: "t"))
    #expect(fixture.directory.text("a") == "1\n" && fixture.directory.text("b") == "1\n")
    var (one, two) = (stat(), stat())
    #expect(
      lstat(path, &one) == 0 && lstat(fixture.directory.path("b"), &two) == 0 && one.st_ino == two.st_ino)
    #expect(one.st_mode & 0o777 == 0o600)
    if hasAttributes { #expect(TestAttributes.get("user.stet", at: path) == "kept") }
  }
}
