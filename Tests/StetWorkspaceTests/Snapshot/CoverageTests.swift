import Glibc
import StetTestSupport
import StetWorkspace
import Testing

/// What undo does not cover, it says, and it does no harm there (rollback.md B3 limits and guards).
struct CoverageTests {
  @Test("a clean repository is borrowed from: nothing is copied; one untracked file is")
  func borrowed() throws {
    let repository = try TempRepository()
    for index in 0..<20 { repository.directory.write("f\(index)", "text \(index)\n") }
    try repository.commitAll()
    let fixture = try SnapshotFixture(repository.directory)
    fixture.store.prepare()
    #expect(try fixture.store.usage() == 0)
    repository.directory.write("new", "untracked\n")
    #expect(try fixture.shell("1", "true") == nil)
    #expect(try fixture.store.usage() > 0)
  }

  @Test("codex#34953: 2.1 GB untracked: not read, said once, refused; the rest of the turn is undone")
  func largeFile() throws {
    let fixture = try SnapshotFixture()
    let path = fixture.directory.write("data.bin", "")
    #expect(truncate(path, 2_100_000_000) == 0)
    fixture.directory.write("a", "1\n")
    try fixture.shell("1", "rm data.bin; echo 2 > a; truncate -s 2100000000 new.bin")
    let notices = fixture.store.notices.map(\.text)
    #expect(notices.count == 1 && notices.first?.contains("data.bin (1.9 GB)") == true, "\(notices)")
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.reasons(plan) == ["data.bin": .tooLarge, "new.bin": .tooLarge])
    #expect(fixture.directory.text("a") == "1\n" && fixture.directory.exists("new.bin"))
  }

  @Test("opencode#14811: thousands of tiny files of an install: one line of the plan, not undone, said")
  func install() throws {
    var limits = SnapshotLimits.patient
    limits.newFiles = 200
    let fixture = try SnapshotFixture(limits: limits)
    fixture.directory.write("package.json", "{}\n")
    try fixture.shell(
      "1",
      "mkdir -p modules/a modules/b; seq 1 150 | sed s,^,modules/a/, | xargs touch; "
        + "seq 1 150 | sed s,^,modules/b/, | xargs touch; echo '{1}' > package.json")
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.reasons(plan) == ["modules": .tooLarge])
    #expect(fixture.directory.text("package.json") == "{}\n" && fixture.directory.exists("modules/a/150"))
    #expect(fixture.store.notices.contains { $0.text.contains("modules") })
  }

  @Test("opencode#15416: 50,000 tiny files by an install take no space in the store")
  func largeInstall() throws {
    var limits = SnapshotLimits.patient
    // A busy machine may need more than a command would be given.
    limits.scanMs = 120_000
    let fixture = try SnapshotFixture(limits: limits)
    fixture.directory.write("lock", "1\n")
    try fixture.shell(
      "1",
      "for i in $(seq 50); do mkdir -p node_modules/p$i; (cd node_modules/p$i; seq 1000 | xargs touch); done; "
        + "echo 2 > lock")
    try fixture.store.settle()
    #expect(try fixture.store.usage() < 10_000)
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.actions(plan) == ["node_modules": .refuse, "lock": .write])
    #expect(fixture.directory.exists("node_modules/p50/1000") && fixture.directory.text("lock") == "1\n")
  }

  @Test("jj#5278: many new files under the limit of one, over that of all: the rest is refused, not deleted")
  func total() throws {
    var limits = SnapshotLimits.patient
    limits.newBytes = 5000
    let fixture = try SnapshotFixture(limits: limits)
    try fixture.shell("1", "for i in 1 2 3 4 5 6 7 8; do head -c 1000 /dev/zero > $i; done")
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(plan.refused.count == 3 && plan.entries.count == 8)
    #expect(fixture.directory.names() == ["6", "7", "8"])
  }

  @Test("opencode#17397: a full disk pauses undo and says so; nothing else stops")
  func diskFull() throws {
    var limits = SnapshotLimits.patient
    limits.fileSystem = { _ in FileSystemFacts(isNetwork: false, freeBytes: 1 << 30, totalBytes: 1 << 40) }
    let fixture = try SnapshotFixture(limits: limits)
    fixture.directory.write("a", "1\n")
    try fixture.shell("1", "rm a; echo x > b")
    #expect(fixture.store.notices.map(\.reason) == [.diskFull])
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.reasons(plan) == ["a": .tooLarge])
    let error = #expect(throws: WorkspaceError.self) { try fixture.turn("2", ["c": "1\n"]) }
    #expect(error?.message == "undo paused: disk nearly full")
  }

  @Test("codex#19588: the home folder, what is above it, and its Desktop have no baseline, .git or not")
  func home() throws {
    let repository = try TempRepository()
    repository.directory.write("Desktop/a", "1\n")
    repository.directory.write("b", "1\n")
    for (home, root) in [
      (repository.path, repository.path), (repository.path + "/Desktop", repository.path),
      (repository.path, repository.path + "/Desktop"),
    ] {
      var limits = SnapshotLimits.patient
      limits.home = home
      let state = TempDirectory("stet-state")
      let store = try SnapshotStore(stateDirectory: state.path, workspaceRoot: root, limits: limits)
      guard case .edits(.root, _) = store.prepare() else {
        Issue.record("\(root) is covered with the home \(home)")
        continue
      }
      let key = TurnKey(thread: "t", turn: "1")
      try store.beginTurn(key)
      #expect(store.commandBegins(key, via: "ls") == nil)
      #expect(store.notices.count == 1)
    }
  }

  @Test("B4 NFS: a network file system has no baseline; edits are undone there as everywhere")
  func network() throws {
    var limits = SnapshotLimits.patient
    limits.fileSystem = { _ in FileSystemFacts(isNetwork: true, freeBytes: 1 << 40, totalBytes: 1 << 40) }
    let fixture = try SnapshotFixture(limits: limits)
    fixture.directory.write("a", "1\n")
    guard case .edits(.network, _) = fixture.store.prepare() else {
      Issue.record("covered")
      return
    }
    try fixture.turn("1", ["a": "2\n"])
    try fixture.undo(.last(thread: "t"))
    #expect(fixture.directory.text("a") == "1\n")
  }

  @Test("too many files: edits only, said once")
  func tooMany() throws {
    var limits = SnapshotLimits.patient
    limits.names = 20
    let fixture = try SnapshotFixture(limits: limits)
    for index in 0..<30 { fixture.directory.write("f\(index)", "x") }
    #expect(try fixture.shell("1", "rm f1") == nil)
    #expect(try fixture.shell("2", "rm f2") == nil)
    #expect(fixture.store.notices.map(\.reason) == [.tooLarge])
  }

  @Test("claude-code#10107: a state folder inside the workspace is never captured")
  func stateInside() throws {
    let files = TempDirectory("stet-undo")
    files.write("a", "1\n")
    let store = try SnapshotStore(
      stateDirectory: files.path("state"), workspaceRoot: files.path, limits: .patient)
    for turn in ["1", "2"] {
      let key = TurnKey(thread: "t", turn: turn)
      try store.beginTurn(key)
      let window = try #require(store.commandBegins(key, via: "echo"))
      files.write("a", "\(turn) more\n")
      store.commandEnded(window)
      #expect(try store.endTurn(key)?.files.map(\.path) == [files.path("a")])
    }
  }

  @Test(
    "B4 sparse/split/reftable: split and sparse indexes, and a repository that libgit2 can't open, fall back to our own inventory",
    arguments: [
      "git update-index --split-index", "git sparse-checkout set --sparse-index dir",
      "git config core.repositoryformatversion 1; git config extensions.refstorage reftable",
    ])
  func foreignIndexes(_ command: String) throws {
    let repository = try TempRepository()
    repository.directory.write("dir/a", "a\n")
    repository.directory.write("other/b", "b\n")
    repository.directory.write(".gitignore", "*.log\n")
    try repository.commitAll()
    repository.directory.write("x.log", "ignored\n")
    let fixture = try SnapshotFixture(repository.directory)
    fixture.user(command)
    try fixture.expectRoundTrip("rm dir/a; echo c > c; echo more >> .gitignore")
    #expect(repository.directory.text("x.log") == "ignored\n")
  }

  @Test("files that can't be read, pipes and odd names do not stop the rest")
  func oddities() throws {
    let fixture = try SnapshotFixture()
    let files = fixture.directory
    files.write("locked/inner", "1\n")
    files.write("a", "1\n")
    mkfifo(files.path("pipe"), 0o600)
    fixture.user("printf x > \"$(printf 'bad\\377name')\"")
    chmod(files.path("locked"), 0)
    try fixture.shell("1", "echo 2 > a; mkfifo other; printf y > \"$(printf 'bad\\377name')\"")
    chmod(files.path("locked"), 0o755)
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.actions(plan) == ["a": .write, "bad\\xFFname": .refuse])
    #expect(files.text("locked/inner") == "1\n")
  }

  @Test("a directory that opens while a command runs has not made its files")
  func opened() throws {
    guard geteuid() != 0 else { return }
    let fixture = try SnapshotFixture()
    fixture.directory.write("locked/inner", "1\n")
    chmod(fixture.directory.path("locked"), 0)
    #expect(try fixture.shell("1", "chmod 755 locked") == nil)
  }

  @Test("the inventory's copies go with their process, and are taken over by the next")
  func copies() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("a", "1\n")
    fixture.store.prepare()
    let size = try fixture.store.usage()
    #expect(size > 0)
    for turn in 0..<40 {
      fixture.directory.write("a", "user \(turn)\n")
      try fixture.shell("\(turn)", "true")
    }
    let packs = try packNames(fixture)
    #expect(packs.count < 2 * 30, "\(packs.count)")
    #expect(try fixture.shell("last", "rm a") != nil)
    try fixture.undo(.last(thread: "t"))
    #expect(fixture.directory.text("a") == "user 39\n")
  }

  private func packNames(_ fixture: SnapshotFixture) throws -> [String] {
    try Workspace(root: fixture.store.directory).listDirectory(
      fixture.store.directory + "/store.git/objects/pack"
    ).entries.map(\.name)
  }
}
