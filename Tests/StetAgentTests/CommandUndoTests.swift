import StetAgent
import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// Undo of what commands changed, through the real tool.
@Suite(.timeLimit(.minutes(10)))
struct ShellUndoTests {
  private func bench(_ command: String, _ further: FakeModel.Step...) async throws -> Workbench {
    try await Workbench(
      [.call("exec_command", ["cmd": .string(command)])] + further + [.text("done"), .text("more")],
      files: ["a.txt": "one\ntwo\n", "b.txt": "b\n", "c.txt": "c\n"], sandbox: .dangerFullAccess,
      approval: .never)
  }

  private func restore(
    _ bench: Workbench, _ scope: StetRestoreScope, conversation: String? = nil
  ) async throws -> StetSnapshotRestoreResponse {
    let agent = bench.harness.agent
    let plan: StetSnapshotRestoreResponse = try await bench.harness.call {
      agent.snapshotRestore(StetSnapshotRestoreParams(threadId: bench.thread, scope: scope), reply: $0)
    }
    return try await bench.harness.call {
      agent.snapshotRestore(
        StetSnapshotRestoreParams(
          threadId: bench.thread, scope: scope, conversation: conversation, dryRun: false,
          planId: plan.planId), reply: $0)
    }
  }

  @Test("sed -i, rm and mv of a turn are taken back; the list says which command ran")
  func commands() async throws {
    let bench = try await bench("sed -i s/two/TWO/ a.txt; rm b.txt; mv c.txt d.txt")
    try await bench.turn()
    #expect(bench.work.text("a.txt") == "one\nTWO\n" && !bench.work.exists("b.txt"))
    let list: StetSnapshotListResponse = try await bench.harness.call {
      bench.harness.agent.snapshotList(StetSnapshotListParams(threadId: bench.thread), reply: $0)
    }
    #expect(list.data.map(\.cause) == ["shell"] && list.data.first?.files == 4)
    #expect(list.data.first?.note?.hasPrefix("changed while `sed -i s/two/TWO/ a.txt") == true)
    let summary = bench.sink.notifications.compactMap {
      if case .turnCompleted(let value) = $0 { value.stet } else { nil }
    }.last
    #expect(summary?.undoable == .full && summary?.filesChanged == 4)
    let file: JSONValue = try await bench.harness.call {
      bench.harness.agent.snapshotFile(
        StetSnapshotFileParams(
          threadId: bench.thread, snapshotId: list.data.first?.snapshotId ?? "",
          path: bench.work.path("b.txt"), side: "before"), reply: $0)
    }
    #expect(file["dataBase64"]?.stringValue == "Ygo=")
    _ = try await restore(bench, StetRestoreScope(type: "turn"))
    #expect(bench.work.text("a.txt") == "one\ntwo\n" && bench.work.text("b.txt") == "b\n")
    #expect(bench.work.text("c.txt") == "c\n" && !bench.work.exists("d.txt"))
  }

  @Test("some files only, and the conversation forked from before the turn")
  func filesAndFork() async throws {
    let bench = try await bench("echo x > a.txt; echo x > b.txt")
    let turn = try await bench.turn()
    _ = try await restore(bench, .files(["a.txt"]))
    #expect(bench.work.text("a.txt") == "one\ntwo\n" && bench.work.text("b.txt") == "x\n")
    let done = try await restore(bench, .turn(turn.id), conversation: "fork")
    #expect(bench.work.text("b.txt") == "b\n")
    #expect(done.thread != nil && done.thread?.id != bench.thread)
  }

  @Test(
    "claude-code#34368: a turn that only changed a file over the limit is not called undoable; a plan names its command"
  )
  func overLimit() async throws {
    let bench = try await bench(
      "truncate -s 17M big.bin; echo 1 > small", .call("exec_command", ["cmd": "echo x >> big.bin"]))
    try await bench.turn()
    let summaries = {
      bench.sink.notifications.compactMap {
        if case .turnCompleted(let value) = $0 { value.stet } else { nil }
      }
    }
    #expect(summaries().last?.undoable == .partial && summaries().last?.filesChanged == 2)
    #expect(summaries().last?.undoNote == "big.bin is over the limits of undo.")
    let agent = bench.harness.agent
    let plan: StetSnapshotRestoreResponse = try await bench.harness.call {
      agent.snapshotRestore(
        StetSnapshotRestoreParams(threadId: bench.thread, scope: StetRestoreScope(type: "turn")), reply: $0)
    }
    #expect(plan.files.map(\.action) == ["refuse", "delete"] && plan.files.first?.reason == "tooLarge")
    #expect(plan.files.last?.note == "changed while `truncate -s 17M big.bin; echo 1 > small` ran")
    #expect(plan.warnings == nil)
  }

  @Test("usage counts what is kept; purge frees it")
  func usage() async throws {
    let bench = try await bench("echo x > a.txt")
    try await bench.turn()
    let agent = bench.harness.agent
    let usage: JSONValue = try await bench.harness.call {
      agent.snapshotUsage(StetSnapshotUsageParams(), reply: $0)
    }
    #expect(usage["turns"]?.intValue == 1 && usage["bytes"]?.intValue ?? 0 > 0)
    let purged: JSONValue = try await bench.harness.call {
      agent.snapshotPurge(StetSnapshotPurgeParams(threadId: bench.thread), reply: $0)
    }
    #expect(purged["freedBytes"]?.intValue ?? 0 > 0)
    let left: JSONValue = try await bench.harness.call {
      agent.snapshotUsage(StetSnapshotUsageParams(threadId: bench.thread), reply: $0)
    }
    #expect(left["turns"]?.intValue == 0)
  }
}
