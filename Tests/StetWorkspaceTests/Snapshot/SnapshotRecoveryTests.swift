import Glibc
import StetTestSupport
import Testing

@testable import StetWorkspace

/// Several processes that find what a killed one left (rollback.md B4).
struct SnapshotRecoveryTests {
  private let files = TempDirectory("stet-undo")
  private let state = TempDirectory("stet-state")

  private func store(_ limits: SnapshotLimits = SnapshotLimits()) throws -> SnapshotStore {
    try SnapshotStore(stateDirectory: state.path, workspaceRoot: files.path, limits: limits)
  }

  private func key(_ turn: String, _ thread: String = "t") -> TurnKey { TurnKey(thread: thread, turn: turn) }

  /// A process that is killed in a command: its turn is open and its mark is there, locked by nobody.
  private func die(thread: String) throws {
    func dying() throws -> String {
      let store = try self.store()
      try store.beginTurn(key("1", thread))
      try store.markCommand(key("1", thread), via: "make")
      let open = try SnapshotJournal(path: store.directory + "/journal.db").openTurns()
      let owner = try #require(open.last?.owner)
      return store.directory + "/owner-\(owner).lock"
    }
    close(open(try dying(), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
  }

  @Test("kill -9: a process that only shows what an undo would do leaves it to the next one to tell of it")
  func asking() throws {
    files.write("a", "1\n")
    let living = try store()
    try living.beginTurn(key("2", "u"))
    let window = try #require(living.commandBegins(key("2", "u"), via: "sed"))
    files.write("a", "2\n")
    living.commandEnded(window)
    _ = try living.endTurn(key("2", "u"))
    try die(thread: "t")
    // It asks whether the thread of the dead one is in the middle of a turn.
    for _ in 1...2 { #expect(try living.plan(.last(thread: "u")).warnings.isEmpty) }
    #expect(try store().takeLost(thread: "t").map(\.via) == ["make"])
  }

  @Test(
    "kill -9: it is told to its thread however many others were opened before, once, and no mark stays then")
  func otherThreads() throws {
    try die(thread: "t")
    for _ in 1...2 { #expect(try store().takeLost(thread: "u").isEmpty) }
    #expect(try store().takeLost(thread: "t").map(\.via) == ["make"])
    let directory = try store().directory
    #expect(try !SnapshotOwner.leftSome(in: directory))
    #expect(try store().takeLost(thread: "t").isEmpty)
  }

  @Test("a process that lives is never taken for gone, however many ask at once")
  func living() throws {
    let living = try store()
    try living.beginTurn(key("1"))
    let owner = try #require(
      try SnapshotJournal(path: living.directory + "/journal.db").openTurns().first?.owner)
    let directory = living.directory
    #expect(try !SnapshotOwner.isGone(owner, in: directory))
    living.leave()
    #expect(try SnapshotOwner.isGone(owner, in: directory))
    #expect(try SnapshotOwner.isGone("nobody", in: directory))
    // Asking makes no mark.
    #expect(
      try Workspace(root: directory).listDirectory(directory).entries.allSatisfy {
        !$0.name.hasPrefix("owner-")
      })
  }
}
