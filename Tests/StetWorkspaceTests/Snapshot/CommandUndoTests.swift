import Glibc
import StetTestSupport
import StetWorkspace
import Testing

/// What commands change is taken back exactly (rollback.md B4).
struct CommandUndoTests {
  private static let commands = [
    "sed -i s/one/ONE/ tracked.txt notes.txt", "rm tracked.txt notes.txt", "rm -rf dir",
    "mv tracked.txt moved.txt",
    "mv dir other", "chmod 755 notes.txt", "mkdir -p new/empty && echo x > new/file", "ln -sf notes.txt link",
    "printf 'a\\0b' > blob.bin",
    "cp tracked.txt copy && sed -i 1d tracked.txt", "truncate -s 0 notes.txt",
    "rm notes.txt; mkdir notes.txt; echo y > notes.txt/inner",
    "rm notes.txt; mkdir -p notes.txt/a/b; echo y > notes.txt/a/b/inner; mkdir notes.txt/hollow",
    "rm -r dir; echo x > dir", "rm -r dir; ln -s tracked.txt dir", "rm -r dir; ln -s . dir",
    "rm link; mkdir link; echo x > link/y", "rm link; cp notes.txt link",
    "rm notes.txt; ln -s tracked.txt notes.txt",
    "mv notes.txt n; mkdir notes.txt; mv n notes.txt/n", "mv dir/a a; rm -r dir; mv a dir",
    "mkdir -p only/empty/folders", "rmdir dir/hollow", "rmdir dir/hollow; echo x > dir/hollow",
    "mkdir dir/hollow/more",
  ]

  private func fill(_ files: TempDirectory) {
    files.write("tracked.txt", "one\ntwo\n")
    files.write("dir/a", "a\n", mode: 0o600)
    files.write("dir/sub/b", "b\n")
    files.makeDirectory("dir/hollow")
    chmod(files.path("dir/sub"), 0o750)
    symlink("tracked.txt", files.path("link"))
    files.write("blob.bin", bytes: [0, 1, 2, 255])
    files.write("notes.txt", "one of mine\n", mode: 0o640)
  }

  @Test("B4 non-git dir: a command in a folder without git is undone and redone exactly", arguments: commands)
  func plain(_ command: String) throws {
    let fixture = try SnapshotFixture()
    fill(fixture.directory)
    try fixture.expectRoundTrip(command)
    var info = stat()
    if command == "rm -rf dir" {
      try fixture.undo(.last(thread: "t"), as: "again")
      #expect(lstat(fixture.directory.path("dir/sub"), &info) == 0 && info.st_mode & 0o777 == 0o750)
    }
  }

  @Test(
    "a command in a repository is undone and redone exactly; .git stays as the command left it",
    arguments: commands + [
      "git checkout -q other", "git reset -q --hard", "git checkout -q -- tracked.txt",
      "git stash -q", "git clean -fdq",
    ])
  func repository(_ command: String) throws {
    let repository = try TempRepository()
    fill(repository.directory)
    repository.directory.write(".gitignore", "*.log\n")
    try repository.git("add", "tracked.txt", "dir", "link", ".gitignore")
    try repository.git("commit", "-q", "-m", "one")
    try repository.git("checkout", "-q", "-b", "other")
    repository.directory.write("tracked.txt", "other\n")
    try repository.git("commit", "-q", "-a", "-m", "two")
    try repository.git("checkout", "-q", "main")
    repository.directory.write("tracked.txt", "one\ntwo\nthree\n")
    if command.hasPrefix("git checkout -q other") { try repository.git("stash", "-q") }
    repository.directory.write("x.log", "ignored\n")
    let fixture = try SnapshotFixture(repository.directory)
    let start = repository.gitDirectory()
    fixture.store.prepare()
    #expect(repository.gitDirectory() == start)
    let before = try DiskTree.read(fixture.root)
    let key = fixture.key("turn")
    try fixture.store.beginTurn(key)
    let window = fixture.store.commandBegins(key, via: command)
    #expect(repository.gitDirectory() == start)
    fixture.user(command)
    let left = repository.gitDirectory()
    fixture.store.commandEnded(try #require(window))
    #expect(try fixture.store.endTurn(key) != nil)
    let after = try DiskTree.read(fixture.root)
    let plan = try fixture.store.plan(.last(thread: "t"))
    #expect(plan.refused.isEmpty, "\(fixture.reasons(plan))")
    let restore = try #require(try fixture.store.apply(plan, as: fixture.key("undo")))
    fixture.expectTree(before)
    try fixture.undo(.record(restore.id), as: "redo")
    fixture.expectTree(after)
    #expect(repository.gitDirectory() == left)
  }

  @Test("a file that became a folder is refused while something of the user's is in the folder")
  func fileToFolder() throws {
    let fixture = try SnapshotFixture()
    fill(fixture.directory)
    let before = try DiskTree.read(fixture.root)
    try fixture.shell("1", "rm notes.txt; mkdir notes.txt; echo y > notes.txt/inner")
    fixture.directory.write("notes.txt/mine", "the user's\n")
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.actions(plan) == ["notes.txt": .refuse, "notes.txt/inner": .delete])
    #expect(fixture.reasons(plan) == ["notes.txt": .typeChanged])
    #expect(fixture.directory.text("notes.txt/mine") == "the user's\n")
    unlink(fixture.directory.path("notes.txt/mine"))
    rmdir(fixture.directory.path("notes.txt"))
    try fixture.undo(.last(thread: "t"), as: "again")
    fixture.expectTree(before)
  }

  @Test("a folder that became a file is refused where the user wrote the file since, and where it is theirs")
  func folderToFile() throws {
    let fixture = try SnapshotFixture()
    fill(fixture.directory)
    try fixture.shell("1", "rm -r dir; echo x > dir")
    fixture.directory.write("dir", "the user's\n")
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(
      fixture.reasons(plan) == ["dir": .userEdited, "dir/a": .typeChanged, "dir/sub/b": .typeChanged])
    #expect(fixture.directory.text("dir") == "the user's\n")
    try fixture.shell("2", "echo made > made")
    fixture.user("rm made; mkdir made; echo mine > made/mine")
    let second = try fixture.store.plan(.last(thread: "t"), onConflict: .overwriteKeepCopy)
    #expect(fixture.actions(second)["made"] == RestoreEntry.Action.none)
    #expect(try fixture.store.apply(second, as: fixture.key("undo 2")) == nil)
    #expect(fixture.directory.text("made/mine") == "mine\n")
  }

  @Test("folders alone are a change: told, undone where they are empty, redone; the user's are left")
  func foldersAlone() throws {
    let fixture = try SnapshotFixture()
    fill(fixture.directory)
    let record = try #require(try fixture.shell("1", "mkdir -p made/deep other; rmdir dir/hollow"))
    #expect(record.files.map(\.path) == ["dir/hollow", "made/deep", "other"].map(fixture.directory.path))
    #expect(record.cause == .shell && record.files.allSatisfy { $0.isKept && $0.isDirectory })
    fixture.directory.write("other/mine", "the user's\n")
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(
      fixture.actions(plan) == [
        "dir/hollow": .recreate, "made": .delete, "made/deep": .delete, "other": .refuse,
      ])
    #expect(fixture.directory.exists("dir/hollow") && !fixture.directory.exists("made"))
    #expect(fixture.directory.text("other/mine") == "the user's\n")
    #expect(try fixture.store.list().map(\.state) == [.active, .undone])
  }

  @Test("opencode#32529: a command that changes nothing leaves no record")
  func nothing() throws {
    let fixture = try SnapshotFixture()
    fill(fixture.directory)
    #expect(try fixture.shell("1", "cat tracked.txt; touch tracked.txt") == nil)
    #expect(try fixture.shell("2", "echo x > tracked.txt; printf 'one\\ntwo\\n' > tracked.txt") == nil)
  }

  @Test("edits and commands on one file in one turn are taken back together, each with its author")
  func mixed() throws {
    let fixture = try SnapshotFixture()
    fill(fixture.directory)
    let before = try DiskTree.read(fixture.root)
    let key = fixture.key("1")
    try fixture.store.beginTurn(key)
    try fixture.write(["tracked.txt": "edited\n"], in: key)
    try fixture.run("echo more >> tracked.txt; echo x > made", in: key)
    try fixture.write(["tracked.txt": "edited again\n", "notes.txt": "n\n"], in: key)
    try fixture.run("sed -i s/again/twice/ tracked.txt", in: key)
    let record = try #require(try fixture.store.endTurn(key))
    let authors = Dictionary(
      uniqueKeysWithValues: record.files.map { ($0.path.split(separator: "/").last, $0.author) })
    #expect(authors == ["tracked.txt": .shell, "made": .shell, "notes.txt": .edit])
    #expect(record.cause == .tool)
    #expect(record.files.first { $0.path.hasSuffix("made") }?.via?.hasPrefix("echo more") == true)
    try fixture.undo(.last(thread: "t"))
    fixture.expectTree(before)
  }

  @Test("an edit while a command runs stays the edit's")
  func duringCommand() throws {
    let fixture = try SnapshotFixture()
    fill(fixture.directory)
    let before = try DiskTree.read(fixture.root)
    let key = fixture.key("1")
    try fixture.store.beginTurn(key)
    let window = fixture.store.commandBegins(key, via: "sleep")
    try fixture.write(["tracked.txt": "edited\n"], in: key)
    fixture.user("echo by command > notes.txt; sed -i s/edited/EDITED/ tracked.txt")
    fixture.store.commandEnded(try #require(window))
    let record = try #require(try fixture.store.endTurn(key))
    #expect(record.files.count == 2)
    try fixture.undo(.last(thread: "t"))
    fixture.expectTree(before)
  }

  @Test("a command that still runs when its turn ends gives the turn what it changed until then")
  func background() throws {
    let fixture = try SnapshotFixture()
    fill(fixture.directory)
    let key = fixture.key("1")
    try fixture.store.beginTurn(key)
    let window = try #require(fixture.store.commandBegins(key, via: "server"))
    fixture.user("echo 1 > out")
    #expect(try fixture.store.endTurn(key)?.files.count == 1)
    fixture.user("echo 2 > out")
    fixture.store.commandEnded(window)
    #expect(try fixture.store.list().count == 1)
  }

  @Test("a command that begins when its turn is over harms nothing: the next turn is covered")
  func late() throws {
    let fixture = try SnapshotFixture()
    fill(fixture.directory)
    #expect(try fixture.turn("1", [:]) == nil)
    try fixture.run("echo late > notes.txt", in: fixture.key("1"))
    #expect(fixture.store.coverage == .full && fixture.store.notices.isEmpty)
    try fixture.shell("2", "rm notes.txt")
    try fixture.undo(.last(thread: "t"))
    #expect(fixture.directory.text("notes.txt") == "late\n")
  }

  @Test("B4 middle turn: a turn of a command in the middle, and the paths that are chosen")
  func middleAndFiles() throws {
    let fixture = try SnapshotFixture()
    let lines = (1...9).map { "line \($0)\n" }
    fixture.directory.write("f", lines.joined())
    try fixture.shell("1", "sed -i 's/line 1$/one/' f; echo a > a")
    try fixture.shell("2", "sed -i 's/line 5/five/' f; echo b > b")
    try fixture.shell("3", "sed -i 's/line 9/nine/' f")
    try fixture.undo(.turn(fixture.key("2")))
    #expect(fixture.directory.text("f") == "one\n" + lines[1..<8].joined() + "nine\n")
    #expect(!fixture.directory.exists("b") && fixture.directory.exists("a"))
    let plan = try fixture.undo(.files(["f"], thread: "t"), as: "files")
    #expect(plan.entries.count == 1)
    #expect(fixture.directory.text("f") == lines.joined() && fixture.directory.exists("a"))
    #expect(throws: WorkspaceError.self) { try fixture.store.plan(.files(["nothing"], thread: "t")) }
  }

  @Test("a store of an older stet gets what it lacks")
  func olderStore() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("a", "1\n")
    try fixture.turn("1", ["a": "2\n"])
    let path = fixture.store.directory + "/journal.db"
    #expect(
      system(
        "python3 -c \"import sqlite3; d = sqlite3.connect('\(path)'); "
          + "[d.execute(s) for s in ('ALTER TABLE changes DROP COLUMN author', 'ALTER TABLE changes DROP COLUMN via', "
          + "'ALTER TABLE directories DROP COLUMN mode', "
          + "'PRAGMA user_version = 0')]; d.commit()\"") == 0)
    let store = try fixture.reopened()
    #expect(try store.list().first?.files.first?.author == .edit)
  }
}
