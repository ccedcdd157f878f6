import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// `thread/revert`: the history goes back, files stay.
@Suite(.timeLimit(.minutes(10)))
struct RevertTests {
  private func three(_ more: FakeModel.Step...) async throws -> (AgentHarness, String, [String]) {
    let harness = AgentHarness([.text("a1"), .text("a2"), .text("a3")] + more)
    let id = try await harness.start().thread.id
    for text in ["q1", "q2", "q3"] { try await harness.turn(id, text) }
    return (harness, id, try await harness.turnIds(id))
  }

  @Test(
    "R6: a revert is one record: turns, pages and the prompt follow, files are not touched and it says so")
  func r6_revert() async throws {
    let (harness, id, turns) = try await three(.text("a4"))
    harness.work.write("made.txt", "kept")
    let log = try await harness.log(id)
    let before = try #require(harness.home.bytes(log)).count
    harness.sink.mark("here")
    let reverted = try await harness.revert(id, before: turns[1])
    await harness.came("warning", after: "here")
    #expect(
      harness.order(after: "here") == [
        "status notLoaded", "status idle", "reply", "thread/reverted", "warning",
      ])
    #expect(harness.warnings.last?.firstRange(of: "Files were not touched") != nil)
    #expect(harness.work.text("made.txt") == "kept")
    #expect(try #require(harness.home.bytes(log)).count - before < 2_000)
    #expect(reverted.thread.turns.isEmpty && reverted.thread.id == id)
    #expect(try await harness.turnIds(id) == [turns[0]])
    let items = try await harness.items(ThreadItemsListParams(threadId: id)).data
    #expect(items.map(\.turnId) == [turns[0], turns[0]])
    let cursor = try #require(reverted.turnsBackwardsCursor)
    #expect(
      try await harness.turns(ThreadTurnsListParams(threadId: id, cursor: cursor)).data.map(\.id) == [
        turns[0]
      ])
    try await harness.turn(id, "q4")
    #expect(harness.said(3) == ["q1", "a1", "q4"])
    #expect(try await harness.read(id).turns.map(\.texts) == [["q1", "a1"], ["q4", "a4"]])

    let again = await harness.restarted([.text("a5")])
    let resumed = try await again.resume(id).thread
    #expect(resumed.turns.map(\.texts) == [["q1", "a1"], ["q4", "a4"]])
    try await again.turn(id, "q5")
    #expect(again.said(0) == ["q1", "a1", "q4", "a4", "q5"])
  }

  @Test("R6: who resumes after a revert is told the counts of the last turn that is left")
  func r6_counts() async throws {
    let (harness, id, turns) = try await three()
    func counted() -> [String] {
      harness.sink.notifications.compactMap {
        if case .threadTokenUsageUpdated(let value) = $0 { value.turnId } else { nil }
      }
    }
    _ = try await harness.revert(id, before: turns[2])
    let before = counted().count
    _ = try await harness.resume(id)
    #expect(Array(counted().dropFirst(before)) == [turns[1]])
    // Nothing was counted before the first turn.
    _ = try await harness.revert(id, before: turns[0])
    _ = try await harness.resume(id)
    #expect(counted().count == before + 1)
  }

  @Test("an unknown turn is an error that bounces the status and changes nothing")
  func unknown() async throws {
    let (harness, id, turns) = try await three()
    harness.sink.mark("here")
    await #expect(throws: RPCError.invalidRequest("turn not found: nope")) {
      _ = try await harness.revert(id, before: "nope")
    }
    #expect(harness.order(after: "here") == ["status notLoaded", "status idle", "reply"])
    #expect(try await harness.turnIds(id) == turns)
  }

  @Test("reverts of reverts, back to the beginning, and into what a fork shares")
  func repeated() async throws {
    let (harness, id, turns) = try await three(.text("b1"), .text("b2"), .text("c1"))
    _ = try await harness.revert(id, before: turns[2])
    let fourth = try await harness.turn(id, "q4").id
    _ = try await harness.revert(id, before: turns[1])
    #expect(try await harness.turnIds(id) == [turns[0]])
    await #expect(throws: RPCError.invalidRequest("turn not found: \(fourth)")) {
      _ = try await harness.revert(id, before: fourth)
    }
    let fork = try await harness.fork(id).thread.id
    try await harness.turn(fork, "in the fork")
    _ = try await harness.revert(fork, before: turns[0])
    #expect(try await harness.turnIds(fork).isEmpty)
    try await harness.turn(fork, "anew")
    #expect(harness.said(5) == ["anew"])
    #expect(try await harness.turnIds(id) == [turns[0]])
    let again = await harness.restarted([])
    #expect(try await again.resume(fork).thread.turns.map(\.texts) == [["anew", "c1"]])
    #expect(try await again.read(id).turns.map(\.id) == [turns[0]])
  }

  @Test("a fork keeps what its parent reverts later; a reverted turn is no place to fork at")
  func forkBeforeRevert() async throws {
    let (harness, id, turns) = try await three()
    let fork = try await harness.fork(id).thread.id
    _ = try await harness.revert(id, before: turns[1])
    await #expect(throws: RPCError.invalidRequest("turn not found: \(turns[1])")) {
      _ = try await harness.fork(ThreadForkParams(threadId: id, lastTurnId: turns[1]))
    }
    #expect(try await harness.turnIds(fork) == turns)
    let again = await harness.restarted([])
    #expect(try await again.resume(fork).thread.turns.map(\.id) == turns)
  }

  @Test("a running turn is interrupted first")
  func running() async throws {
    let gate = Gate()
    let (harness, id, turns) = try await three(.respond([.text("slow", gates: [0: gate])]), .text("a5"))
    let turn = try await harness.begin(id, "q4")
    await gate.reached()
    harness.sink.mark("here")
    _ = try await harness.revert(id, before: turns[1])
    gate.open()
    #expect(await harness.ended(turn.id).status == .interrupted)
    let order = harness.order(after: "here")
    #expect(
      order.firstIndex(of: "turn/completed interrupted") ?? 99 < order.firstIndex(of: "status notLoaded") ?? 0
    )
    try await harness.turn(id, "q5")
    #expect(harness.said(4) == ["q1", "a1", "q5"])
  }
}
