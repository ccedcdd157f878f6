import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// What a turn changed on disk: the turn's diff, the snapshot, undo and redo.
@Suite(.timeLimit(.minutes(10)))
struct UndoTests {
  private func write(_ path: String, _ content: String) -> FakeModel.Step {
    .call("write", ["path": .string(path), "content": .string(content)])
  }

  private func edited() async throws -> (AgentHarness, thread: String) {
    let work = TempDirectory("work")
    work.write("a.txt", "one\ntwo\n", mode: 0o755)
    let read = FakeModel.Step.call("read_file", ["path": "a.txt"])
    let harness = AgentHarness(
      [read, write("a.txt", "one\nTWO\n"), write("b/new.txt", "fresh\n"), .text("done"), .text("I see")],
      tools: nil, settings: "sandbox_mode = \"danger-full-access\"", work: work)
    let id = try await harness.start().thread.id
    let turn = try await harness.turn(id, "change it")
    #expect(turn.status == .completed)
    #expect(work.text("a.txt") == "one\nTWO\n")
    return (harness, id)
  }

  private func restore(
    _ harness: AgentHarness, _ params: StetSnapshotRestoreParams
  ) async throws -> StetSnapshotRestoreResponse {
    try await harness.call { harness.agent.snapshotRestore(params, reply: $0) }
  }

  @Test("the diff of the turn grows with each write and is repeated before the end")
  func turnDiff() async throws {
    let (harness, _) = try await edited()
    let diffs = harness.sink.notifications.compactMap {
      if case .turnDiffUpdated(let value) = $0 { value.diff } else { nil }
    }
    #expect(diffs.first?.hasPrefix("diff --git a/a.txt b/a.txt\nindex ") == true)
    #expect(diffs.first?.contains("\n-two\n+TWO\n") == true)
    #expect(diffs.last?.contains("new file mode 100644") == true)
    #expect(diffs.last?.contains("+++ b/b/new.txt") == true)
    let order = harness.order()
    #expect(
      order.suffix(5) == [
        "turn/diff/updated", "stet/snapshot/created", "thread/readState/changed", "status idle",
        "turn/completed completed",
      ])
    harness.checkInvariants()
  }

  @Test("undo shows what it would do, does it exactly, tells the model; redo brings it back")
  func undoAndRedo() async throws {
    let (harness, id) = try await edited()
    let scope = StetRestoreScope(type: "turn")
    let plan = try await restore(harness, StetSnapshotRestoreParams(threadId: id, scope: scope))
    #expect(plan.files.map(\.action) == ["write", "delete"])
    #expect(plan.files.first?.diff?.contains("+two") == true)
    #expect(harness.work.text("a.txt") == "one\nTWO\n")
    harness.sink.mark("for real")
    let done = try await restore(
      harness, StetSnapshotRestoreParams(threadId: id, scope: scope, dryRun: false, planId: plan.planId))
    #expect(harness.work.text("a.txt") == "one\ntwo\n")
    #expect(!harness.work.exists("b/new.txt"))
    await harness.came("stet/snapshot/restored", after: "for real")
    #expect(harness.order(after: "for real") == ["reply", "stet/snapshot/restored"])
    try await harness.turn(id, "what now?")
    let note = harness.model.requests.last?["input"]?.arrayValue?.dropLast().last?["content"]?[0]?["text"]
    #expect(note?.stringValue?.hasPrefix("<files_restored>") == true)
    #expect(note?.stringValue?.contains("b/new.txt: removed") == true)

    let snapshot = try #require(done.restoredSnapshotId)
    let redo = StetSnapshotRedoParams(threadId: id, snapshotId: snapshot)
    let again: StetSnapshotRestoreResponse = try await harness.call {
      harness.agent.snapshotRedo(redo, reply: $0)
    }
    var really = redo
    really.dryRun = false
    really.planId = again.planId
    let _: StetSnapshotRestoreResponse = try await harness.call {
      harness.agent.snapshotRedo(really, reply: $0)
    }
    #expect(harness.work.text("a.txt") == "one\nTWO\n")
    #expect(harness.work.text("b/new.txt") == "fresh\n")
    harness.checkInvariants()
  }

  @Test("a path that the user edited since is refused; a plan that no longer fits is stale")
  func conflicts() async throws {
    let (harness, id) = try await edited()
    let scope = StetRestoreScope(type: "turn")
    let plan = try await restore(harness, StetSnapshotRestoreParams(threadId: id, scope: scope))
    harness.work.write("a.txt", "mine\n", mode: 0o755)
    await #expect(throws: RPCError.self) {
      _ = try await restore(
        harness, StetSnapshotRestoreParams(threadId: id, scope: scope, dryRun: false, planId: plan.planId))
    }
    #expect(harness.work.text("a.txt") == "mine\n")
    let fresh = try await restore(harness, StetSnapshotRestoreParams(threadId: id, scope: scope))
    #expect(fresh.files.map(\.action) == ["refuse", "delete"])
  }

  @Test("the list and the diff of snapshots")
  func listAndDiff() async throws {
    let (harness, id) = try await edited()
    let list: StetSnapshotListResponse = try await harness.call {
      harness.agent.snapshotList(StetSnapshotListParams(threadId: id), reply: $0)
    }
    let snapshot = try #require(list.data.first)
    #expect(
      list.data.count == 1 && snapshot.files == 2 && snapshot.cause == "tool" && snapshot.state == "active")
    let diff: StetSnapshotDiffResponse = try await harness.call {
      harness.agent.snapshotDiff(StetSnapshotDiffParams(threadId: id, from: snapshot.snapshotId), reply: $0)
    }
    #expect(diff.files.map(\.kind) == ["update", "add"])
    #expect(diff.files.first?.diff.contains("-two\n+TWO") == true)
  }

  @Test(
    "a plan is done in its own scope, by its own id, once; another scope or an unknown id touches nothing")
  func planScope() async throws {
    let (harness, id) = try await edited()
    let scope = StetRestoreScope(type: "turn")
    let plan = try await restore(harness, StetSnapshotRestoreParams(threadId: id, scope: scope))
    func apply(_ scope: StetRestoreScope, _ planId: String?) async -> RPCError? {
      do {
        _ = try await restore(
          harness, StetSnapshotRestoreParams(threadId: id, scope: scope, dryRun: false, planId: planId))
        return nil
      } catch { return error as? RPCError }
    }
    let other = await apply(.files(["a.txt"]), plan.planId)
    #expect(other?.message.hasPrefix("The plan \(plan.planId) is of another scope") == true)
    for unknown in [nil, "", "nosuch"] {
      #expect(await apply(scope, unknown)?.data?["stetError"]?.stringValue == "planStale")
    }
    #expect(harness.work.text("a.txt") == "one\nTWO\n" && harness.work.exists("b/new.txt"))
    // The refusals cost the plan nothing; once it is done it is gone.
    #expect(await apply(scope, plan.planId) == nil)
    #expect(harness.work.text("a.txt") == "one\ntwo\n" && !harness.work.exists("b/new.txt"))
    #expect(await apply(scope, plan.planId)?.data?["stetError"]?.stringValue == "planStale")
  }

  @Test("pages of the list, and cursors and ids that are none")
  func cursors() async throws {
    let (harness, id) = try await edited()
    let scope = StetRestoreScope(type: "turn")
    let plan = try await restore(harness, StetSnapshotRestoreParams(threadId: id, scope: scope))
    _ = try await restore(
      harness, StetSnapshotRestoreParams(threadId: id, scope: scope, dryRun: false, planId: plan.planId))
    func list(_ cursor: String?, _ limit: UInt32?) async throws -> StetSnapshotListResponse {
      try await harness.call {
        harness.agent.snapshotList(
          StetSnapshotListParams(threadId: id, cursor: cursor, limit: limit), reply: $0)
      }
    }
    let first = try await list(nil, 1)
    #expect(first.data.map(\.cause) == ["restore"])
    let second = try await list(try #require(first.nextCursor), 1)
    #expect(second.data.map(\.cause) == ["tool"] && second.nextCursor == nil)
    for cursor in ["", "x", "1.5", "-9223372036854775808", "99999999999999999999", "1; DROP TABLE turns"] {
      await #expect(throws: RPCError.invalidRequest("invalid cursor: \(cursor)")) {
        _ = try await list(cursor, 1)
      }
    }
    #expect(try await list(nil, 0).data.isEmpty)
    for snapshot in ["", "x", "-1", "99999999999999999999"] {
      await #expect(throws: RPCError.self) {
        let _: StetSnapshotRestoreResponse = try await harness.call {
          harness.agent.snapshotRedo(StetSnapshotRedoParams(threadId: id, snapshotId: snapshot), reply: $0)
        }
      }
    }
  }

  @Test("undo waits for the turn: while one runs it is refused as busy")
  func busy() async throws {
    let gate = Gate()
    let harness = AgentHarness([.hang(gate)])
    let id = try await harness.start().thread.id
    let turn = try await harness.begin(id, "go")
    let params = StetSnapshotRestoreParams(
      threadId: id, scope: StetRestoreScope(type: "turn"), dryRun: false, planId: "x")
    await #expect(
      throws: RPCError.invalidRequest(
        "A turn is running; interrupt it first.", data: ["stetError": "busyTurn"])
    ) { _ = try await restore(harness, params) }
    try await harness.interrupt(id)
    _ = await harness.ended(turn.id)
    gate.open()
  }
}
