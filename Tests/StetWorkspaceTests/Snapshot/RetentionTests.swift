import StetTestSupport
import StetWorkspace
import Testing

/// What is kept how long (rollback.md B3).
struct SnapshotRetentionTests {
  private func fixture(_ change: (inout SnapshotLimits) -> Void) throws -> SnapshotFixture {
    var limits = SnapshotLimits()
    limits.keptTurns = 3
    change(&limits)
    return try SnapshotFixture(limits: limits)
  }

  /// The store as the next process opens it.
  private func reopened(_ fixture: SnapshotFixture) throws -> SnapshotStore {
    try SnapshotStore(
      stateDirectory: fixture.state.path, workspaceRoot: fixture.root, limits: fixture.store.limits)
  }

  @Test("old turns go with their packs, the newest of each thread stay however old they are")
  func age() throws {
    let fixture = try fixture { $0.ageMs = -1000 }
    for turn in 1...6 { try fixture.turn("\(turn)", ["f": "\(turn)\n"]) }
    try fixture.turn("1", thread: "u", ["g": "g\n"])
    let size = try fixture.store.usage()
    let store = try reopened(fixture)
    #expect(try store.list(thread: "t").map(\.turn) == ["6", "5", "4"])
    #expect(try store.list(thread: "u").count == 1)
    #expect(try store.usage() < size)
    _ = try store.apply(try store.plan(.last(thread: "t")), as: fixture.key("undo"))
    #expect(fixture.directory.text("f") == "5\n")
  }

  @Test("a thread keeps so many turns; a store so many bytes, the oldest going first")
  func count() throws {
    let many = try fixture { $0.turns = 4 }
    for turn in 1...6 { try many.turn("\(turn)", ["f": "\(turn)\n"]) }
    #expect(try reopened(many).list().map(\.turn) == ["6", "5", "4", "3"])
    let full = try fixture { $0.storeBytes = 1 }
    for turn in 1...6 { try full.turn("\(turn)", ["f": "\(turn)\n"]) }
    #expect(try reopened(full).list().map(\.turn) == ["6", "5", "4"])
  }

  @Test("all workspaces' stores are found, and forget a thread without their workspace")
  func all() throws {
    let fixture = try fixture { _ in }
    try fixture.turn("1", ["f": "1\n"])
    let stores = try SnapshotStore.all(in: fixture.state.path)
    #expect(stores.map(\.directory) == [fixture.store.directory])
    #expect(try stores.first?.turnCount() == 1)
    #expect(try stores.first?.purge(thread: "t") ?? 0 > 0)
    #expect(try fixture.store.list().isEmpty)
    #expect(try SnapshotStore.all(in: fixture.state.path("nothing")).isEmpty)
  }
}
