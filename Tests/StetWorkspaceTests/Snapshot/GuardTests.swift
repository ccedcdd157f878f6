import Glibc
import StetTestSupport
import Testing

@testable import StetWorkspace

/// Directories that are no project, and what lies beyond one (rollback.md B3, guards).
struct GuardTests {
  private func coverage(_ root: String, home: String? = nil) throws -> SnapshotCoverage {
    var limits = SnapshotLimits.patient
    limits.home = home
    // A refusal comes before the first look; what is not refused must not be walked here.
    limits.names = 1
    let state = TempDirectory("stet-state")
    return try SnapshotStore(stateDirectory: state.path, workspaceRoot: root, limits: limits).prepare()
  }

  @Test(
    "codex#19588: /, /tmp, /var/tmp, Desktop, Documents, Downloads and the root of a mount have no baseline")
  func places() throws {
    let home = TempDirectory("stet-home")
    for name in ["Desktop", "Documents", "Downloads", "Projects"] { home.makeDirectory(name) }
    var roots = ["/", "/tmp", "/var/tmp", "/proc", home.path]
    roots += ["Desktop", "Documents", "Downloads"].map { home.path($0) }
    for root in roots where access(root, F_OK) == 0 {
      guard case .edits(.root, let detail) = try coverage(root, home: home.path) else {
        Issue.record("\(root) is covered")
        continue
      }
      #expect(detail.contains(root) && detail.contains("open a project's own folder"))
    }
    #expect(try coverage(home.path("Projects"), home: home.path) == .full)
  }

  @Test("a home that is a link is the home all the same")
  func linkedHome() throws {
    let home = TempDirectory("stet-home")
    let links = TempDirectory("stet-links")
    symlink(home.path, links.path("me"))
    guard case .edits(.root, _) = try coverage(home.path, home: links.path("me")) else {
      Issue.record("covered")
      return
    }
  }

  @Test("B3: another file system below the workspace, and what a link leads to, are not looked into")
  func devices() throws {
    // /proc is always another device than what it is mounted on; the walk is asked about the root alone.
    let descriptor = Descriptor(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    var limits = SnapshotLimits.patient
    limits.names = 100_000
    let tree = try FileTree.scan(
      descriptor, path: "/", before: nil, renewing: false, isIdle: true, limits: limits, isLate: false
    ) { path, _ in strcmp(path, "proc") == 0 ? 0 : FileTree.Flag.ignored }
    let entry = try #require(tree.find("proc"))
    #expect(entry.pointee.flags & FileTree.Flag.closed != 0 && tree.find("proc/self") == nil)
    let outside = TempDirectory("stet-outside")
    outside.write("f", "theirs\n")
    let fixture = try SnapshotFixture()
    symlink(outside.path, fixture.directory.path("link"))
    #expect(try fixture.shell("1", "echo changed > link/f; rm -f link/none") == nil)
    #expect(outside.text("f") == "changed\n")
  }

  @Test("opencode#17397: on a nearly full disk an undo can still be done, and redone")
  func nearlyFull() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("a", "1\n")
    fixture.directory.write("b", "1\n")
    try fixture.shell("1", "echo 2 > a; rm b")
    var limits = SnapshotLimits.patient
    limits.fileSystem = { _ in FileSystemFacts(isNetwork: false, freeBytes: 1 << 20, totalBytes: 1 << 40) }
    let full = try SnapshotStore(
      stateDirectory: fixture.state.path, workspaceRoot: fixture.root, limits: limits)
    let restore = try #require(try full.apply(try full.plan(.last(thread: "t")), as: fixture.key("undo")))
    #expect(fixture.directory.text("a") == "1\n" && fixture.directory.text("b") == "1\n")
    _ = try full.apply(try full.plan(.record(restore.id)), as: fixture.key("redo"))
    #expect(fixture.directory.text("a") == "2\n" && !fixture.directory.exists("b"))
  }

  @Test("a restore while another one runs is refused as locked, and touches nothing")
  func locked() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("a", "1\n")
    try fixture.turn("1", ["a": "2\n"])
    let plan = try fixture.store.plan(.last(thread: "t"))
    let lock = Descriptor(
      open(fixture.store.directory + "/restore.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600))
    #expect(flock(lock.number, LOCK_EX) == 0)
    let error = #expect(throws: WorkspaceError.self) {
      try fixture.store.apply(plan, as: fixture.key("undo"))
    }
    #expect(error?.code == .locked && fixture.directory.text("a") == "2\n")
    flock(lock.number, LOCK_UN)
    #expect(try fixture.store.apply(plan, as: fixture.key("undo")) != nil)
    #expect(fixture.directory.text("a") == "1\n")
  }
}
