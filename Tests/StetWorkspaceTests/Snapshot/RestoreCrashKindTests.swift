import Glibc
import StetTestSupport
import Synchronization
import Testing

@testable import StetWorkspace

/// kill -9 at each step of every kind of restore: all of it or none, and what the user had is there or comes back
/// (rollback.md B4).
struct RestoreCrashKindTests {
  enum Kind: String, CaseIterable, Sendable {
    case overwrite, redo, middle, files, review
  }

  /// A workspace after three turns, and the user's own edits.
  private struct House {
    let files = TempDirectory("stet-undo")
    let state = TempDirectory("stet-state")

    func store(_ limits: SnapshotLimits = .patient) throws -> SnapshotStore {
      try SnapshotStore(stateDirectory: state.path, workspaceRoot: files.path, limits: limits)
    }

    var tree: [String: DiskTree.Node] { get throws { try DiskTree.read(files.path) } }

    static func key(_ turn: String) -> TurnKey { TurnKey(thread: "t", turn: turn) }

    private func turn(_ name: String, _ change: (TempDirectory) -> Void) throws {
      let store = try store()
      try store.beginTurn(Self.key(name))
      let window = try #require(store.commandBegins(Self.key(name), via: name))
      change(files)
      store.commandEnded(window)
      _ = try store.endTurn(Self.key(name))
    }

    init(_ kind: Kind) throws {
      let text = (1...9).map { "line \($0)\n" }.joined()
      files.write("a", text)
      files.write("b", bytes: [0, 1], mode: 0o600)
      files.write("gone/c", "c\n")
      files.write("linked", "1\n")
      link(files.path("linked"), files.path("linked too"))
      try turn("1") { $0.write("a", text.replacing("line 1\n", with: "ONE\n")) }
      try turn("2") { files in
        files.write("a", files.text("a")?.replacing("line 5\n", with: "FIVE\n") ?? "")
        files.write("b", bytes: [0, 2], mode: 0o600)
        unlink(files.path("gone/c"))
        rmdir(files.path("gone"))
        files.write("made/deep/d", "d\n")
        files.write("linked", "2\n")
      }
      try turn("3") { $0.write("a", $0.text("a")?.replacing("line 9\n", with: "NINE\n") ?? "") }
      switch kind {
      case .overwrite:
        files.write("a", "the user's\n")
        files.write("b", bytes: [0, 3], mode: 0o600)
        unlink(files.path("made/deep/d"))
        files.write("gone/mine", "the user's\n")
      case .redo:
        let store = try store()
        _ = try store.apply(try store.plan(.through(Self.key("1"))), as: Self.key("undo"))
        files.write("a", "the user's\n" + (files.text("a") ?? ""))
      case .middle, .files, .review: files.write("mine", "the user's\n")
      }
    }

    func plan(_ kind: Kind, _ store: SnapshotStore) throws -> RestorePlan {
      switch kind {
      case .overwrite: return try store.plan(.through(Self.key("1")), onConflict: .overwriteKeepCopy)
      case .redo: return try store.plan(.record(try #require(try store.list().first).id))
      case .middle: return try store.plan(.turn(Self.key("2")))
      case .files: return try store.plan(.files(["a", "gone/c", "b"], thread: "t"))
      case .review:
        let files = try store.reviewed(thread: "t")
        var set = ProposalSet(files: try files.map { try Proposal($0.change) })
        set.decideAll(.reject)
        return try RollbackPlan(set, directories: Set(files.flatMap(\.createdDirectories)).sorted()).plan
      }
    }

    /// Whether it came to its end.
    func restore(_ kind: Kind, stopAt step: Int) throws -> Bool {
      let left = Mutex(step)
      var limits = SnapshotLimits.patient
      limits.proceed = { _ in
        left.withLock { left in
          left -= 1
          return left != 0
        }
      }
      let store = try store(limits)
      do {
        let plan = try plan(kind, store)
        let cause = kind == .review ? TurnCause.review : .restore
        return try store.apply(plan, as: Self.key("restore"), cause: cause) != nil
      } catch let error as WorkspaceError {
        #expect(error.message == WriteTransaction.abandonment, "\(error)")
        return false
      }
    }
  }

  @Test(
    "B4 kill -9 at each step of a restore, of each kind: all of it or none, and its redo is the identity",
    arguments: Kind.allCases)
  func everyStep(_ kind: Kind) throws {
    let whole = try House(kind)
    #expect(try whole.restore(kind, stopAt: .max))
    let wanted = try whole.tree
    var (nones, wholes, step) = (0, 0, 1)
    while step < 100 {
      let house = try House(kind)
      let before = try house.tree
      #expect(before != wanted)
      if try house.restore(kind, stopAt: step) { break }
      let store = try house.store()
      #expect(try store.open().allSatisfy { [.restored, .untouched].contains($0.outcome) }, "step \(step)")
      let found = try house.tree
      if found == wanted {
        wholes += 1
        let record = try #require(try store.list().first)
        #expect(record.cause.isRestore, "step \(step)")
        let redo = try store.plan(.record(record.id))
        #expect(redo.refused.isEmpty, "step \(step)")
        _ = try store.apply(redo, as: House.key("redo"))
        let end = try house.tree
        #expect(end == before, "step \(step): \(DiskTree.difference(before, end))")
      } else {
        nones += 1
        #expect(found == before, "step \(step): \(DiskTree.difference(before, found))")
        let cause = kind == .review ? TurnCause.review : .restore
        _ = try store.apply(try house.plan(kind, store), as: House.key("again"), cause: cause)
        let end = try house.tree
        #expect(end == wanted, "step \(step): \(DiskTree.difference(wanted, end))")
      }
      step += 1
    }
    // Once it is noted that all files are in place the rest follows, whoever does it.
    #expect(nones > 8 && wholes >= 2)
  }
}
