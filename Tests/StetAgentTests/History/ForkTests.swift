import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// `thread/fork`: by reference, with the ids of its parent.
@Suite(.timeLimit(.minutes(10)))
struct ForkTests {
  private func two() async throws -> (AgentHarness, String) {
    let harness = AgentHarness([.text("a1"), .text("a2"), .text("a3"), .text("a4")])
    let id = try await harness.start().thread.id
    try await harness.turn(id, "q1")
    try await harness.turn(id, "q2")
    return (harness, id)
  }

  @Test("R6: a fork copies nothing: its log names its parent, and its turns are the parent's")
  func r6_forkCopiesNothing() async throws {
    let (harness, id) = try await two()
    let parent = try await harness.read(id)
    let response = try await harness.fork(id)
    let fork = response.thread
    #expect(fork.forkedFromId == id && fork.preview == "" && fork.id != id)
    #expect(fork.turns.map(\.id) == parent.turns.map(\.id))
    #expect(fork.turns.map(\.items) == parent.turns.map(\.items))
    let bytes = try #require(harness.home.bytes(try await harness.log(fork.id)))
    #expect(String(decoding: bytes, as: UTF8.self).firstRange(of: "q1") == nil)
    try await harness.turn(fork.id, "q3")
    #expect(harness.said(2) == ["q1", "a1", "q2", "a2", "q3"])
    try await harness.turn(id, "q4")
    #expect(harness.said(3) == ["q1", "a1", "q2", "a2", "q4"])
    harness.checkInvariants()
  }

  @Test("P9: the cache key is the root thread's, also in a fork of a fork")
  func p9_rootKey() async throws {
    let (harness, id) = try await two()
    let first = try await harness.fork(id).thread.id
    let second = try await harness.fork(first).thread.id
    try await harness.turn(second, "q")
    #expect(harness.model.requests.map { $0["prompt_cache_key"] } == Array(repeating: .string(id), count: 3))
    let again = await harness.restarted([.text("x")])
    _ = try await again.resume(second)
    try await again.turn(second, "q")
    #expect(again.model.requests.first?["prompt_cache_key"] == .string(id))
  }

  @Test("the reply comes before thread/started, whose thread has no turns")
  func order() async throws {
    let (harness, id) = try await two()
    harness.sink.mark("here")
    let fork = try await harness.fork(id).thread
    await harness.came("thread/started", after: "here")
    #expect(harness.order(after: "here") == ["reply", "thread/tokenUsage/updated", "thread/started"])
    let announced = harness.sink.notifications.compactMap {
      if case .threadStarted(let value) = $0 { value.thread } else { nil }
    }.last
    #expect(announced?.id == fork.id && announced?.turns.isEmpty == true)
    // Without a turn of its own it is not in the list.
    #expect(try await harness.list().map(\.id) == [id])
  }

  @Test(
    "lastTurnId is inclusive, beforeTurnId is not; an unknown one is named; excludeTurns leaves turns out")
  func cuts() async throws {
    let (harness, id) = try await two()
    let turns = try await harness.turnIds(id)
    let through = try await harness.fork(ThreadForkParams(threadId: id, lastTurnId: turns[0]))
    #expect(through.thread.turns.map(\.id) == [turns[0]])
    let before = try await harness.fork(ThreadForkParams(threadId: id, beforeTurnId: turns[0]))
    #expect(before.thread.turns.isEmpty)
    let all = try await harness.fork(ThreadForkParams(threadId: id, excludeTurns: true, lastTurnId: turns[1]))
    #expect(all.thread.turns.isEmpty)
    #expect(try await harness.turnIds(all.thread.id) == turns)
    try await harness.turn(through.thread.id, "after one")
    #expect(harness.said(2) == ["q1", "a1", "after one"])
    await #expect(throws: RPCError.invalidRequest("turn not found: nope")) {
      _ = try await harness.fork(ThreadForkParams(threadId: id, lastTurnId: "nope"))
    }
    await #expect(throws: RPCError.noRollout(ids.unknown)) { _ = try await harness.fork(ids.unknown) }
  }

  private enum ids { static let unknown = "01a204ca-6521-7781-a61e-4a4aa7893dd2" }

  @Test("a fork of a thread that is not loaded, and after a restart, has the name and the turns")
  func unloaded() async throws {
    let (harness, id) = try await two()
    _ = try await harness.call {
      harness.agent.threadNameSet(ThreadSetNameParams(threadId: id, name: "My name"), reply: $0)
    }
    let turns = try await harness.turnIds(id)
    let second = await harness.restarted([.text("more")])
    let fork = try await second.fork(id).thread
    #expect(fork.name == "My name" && fork.turns.map(\.id) == turns)
    let third = await second.restarted([.text("more")])
    #expect(try await third.resume(fork.id).thread.turns.map(\.id) == turns)
    try await third.turn(fork.id, "q3")
    #expect(third.said(0) == ["q1", "a1", "q2", "a2", "q3"])
    #expect(try await third.read(fork.id).turns.map(\.id).prefix(2) == turns.prefix(2))
  }

  @Test("a fork in the middle of a turn shows it as interrupted and answers its calls; the turn goes on")
  func midTurn() async throws {
    let notes = Notes()
    let slow = ScriptedTool("slow") { call, context in
      let item = CommandExecutionItem(
        id: call.itemId, command: "slow", cwd: "/", status: .inProgress, commandActions: [])
      context.items.started(.commandExecution(item))
      notes.add("runs")
      await notes.until("go")
      var done = item
      done.status = .completed
      context.items.completed(.commandExecution(done))
      return .text("done")
    }
    let harness = AgentHarness(
      [.call("slow", [:]), .text("parent ends"), .text("fork goes on")], tools: [slow])
    let id = try await harness.start().thread.id
    let turn = try await harness.begin(id, "q1")
    await notes.until("runs")
    let fork = try await harness.fork(id).thread
    #expect(fork.turns.map(\.status) == [.interrupted] && fork.turns.first?.id == turn.id)
    #expect(fork.turns.first?.completedAt == nil)
    await #expect(throws: RPCError.self) {
      _ = try await harness.fork(ThreadForkParams(threadId: id, lastTurnId: turn.id))
    }
    notes.add("go")
    #expect(await harness.ended(turn.id).status == .completed)
    try await harness.turn(fork.id, "and you?")
    let outputs = harness.input(2).compactMap { $0["output"]?.stringValue }
    #expect(outputs == ["no result: the thread was forked while this call ran"])
    #expect(harness.said(2).last == "and you?")
  }

  @Test("an ephemeral fork has no file, takes turns, and outlives its parent")
  func ephemeral() async throws {
    let (harness, id) = try await two()
    let fork = try await harness.fork(ThreadForkParams(threadId: id, ephemeral: true)).thread
    #expect(fork.ephemeral && fork.path == nil && fork.turns.count == 2)
    try await harness.turn(fork.id, "q3")
    #expect(harness.said(2) == ["q1", "a1", "q2", "a2", "q3"])
    try await harness.delete(id)
    try await harness.turn(fork.id, "q4")
    #expect(harness.said(3) == ["q1", "a1", "q2", "a2", "q3", "a3", "q4"])
    await #expect(throws: RPCError.noRollout(fork.id)) { _ = try await harness.fork(fork.id) }
    await #expect(throws: RPCError.invalidRequest("ephemeral threads do not support thread/turns/list")) {
      _ = try await harness.turnIds(fork.id)
    }
    await #expect(throws: RPCError.noRollout(fork.id)) { _ = try await harness.resume(fork.id) }
  }

  @Test("a thread that a fork goes on from is not deleted, in Codex's words; without the fork it is")
  func delete() async throws {
    let (harness, id) = try await two()
    let fork = try await harness.fork(id).thread.id
    let refusal = RPCError.invalidRequest("cannot delete thread \(id): forked history still references it")
    await #expect(throws: refusal) { try await harness.delete(id) }
    try await harness.delete(fork)
    harness.sink.mark("here")
    try await harness.delete(id)
    await harness.came("thread/deleted", after: "here")
    #expect(harness.order(after: "here") == ["reply", "thread/deleted"])
    await #expect(throws: RPCError.noRollout(id)) { try await harness.delete(id) }
    await #expect(throws: RPCError.threadNotLoaded(id)) { _ = try await harness.read(id) }
    #expect(try await harness.list().isEmpty)
    #expect(harness.home.names().allSatisfy { $0.firstRange(of: id) == nil })
  }
}
