import Glibc
import StetHash
import StetTestSupport
import Testing

@testable import StetWorkspace

/// What the user can set, and what a plan warns of (rollback.md B3).
struct SnapshotSettingTests {
  @Test("snapshot.include: ignored files that are named are covered, their neighbours are not")
  func include() throws {
    let repository = try TempRepository()
    let files = repository.directory
    files.write(".gitignore", ".env\nbuild/\n*.log\n")
    try repository.commitAll()
    files.write(".env", "SECRET=1\n")
    files.write("build/keep/a.csv", "1\n")
    files.write("build/other", "1\n")
    files.write("x.log", "1\n")
    var limits = SnapshotLimits.patient
    limits.include = [".env", "build/keep/*.csv"]
    let fixture = try SnapshotFixture(files, limits: limits)
    try fixture.shell("1", "rm -r .env build x.log")
    try fixture.undo(.last(thread: "t"))
    #expect(files.text(".env") == "SECRET=1\n" && files.text("build/keep/a.csv") == "1\n")
    #expect(!files.exists("build/other") && !files.exists("x.log"))
    // Without it they are not touched, as git's own rules say.
    let plain = try SnapshotFixture(files)
    #expect(try plain.shell("2", "rm -r .env build") == nil)
  }

  @Test("snapshot.network: commands are covered on a network file system by choice")
  func network() throws {
    var limits = SnapshotLimits.patient
    limits.fileSystem = { _ in FileSystemFacts(isNetwork: true, freeBytes: 1 << 40, totalBytes: 1 << 40) }
    limits.network = true
    let fixture = try SnapshotFixture(limits: limits)
    fixture.directory.write("a", "1\n")
    #expect(fixture.store.prepare() == .full)
    try fixture.shell("1", "rm a")
    try fixture.undo(.last(thread: "t"))
    #expect(fixture.directory.text("a") == "1\n")
  }

  @Test("HEAD that moved since is said; only files are put back")
  func headMoved() throws {
    let repository = try TempRepository()
    repository.directory.write("a", "1\n")
    try repository.commitAll()
    let fixture = try SnapshotFixture(repository.directory)
    try fixture.shell("1", "echo 2 > a")
    #expect(try fixture.store.plan(.last(thread: "t")).warnings.isEmpty)
    try repository.git("checkout", "-q", "-b", "elsewhere")
    let later = repository.gitDirectory()
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(plan.warnings.count == 1 && plan.warnings.first?.hasPrefix("HEAD moved since (main ") == true)
    #expect(plan.warnings.first?.contains("now elsewhere ") == true)
    #expect(repository.directory.text("a") == "1\n" && repository.gitDirectory() == later)
  }

  @Test("opencode#33940: another thread in the middle of a turn is said before a restore; its end ends that")
  func otherThread() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("a", "1\n")
    try fixture.turn("1", ["a": "2\n"])
    let key = fixture.key("9", thread: "u")
    try fixture.store.beginTurn(key)
    #expect(try fixture.store.plan(.last(thread: "t")).warnings.first?.hasPrefix("another thread is") == true)
    _ = try fixture.store.endTurn(key)
    #expect(try fixture.store.plan(.last(thread: "t")).warnings.isEmpty)
  }

  @Test(
    "claude-code#34368: a file over the limit that a command changed is told of, and never called undoable")
  func overLimit() throws {
    var limits = SnapshotLimits.patient
    limits.fileBytes = 100
    let fixture = try SnapshotFixture(limits: limits)
    fixture.directory.write("big", String(repeating: "x", count: 200))
    let record = try #require(try fixture.shell("1", "tr x y < big > new; cat new > big; rm new"))
    #expect(record.files.map(\.isKept) == [false])
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.reasons(plan) == ["big": .tooLarge])
    #expect(try fixture.shell("2", "touch big; echo s > small")?.files.map(\.isKept) == [false, true])
  }

  @Test("names that are not UTF-8 are told of without a command to blame")
  func names() throws {
    let fixture = try SnapshotFixture()
    fixture.store.prepare()
    fixture.user("printf x > \"$(printf 'bad\\377name')\"")
    #expect(try fixture.shell("1", "true") == nil)
    #expect(
      fixture.store.notices.map(\.text) == [
        "files whose names are not UTF-8 are outside undo; some were changed"
      ])
  }

  @Test("after a restart files are not read again while their stats are the same", arguments: [false, true])
  func inventoryCache(_ isFiltered: Bool) throws {
    let repository = try TempRepository()
    let files = repository.directory
    if isFiltered { files.write(".gitattributes", "*.lfs filter=none\n") }
    files.write("tracked", "1\n")
    try repository.commitAll()
    for index in 0..<20 { files.write("untracked/f\(index)", "text \(index)\n") }
    var limits = SnapshotLimits.patient
    limits.racyNs = 0
    let state = TempDirectory("stet-state")
    var kept: Set<String> = []
    func settled() throws -> Inventory {
      let inventory = try Inventory(
        root: files.path, own: state.path, copyDirectory: state.path, limits: limits)
      _ = try inventory.look(renewing: false)
      let keeper = Inventory.Keeper(
        has: { kept.contains($0) },
        keep: { contents throws(WorkspaceError) in for bytes in contents { kept.insert(SHA1.blobID(bytes)) }
        },
        take: { (_, _) throws(WorkspaceError) in nil }, keepTaken: { (_) throws(WorkspaceError) in },
        get: { _ throws(WorkspaceError) in [] })
      _ = try inventory.settle(keeper, isFull: false)
      return inventory
    }
    #expect(try settled().read >= 20)
    #expect(try settled().read == 0)
    files.write("untracked/f7", "other\n")
    #expect(try settled().read == 1)
    // What the store no longer has is read again, and damage costs a reading only.
    kept = []
    #expect(try settled().read >= 20)
    let path = state.path + "/inventory"
    #expect(truncate(path, 300) == 0)
    #expect(try settled().read > 10)
  }
}
