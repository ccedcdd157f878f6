import Glibc
import StetTestSupport
import Testing

@testable import StetWorkspace

/// Directories that their owner closed, or that commands closed: each test runs in a process of a user whom modes hold
/// back, which root is not (rollback.md B3, B4).
struct ClosedDirectoryTests {
  private let files = TempDirectory("stet-closed")
  private let state = TempDirectory("stet-state")

  init() { for path in [files.path, state.path] { chmod(path, 0o777) } }

  /// In the process of that user: a workspace, turns of commands in it, and their undo.
  private struct Bench {
    let store: SnapshotStore
    /// It puts back six files at once.
    let small: SnapshotStore

    init(_ files: String, _ state: String, _ preparation: String) throws {
      if geteuid() == 0, setgid(65534) != 0 || setuid(65534) != 0 { exit(90) }
      umask(0o022)
      guard chdir(files) == 0, system(preparation) == 0 else { exit(91) }
      store = try SnapshotStore(stateDirectory: state, workspaceRoot: files, limits: .patient)
      var limits = SnapshotLimits.patient
      limits.changedFiles = 6
      small = try SnapshotStore(stateDirectory: state, workspaceRoot: files, limits: limits)
    }

    @discardableResult
    func turn(_ name: String, _ command: String) throws -> TurnRecord? {
      let key = TurnKey(thread: "t", turn: name)
      try store.beginTurn(key)
      guard let window = store.commandBegins(key, via: command) else { exit(92) }
      guard system(command) == 0 else { exit(93) }
      store.commandEnded(window)
      return try store.endTurn(key)
    }

    /// Answers the restore's record.
    @discardableResult
    func undo(
      _ name: String, _ scope: UndoScope = .last(thread: "t"), in store: SnapshotStore? = nil
    ) throws -> Int64 {
      let store = store ?? self.store
      let plan = try store.plan(scope)
      guard plan.refused.allSatisfy({ $0.reason == .tooLarge }) else {
        print("\(name): \(plan.refused.map { "\($0.path) \($0.reason?.rawValue ?? "")" })")
        exit(94)
      }
      return try store.apply(plan, as: TurnKey(thread: "t", turn: name))?.id ?? 0
    }

    func expect(_ condition: String, _ code: Int32) {
      if system(condition) != 0 { exit(code) }
    }
  }

  private static let nine = "for i in 1 2 3 4 5 6 7 8 9; do echo 1 > d/f$i; done"
  private static let ones = "test \"$(cat d/f* | tr -d '\\n')\" = 111111111 && test \"$(stat -c %a d)\" = "

  @Test("a closed directory that a command removed comes back in two undos, and goes again with their redos")
  func removed() async throws {
    await #expect(processExitsWith: .success) {
      [files = files.path as String, state = state.path as String] in
      let bench = try Bench(files, state, "mkdir d; \(ClosedDirectoryTests.nine); chmod 555 d")
      try bench.turn("1", "chmod 755 d; rm -r d")
      let first = try bench.undo("undo 1", in: bench.small)
      bench.expect("test \"$(ls d | wc -l)\" = 6 && test \"$(stat -c %a d)\" = 555", 101)
      let second = try bench.undo("undo 2", in: bench.small)
      bench.expect(ClosedDirectoryTests.ones + "555", 102)
      try bench.undo("redo 2", .record(second))
      bench.expect("test \"$(ls d | wc -l)\" = 6 && test \"$(stat -c %a d)\" = 555", 103)
      try bench.undo("redo 1", .record(first))
      bench.expect("test ! -e d", 104)
      exit(0)
    }
  }

  @Test("a directory that a command made and closed goes in two undos, and comes back with their redos")
  func made() async throws {
    await #expect(processExitsWith: .success) {
      [files = files.path as String, state = state.path as String] in
      let bench = try Bench(files, state, "true")
      try bench.turn("1", "mkdir d; \(ClosedDirectoryTests.nine); chmod 555 d")
      let first = try bench.undo("undo 1", in: bench.small)
      bench.expect("test \"$(ls d | wc -l)\" = 3 && test \"$(stat -c %a d)\" = 555", 101)
      let second = try bench.undo("undo 2", in: bench.small)
      bench.expect("test ! -e d", 102)
      try bench.undo("redo 2", .record(second))
      try bench.undo("redo 1", .record(first))
      bench.expect(ClosedDirectoryTests.ones + "555", 103)
      exit(0)
    }
  }

  @Test(
    "a closed directory that a command opened and wrote in is closed after the first of two undos, not in the way"
  )
  func opened() async throws {
    await #expect(processExitsWith: .success) {
      [files = files.path as String, state = state.path as String] in
      let bench = try Bench(files, state, "mkdir d; \(ClosedDirectoryTests.nine); chmod 555 d")
      try bench.turn("1", "chmod 755 d; sed -i s/1/2/ d/f*; touch d/new")
      try bench.undo("undo 1", in: bench.small)
      bench.expect("test \"$(stat -c %a d)\" = 555", 101)
      try bench.undo("undo 2", in: bench.small)
      bench.expect(ClosedDirectoryTests.ones + "555 && test ! -e d/new", 102)
      exit(0)
    }
  }

  @Test("files that may be written in a directory that may not are put back, redone and edited in place")
  func inPlace() async throws {
    await #expect(processExitsWith: .success) {
      [files = files.path as String, state = state.path as String] in
      let bench = try Bench(files, state, "mkdir d; \(ClosedDirectoryTests.nine); chmod 555 d")
      try bench.turn("1", "for f in d/f?; do echo 22 > $f; done")
      let restore = try bench.undo("undo")
      bench.expect(ClosedDirectoryTests.ones + "555", 101)
      try bench.undo("redo", .record(restore))
      bench.expect("test \"$(cat d/f5)\" = 22 && test \"$(stat -c %a d)\" = 555", 102)
      let key = TurnKey(thread: "t", turn: "2")
      let path = bench.store.workspaceRoot + "/d/f5"
      let disk = try Workspace.state(at: path)
      try bench.store.beginTurn(key)
      try bench.store.capture([path], in: key)
      let write = PlannedWrite(
        path: path, expected: disk.stamp, result: .regular(Array("333\n".utf8), mode: disk.mode))
      _ = try bench.store.commit([write], below: [bench.store.workspaceRoot], in: key)
      _ = try bench.store.endTurn(key)
      bench.expect("test \"$(cat d/f5)\" = 333", 103)
      try bench.undo("undo 2")
      bench.expect("test \"$(cat d/f5)\" = 22 && test \"$(ls d | wc -l)\" = 9", 104)
      exit(0)
    }
  }

  @Test(
    "a directory that a command made unreadable lost no file by it, and one that it opens again gained none",
    arguments: ["644", "000"])
  func unreadable(_ mode: String) async throws {
    await #expect(processExitsWith: .success) {
      [files = files.path as String, state = state.path as String, mode = mode as String] in
      let bench = try Bench(files, state, "mkdir -p d/e; \(ClosedDirectoryTests.nine); echo 1 > d/e/g")
      guard let closing = try bench.turn("1", "chmod \(mode) d"), closing.files.allSatisfy(\.isDirectory)
      else { exit(101) }
      guard bench.store.notices.contains(where: { $0.text.hasPrefix("d can't be looked into") }) else {
        exit(102)
      }
      let opening = try bench.turn("2", "chmod 755 d; echo 2 > d/f5; rm d/f6; touch d/new")
      let names = opening?.files.filter { !$0.isDirectory }.map { String($0.path.suffix(3)) }
      guard names == ["/f5", "/f6", "new"] else { exit(103) }
      try bench.undo("undo 2")
      bench.expect("test \"$(stat -c %a d)\" = $((\(mode)))", 104)
      try bench.undo("undo 1", .turn(TurnKey(thread: "t", turn: "1")))
      bench.expect(ClosedDirectoryTests.ones + "755 && test -f d/e/g && test ! -e d/new", 105)
      exit(0)
    }
  }

  @Test("what lay in a directory that could never be read is not made by the command that opens it")
  func neverRead() async throws {
    await #expect(processExitsWith: .success) {
      [files = files.path as String, state = state.path as String] in
      let bench = try Bench(files, state, "mkdir d; \(ClosedDirectoryTests.nine); chmod 000 d")
      guard let record = try bench.turn("1", "chmod 755 d"), record.files.count == 1 else { exit(101) }
      try bench.undo("undo")
      bench.expect("test \"$(stat -c %a d)\" = 0 && chmod 755 d && \(ClosedDirectoryTests.ones)755", 102)
      // Between two commands it was opened: from here on it is like any other.
      guard let next = try bench.turn("2", "rm d/f1"), next.files.count == 1 else { exit(103) }
      try bench.undo("undo 2")
      bench.expect(ClosedDirectoryTests.ones + "755", 104)
      exit(0)
    }
  }
}
