import StetTestSupport
import StetWorkspace
import Testing

/// What is kept how long (rollback.md B3).
struct SnapshotRetentionTests {
  private func fixture(_ change: (inout SnapshotLimits) -> Void) throws -> SnapshotFixture {
    var limits = SnapshotLimits.patient
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
    let store = try reopened(fixture)
    try store.settle()
    #expect(try store.list(thread: "t").map(\.turn) == ["6", "5", "4"])
    #expect(try store.list(thread: "u").count == 1)
    try fixture.store.settle()
    let packs = try Workspace(root: fixture.store.directory).listDirectory(
      fixture.store.directory + "/store.git/objects/pack")
    #expect(packs.entries.count { $0.name.hasSuffix(".pack") } == 4)
    _ = try store.apply(try store.plan(.last(thread: "t")), as: fixture.key("undo"))
    #expect(fixture.directory.text("f") == "5\n")
  }

  @Test("opencode#15416: all workspaces together stay under their limit, the oldest records going first")
  func total() throws {
    var limits = SnapshotLimits.patient
    limits.keptTurns = 1
    let state = TempDirectory("stet-state")
    var random = Seeded(3)
    func store(_ directory: TempDirectory) throws -> SnapshotStore {
      try SnapshotStore(stateDirectory: state.path, workspaceRoot: directory.path, limits: limits)
    }
    let places = [TempDirectory("stet-one"), TempDirectory("stet-two")]
    for turn in 1...4 {
      for place in places {
        let noise = (0..<4_000).map { _ in String(random.next(), radix: 36) }.joined()
        let store = try store(place)
        let key = TurnKey(thread: place.path, turn: "\(turn)")
        try store.beginTurn(key)
        try store.capture([place.path("f")], in: key)
        let workspace = try Workspace(root: place.path)
        let write = PlannedWrite(
          path: workspace.root + "/f", expected: try workspace.read(workspace.root + "/f").stamp,
          result: .regular(Array(noise.utf8)))
        _ = try store.commit([write], below: [workspace.root], in: key)
        _ = try store.endTurn(key)
        try store.settle()
      }
    }
    let all = try SnapshotStore.all(in: state.path).map { try $0.usage() }.reduce(0, +)
    limits.totalBytes = all / 2
    try store(places[0]).settle()
    let left = try SnapshotStore.all(in: state.path)
    #expect(try left.map { try $0.usage() }.reduce(0, +) <= all / 2)
    for store in left { #expect(try store.list().map(\.turn).first == "4") }
    for store in left { #expect(try store.list().count < 4) }
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
