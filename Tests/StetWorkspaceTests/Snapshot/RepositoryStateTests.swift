import Glibc
import StetTestSupport
import Testing

@testable import StetWorkspace

/// What a repository's index and a user's environment say, and what undo makes of it (rollback.md B3, storage).
struct RepositoryStateTests {
  @Test(
    "B3: entries that are assumed unchanged are looked at all the same, and come back as they were on disk")
  func assumedUnchanged() throws {
    let repository = try TempRepository()
    let files = repository.directory
    files.write("config", "committed\n")
    try repository.commitAll()
    try repository.git("update-index", "--assume-unchanged", "config")
    files.write("config", "the user's own\n")
    let fixture = try SnapshotFixture(files)
    let git = repository.gitDirectory()
    try fixture.expectRoundTrip("echo agent > config")
    try fixture.undo(.last(thread: "t"), as: "again")
    #expect(files.text("config") == "the user's own\n" && repository.gitDirectory() == git)
  }

  @Test("B3: skip-worktree: entries that are not on disk are absent; those that are have their own content")
  func skippedInWorktree() throws {
    let repository = try TempRepository()
    let files = repository.directory
    files.write("absent", "committed\n")
    files.write("present", "committed\n")
    try repository.commitAll()
    try repository.git("update-index", "--skip-worktree", "absent", "present")
    unlink(files.path("absent"))
    files.write("present", "the user's own\n")
    let fixture = try SnapshotFixture(files)
    try fixture.shell("1", "echo made > absent; rm present")
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.actions(plan) == ["absent": .delete, "present": .recreate])
    #expect(!files.exists("absent") && files.text("present") == "the user's own\n")
  }

  @Test(
    "B3: files that changed in the tick in which the index was written, with the same size, are their own")
  func racilyClean() throws {
    for round in 0..<20 {
      let repository = try TempRepository()
      let files = repository.directory
      files.write("f", "aaaa\n")
      try repository.commitAll()
      files.write("f", "user\n")
      let fixture = try SnapshotFixture(files)
      fixture.store.prepare()
      // Between the first look and the command, in the same tick too.
      files.write("f", "mine\n")
      try fixture.shell("1", "printf 'over\\n' > f")
      try fixture.undo(.last(thread: "t"))
      #expect(files.text("f") == "mine\n", "round \(round)")
    }
  }

  @Test("B3: GIT_DIR, GIT_INDEX_FILE and the user's git configuration in the environment say nothing")
  func environment() async throws {
    let (repository, other) = (try TempRepository(), try TempRepository("stet-other"))
    repository.directory.write("a", "1\n")
    repository.directory.write("noise.log", "log\n")
    try repository.commitAll()
    other.directory.write("a", "other\n")
    try other.commitAll()
    let home = TempDirectory("stet-home")
    home.write(".gitconfig", "[core]\n  excludesfile = \(home.path("ignore"))\n  autocrlf = true\n")
    home.write("ignore", "*\n")
    let state = TempDirectory("stet-state")
    let before = (repository.gitDirectory(), other.gitDirectory())
    let (work, elsewhere, user, kept) = (repository.path, other.path, home.path, state.path)
    await #expect(processExitsWith: .success) {
      [work = work as String, elsewhere = elsewhere as String, user = user as String, kept = kept as String]
      in
      setenv("HOME", user, 1)
      setenv("GIT_CONFIG_GLOBAL", user + "/.gitconfig", 1)
      setenv("GIT_DIR", elsewhere + "/.git", 1)
      setenv("GIT_WORK_TREE", elsewhere, 1)
      setenv("GIT_INDEX_FILE", elsewhere + "/.git/index", 1)
      setenv("GIT_OBJECT_DIRECTORY", elsewhere + "/.git/objects", 1)
      let store = try SnapshotStore(stateDirectory: kept, workspaceRoot: work, limits: .patient)
      let key = TurnKey(thread: "t", turn: "1")
      try store.beginTurn(key)
      let window = try #require(store.commandBegins(key, via: "rm"))
      #expect(unlink(work + "/a") == 0 && unlink(work + "/noise.log") == 0)
      store.commandEnded(window)
      #expect(try store.endTurn(key)?.files.count == 2)
      _ = try store.apply(try store.plan(.last(thread: "t")), as: TurnKey(thread: "t", turn: "undo"))
    }
    #expect(repository.directory.text("a") == "1\n" && repository.directory.text("noise.log") == "log\n")
    #expect((repository.gitDirectory(), other.gitDirectory()) == before)
  }

  @Test(
    "B3: no refs and no HEAD of the store's own git directory are used, and the user's gc sees nothing of it")
  func noReferences() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("a", "1\n")
    try fixture.shell("1", "echo 2 > a")
    try fixture.store.settle()
    let place = String(fixture.store.directory.dropFirst(fixture.state.path.utf8.count + 1)) + "/store.git"
    #expect(fixture.state.names(place) == ["objects", "staged"])
    #expect(fixture.state.names(place + "/objects") == ["pack"])
  }
}
