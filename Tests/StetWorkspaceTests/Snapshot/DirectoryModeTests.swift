import Glibc
import StetTestSupport
import Testing

@testable import StetWorkspace

/// Permissions of directories and files that are in the way of an undo, and come back with it (rollback.md B1, B3).
struct DirectoryModeTests {
  private func mode(_ fixture: SnapshotFixture, _ name: String) -> mode_t {
    var info = stat()
    return lstat(fixture.directory.path(name), &info) == 0 ? info.st_mode & 0o7777 : 0
  }

  private func fixture() throws -> SnapshotFixture {
    let fixture = try SnapshotFixture()
    fixture.directory.write("dir/secret/key", "k\n", mode: 0o600)
    fixture.directory.write("dir/a", "a\n")
    fixture.directory.makeDirectory("dir/hollow")
    for (name, mode) in [("dir/secret", 0o700), ("dir/hollow", 0o1777), ("dir", 0o2750)] {
      chmod(fixture.directory.path(name), mode_t(mode))
    }
    return fixture
  }

  @Test(
    "B4 mode: directories that a command removed, made anew or gave another mode have theirs again",
    arguments: [
      "rm -rf dir", "rm -rf dir; mkdir dir", "chmod 777 dir/secret", "chmod -R 700 dir",
      "mv dir other; chmod 700 other", "rm -rf dir; echo x > dir", "mkdir -m 700 new; echo x > new/f",
      "chmod 500 dir/secret; rm -rf dir/hollow", "mkdir -p new/deep; echo x > new/deep/f; chmod -R 500 new",
      "mkdir -m 711 new",
    ])
  func commands(_ command: String) throws {
    try fixture().expectRoundTrip(command)
  }

  @Test(
    "B4 mode 600: a private file is private again, whatever a command or an edit did to it",
    arguments: [
      "sed -i s/s/S/ key", "rm key", "chmod 644 key", "git checkout -q -- key",
      "mv key other; chmod 644 other",
      "git rm -q -f key", "cat key > k; mv k key", "git reset -q --hard",
    ])
  func privateFile(_ command: String) throws {
    let repository = try TempRepository()
    repository.directory.write("key", "committed\n", mode: 0o600)
    try repository.commitAll()
    repository.directory.write("key", "secrets\n", mode: 0o600)
    let fixture = try SnapshotFixture(repository.directory)
    try fixture.turn("edit", ["key": "secret edits\n"])
    #expect(mode(fixture, "key") == 0o600)
    try fixture.shell("1", command)
    try fixture.undo(.last(thread: "t"))
    #expect(mode(fixture, "key") == 0o600 && fixture.directory.text("key") == "secret edits\n")
    try fixture.undo(.last(thread: "t"), as: "undo the edit")
    #expect(mode(fixture, "key") == 0o600 && fixture.directory.text("key") == "secrets\n")
  }

  @Test("B4 mode: back to before a removal, over a later turn that made the directory again")
  func through() throws {
    let fixture = try fixture()
    let before = try DiskTree.modes(fixture.root)
    try fixture.shell("1", "rm -rf dir")
    try fixture.turn("2", ["dir/b": "b\n"])
    #expect(mode(fixture, "dir") != 0o2750)
    let plan = try fixture.undo(.through(fixture.key("1")))
    #expect(fixture.actions(plan)["dir"] == .write)
    #expect(try DiskTree.modes(fixture.root) == before)
    #expect(fixture.directory.text("dir/secret/key") == "k\n" && !fixture.directory.exists("dir/b"))
  }

  @Test("B4 mode: the workspace's own directory has its mode again, also where a command closed it")
  func root() throws {
    let fixture = try fixture()
    chmod(fixture.root, 0o755)
    let before = try DiskTree.modes(fixture.root)
    try fixture.shell("1", "echo b > dir/a; rm -r dir/hollow; chmod 500 .")
    #expect(mode(fixture, ".") == 0o500)
    let plan = try fixture.store.plan(.last(thread: "t"))
    let restore = try #require(try fixture.store.apply(plan, as: fixture.key("undo")))
    #expect(mode(fixture, ".") == 0o755 && fixture.directory.text("dir/a") == "a\n")
    #expect(try DiskTree.modes(fixture.root) == before)
    _ = try fixture.store.apply(try fixture.store.plan(.record(restore.id)), as: fixture.key("redo"))
    #expect(mode(fixture, ".") == 0o500 && fixture.directory.text("dir/a") == "b\n")
    // A command that changes nothing else.
    try fixture.shell("2", "chmod 711 .")
    try fixture.undo(.last(thread: "t"), as: "again")
    #expect(mode(fixture, ".") == 0o500)
    chmod(fixture.root, 0o700)
  }

  @Test("B4 mode: a mode that the user gave a directory since is refused by name and stays")
  func userMode() throws {
    let fixture = try fixture()
    try fixture.shell("1", "chmod 777 dir/secret; chmod 777 dir/hollow; echo b > dir/a")
    chmod(fixture.directory.path("dir/secret"), 0o710)
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(
      fixture.actions(plan) == ["dir/a": .write, "dir/hollow": .write, "dir/secret": .refuse]
        && fixture.reasons(plan) == ["dir/secret": .userEdited])
    #expect(mode(fixture, "dir/secret") == 0o710 && mode(fixture, "dir/hollow") == 0o1777)
    #expect(fixture.directory.text("dir/a") == "a\n")
  }

  @Test("B4 mode: a directory that the user removed or filled is not brought back or taken away for its mode")
  func userRemoved() throws {
    let fixture = try fixture()
    try fixture.shell("1", "chmod 700 dir/hollow; mkdir -m 700 made")
    rmdir(fixture.directory.path("dir/hollow"))
    fixture.directory.write("made/mine", "m\n")
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.reasons(plan) == ["dir/hollow": .userDeleted, "made": .userEdited])
    #expect(!fixture.directory.exists("dir/hollow") && fixture.directory.text("made/mine") == "m\n")
  }

  @Test("a file that the user made read-only since is not replaced; one that the turn made so is")
  func readOnly() throws {
    let fixture = try fixture()
    for name in ["x", "y"] { fixture.directory.write(name, "1\n") }
    try fixture.shell("1", "echo 2 > x; echo 2 > y; chmod 400 x")
    chmod(fixture.directory.path("y"), 0o444)
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.reasons(plan) == ["y": .readOnly])
    #expect(fixture.directory.text("x") == "1\n" && mode(fixture, "x") == 0o644)
    #expect(fixture.directory.text("y") == "2\n" && mode(fixture, "y") == 0o444)
  }

  @Test("a user who is not root gets back what a command made read-only, in directories that it closed")
  func notRoot() async throws {
    let files = TempDirectory("stet-undo")
    let state = TempDirectory("stet-state")
    for path in [files.path, state.path] { chmod(path, 0o777) }
    await #expect(processExitsWith: .success) {
      [files = files.path as String, state = state.path as String] in
      if geteuid() == 0, setgid(65534) != 0 || setuid(65534) != 0 { exit(90) }
      umask(0o022)
      guard chdir(files) == 0, system("mkdir d e; echo 1 > d/f; echo 1 > e/f; echo 1 > k; ln k l") == 0 else {
        exit(91)
      }
      let store = try SnapshotStore(stateDirectory: state, workspaceRoot: files, limits: .patient)
      let key = TurnKey(thread: "t", turn: "1")
      try store.beginTurn(key)
      guard let window = store.commandBegins(key, via: "make") else { exit(92) }
      let command =
        "echo 2 > d/f; chmod 400 d/f; rm e/f; chmod 555 d e; echo 2 > k; chmod 400 k; "
        + "mkdir -p n/m; echo 2 > n/m/f; chmod 500 n/m n"
      guard system(command) == 0 else {
        exit(93)
      }
      store.commandEnded(window)
      _ = try store.endTurn(key)
      let plan = try store.plan(.last(thread: "t"))
      guard plan.refused.isEmpty else { exit(94) }
      guard let done = try store.apply(plan, as: TurnKey(thread: "t", turn: "undo")) else { exit(95) }
      let before =
        "test \"$(cat d/f e/f k l)\" = \"$(printf '1\\n1\\n1\\n1')\" && "
        + "test \"$(stat -c %a d e d/f k l | tr '\\n' ' ')\" = '755 755 644 644 644 ' && test k -ef l && test ! -e n"
      guard system(before) == 0 else { exit(96) }
      let redo = try store.plan(.record(done.id))
      guard redo.refused.isEmpty else { exit(97) }
      _ = try store.apply(redo, as: TurnKey(thread: "t", turn: "redo"))
      let after =
        "test \"$(cat d/f k l)\" = \"$(printf '2\\n2\\n2')\" && test ! -e e/f && "
        + "test \"$(stat -c %a d e d/f k l | tr '\\n' ' ')\" = '555 555 400 400 400 ' && "
        + "test \"$(stat -c %a n n/m)\" = \"$(printf '500\\n500')\" && test -f n/m/f"
      exit(system(after) == 0 ? 0 : 98)
    }
    // They are another user's, and closed: root may, the test's end removes them.
    _ = files
    _ = state
  }
}
