import Glibc
import StetTestSupport
import Synchronization
import Testing

@testable import StetWorkspace

/// Several processes that find what a killed one left (rollback.md B4).
struct SnapshotRecoveryTests {
  private let files = TempDirectory("stet-undo")
  private let state = TempDirectory("stet-state")

  private func store(_ limits: SnapshotLimits = .patient) throws -> SnapshotStore {
    try SnapshotStore(stateDirectory: state.path, workspaceRoot: files.path, limits: limits)
  }

  private func key(_ turn: String, _ thread: String = "t") -> TurnKey { TurnKey(thread: thread, turn: turn) }

  /// A turn that edits `a`; its process dies right after, or at, its end.
  private func edit(ending: Bool) throws {
    let store = try self.store()
    try store.beginTurn(key("1"))
    try store.capture([files.path("a")], in: key("1"))
    let write = PlannedWrite(
      path: files.path("a"), expected: try Workspace.state(at: files.path("a")).stamp,
      result: .regular(Array("2\n".utf8)))
    _ = try store.commit([write], below: [files.path], in: key("1"))
    if ending { _ = try store.endTurn(key("1")) }
  }

  @Test(
    "B4 kill -9: two processes that start together after it lose nothing of what its turn kept",
    arguments: [false, true])
  func together(_ isEnded: Bool) throws {
    files.write("a", "1\n")
    try edit(ending: isEnded)
    // The other one starts between the first one's look at the changes and at their contents.
    let met = Mutex<[String]>([])
    var first = SnapshotLimits.patient
    first.proceed = { step in
      guard step == .packing, met.withLock({ $0.isEmpty }) else { return true }
      var second = SnapshotLimits.patient
      // It would wait here for the first.
      second.proceed = { $0 != .waiting }
      do {
        _ = try self.store(second).open()
        met.withLock { $0.append("did the same") }
      } catch {
        met.withLock { $0.append((error as? WorkspaceError)?.message ?? "\(error)") }
      }
      return true
    }
    _ = try store(first).open()
    #expect(met.withLock { $0 } == [WriteTransaction.abandonment])
    let store = try self.store()
    let record = try #require(try store.list().first)
    #expect(
      try store.contents(of: record.id, path: files.path("a"), side: .before).bytes == Array("1\n".utf8))
    #expect(try store.contents(of: record.id, path: files.path("a"), side: .after).bytes == Array("2\n".utf8))
    _ = try store.apply(try store.plan(.last(thread: "t")), as: key("undo"))
    #expect(files.text("a") == "1\n")
  }

  @Test("an image in the journal goes only when its object is named, and no name is taken back")
  func images() throws {
    let journal = try SnapshotJournal(path: state.path("journal.db"))
    let record = try journal.begin(key("1"), .tool, owner: "o", now: 1)
    let (before, after) = (FileState.regular([1]), FileState.regular([2]))
    let change = try journal.add(record, "/a", before: before, stamp: before.stamp, author: .edit)
    try journal.setAfter(change, after.stamp)
    try journal.setAfterImage(change, after.bytes)
    try journal.setPack(record, "p")
    try journal.setObjects(change, before: nil, after: nil)
    #expect(try journal.image(change) == [1])
    try journal.setObjects(change, before: "x", after: nil)
    #expect(try journal.image(change, .after) == [2])
    try journal.setObjects(change, before: nil, after: "y")
    try journal.setObjects(change, before: nil, after: nil)
    try journal.setPack(record, nil)
    #expect(try journal.image(change) == nil)
    let found = try journal.changes(of: record, all: true)
    #expect(found.map(\.beforeObject) == ["x"] && found.map(\.afterObject) == ["y"])
    #expect(try journal.isNamed("p"))
  }

  // MARK: - Marks

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
