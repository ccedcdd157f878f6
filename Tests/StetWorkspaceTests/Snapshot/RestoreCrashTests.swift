import Glibc
import StetTestSupport
import Testing

@testable import StetWorkspace

/// kill -9 at each step of a restore: all of it or none, and it can be done again (rollback.md B4).
struct RestoreCrashTests {
  /// Counts steps and stops at one.
  private final class Fuse: Sendable {
    private let left: Counter
    init(_ steps: Int) { left = Counter(steps) }
    func burn() -> Bool { left.down() }
  }

  private final class Counter: @unchecked Sendable {
    // Touched under the mutex only.
    private var value: Int
    private var mutex = pthread_mutex_t()
    init(_ value: Int) {
      self.value = value
      pthread_mutex_init(&mutex, nil)
    }
    func down() -> Bool {
      pthread_mutex_lock(&mutex)
      defer { pthread_mutex_unlock(&mutex) }
      value -= 1
      return value != 0
    }
  }

  @Test(
    "claude-code#14002, #15403: kill -9 at each step of a restore leaves all of it or none, and it can be undone or done again"
  )
  func everyStep() throws {
    var step = 1
    var finished = false
    var wholes = 0
    while !finished {
      let files = TempDirectory("stet-undo")
      let state = TempDirectory("stet-state")
      files.write("a", "1\n", mode: 0o600)
      files.write("b", "1\n")
      link(files.path("b"), files.path("b2"))
      files.write("gone/c", "1\n")
      files.write("file", "1\n")
      files.write("folder/e", "1\n")
      files.makeDirectory("hollow")
      chmod(files.path("gone"), 0o750)
      files.write("one", "1\n")
      files.makeDirectory("closed")
      files.write("closed/f", "1\n")
      chmod(files.path("closed"), 0o711)
      let modes = try DiskTree.modes(files.path)
      let before = try DiskTree.read(files.path)
      try changing(files, state)
      let after = try DiskTree.read(files.path)
      let modesAfter = try DiskTree.modes(files.path)
      finished = try restoring(files, state, stopAt: step)
      let store = try SnapshotStore(stateDirectory: state.path, workspaceRoot: files.path, limits: .patient)
      #expect(try store.open().allSatisfy { $0.outcome != .failed }, "step \(step)")
      let found = try DiskTree.read(files.path)
      let isWhole = found == before
      #expect(isWhole || found == after, "step \(step): \(DiskTree.difference(after, found))")
      #expect(try DiskTree.modes(files.path) == (isWhole ? modes : modesAfter), "step \(step)")
      #expect(try store.list().contains { $0.cause == .restore } == isWhole, "step \(step)")
      #expect(try store.list().last?.state == (isWhole ? .undone : .active), "step \(step)")
      if isWhole {
        wholes += 1
        var info = stat()
        #expect(lstat(files.path("gone"), &info) == 0 && info.st_mode & 0o777 == 0o750, "step \(step)")
        let restore = try #require(try store.list().first)
        _ = try store.apply(try store.plan(.record(restore.id)), as: TurnKey(thread: "t", turn: "redo"))
        let redone = try DiskTree.read(files.path)
        #expect(redone == after, "step \(step): \(DiskTree.difference(after, redone))")
        #expect(try DiskTree.modes(files.path) == modesAfter, "step \(step)")
      } else {
        let plan = try store.plan(.last(thread: "t"))
        #expect(plan.refused.isEmpty)
        _ = try store.apply(plan, as: TurnKey(thread: "t", turn: "undo"))
        let restored = try DiskTree.read(files.path)
        #expect(restored == before, "step \(step): \(DiskTree.difference(before, restored))")
        #expect(try DiskTree.modes(files.path) == modes, "step \(step)")
      }
      step += 1
    }
    // Once the files are written the rest follows, whoever does it.
    #expect(step > 10 && wholes == 4)
  }

  private func changing(_ files: TempDirectory, _ state: TempDirectory) throws {
    let store = try SnapshotStore(stateDirectory: state.path, workspaceRoot: files.path, limits: .patient)
    let key = TurnKey(thread: "t", turn: "1")
    try store.beginTurn(key)
    let window = try #require(store.commandBegins(key, via: "make"))
    files.write("a", "2\n")
    files.write("b", "2\n")
    unlink(files.path("gone/c"))
    rmdir(files.path("gone"))
    files.write("new/d", "2\n")
    unlink(files.path("file"))
    files.write("file/inner", "2\n")
    unlink(files.path("folder/e"))
    rmdir(files.path("folder"))
    files.write("folder", "2\n")
    rmdir(files.path("hollow"))
    files.makeDirectory("made/hollow")
    // Names that the command linked, one of them read-only, and a directory that it closed.
    unlink(files.path("one"))
    link(files.path("b"), files.path("one"))
    files.write("closed/f", "2\n", mode: 0o400)
    chmod(files.path("closed"), 0o511)
    store.commandEnded(window)
    _ = try store.endTurn(key)
  }

  /// Whether it came to its end.
  private func restoring(_ files: TempDirectory, _ state: TempDirectory, stopAt step: Int) throws -> Bool {
    var limits = SnapshotLimits.patient
    let fuse = Fuse(step)
    limits.proceed = { _ in fuse.burn() }
    let store = try SnapshotStore(stateDirectory: state.path, workspaceRoot: files.path, limits: limits)
    do {
      return try store.apply(try store.plan(.last(thread: "t")), as: TurnKey(thread: "t", turn: "undo"))
        != nil
    } catch {
      #expect(error.message == WriteTransaction.abandonment)
      return false
    }
  }
}
