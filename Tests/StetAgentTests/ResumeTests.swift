import Glibc
import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// A thread across restarts: same items, same ids, and the same bytes to the model.
@Suite(.timeLimit(.minutes(10)))
struct ResumeTests {
  private var echo: ScriptedTool {
    ScriptedTool("echo") { call, context in
      let item = CommandExecutionItem(
        id: call.itemId, command: "echo", cwd: "/", status: .inProgress, commandActions: [])
      context.items.started(.commandExecution(item))
      var done = item
      done.status = .completed
      done.aggregatedOutput = "línea\u{0} \"quoted\" \u{1F600}\n"
      context.items.completed(.commandExecution(done))
      return .text("línea\u{0} \"quoted\" \u{1F600}\n1e400 12345678901234567890")
    }
  }

  @Test("after a restart: the same items with the same ids, and the next request begins with the same bytes")
  func sameBytes() async throws {
    let first = AgentHarness(
      [.respond([.reasoning("thinking"), .call("echo", ["x": 1.5])]), .text("did it")], tools: [echo])
    let id = try await first.start().thread.id
    try await first.turn(id, "please \u{1F44D} \"do\"\nit")
    let live = try await first.read(id)
    let before = try #require(first.model.bodies.last)

    let second = await first.restarted([.text("more")], tools: [echo])
    let resumed = try await second.resume(id)
    #expect(resumed.thread.turns.map(\.items) == live.turns.map(\.items))
    #expect(resumed.thread.turns.map(\.id) == live.turns.map(\.id))
    #expect(
      second.order().prefix(4) == [
        "status idle", "reply", "thread/tokenUsage/updated", "thread/goal/cleared",
      ])
    try await second.turn(id, "and more")
    let after = try #require(second.model.bodies.first)
    // Everything but the closing brackets of the input.
    #expect(Array(after.prefix(before.count - 2)) == Array(before.dropLast(2)))
    second.checkInvariants()
  }

  @Test("A9: a thread without a turn can be resumed after a restart but is not listed")
  func a9_durableAtStart() async throws {
    let first = AgentHarness([])
    let id = try await first.start().thread.id
    let second = await first.restarted([.text("hello")])
    #expect(try await second.list().isEmpty)
    #expect(try await second.resume(id).thread.turns.isEmpty)
    #expect(try await second.turn(id, "hi").status == .completed)
    #expect(try await second.list().map(\.id) == [id])
    #expect(try await second.list().first?.preview == "hi")
  }

  @Test("R9: a turn that a crash cut is closed on load: interrupted, its call answered")
  func r9_crash() async throws {
    let first = AgentHarness([.text("fine")])
    let id = try await first.start().thread.id
    try await first.turn(id, "hi")
    let path = try #require(try await first.read(id).path)
    await first.agent.shutdown()
    // A second process is killed in the middle of a call: what it wrote is taken from a copy of its log.
    let notes = Notes()
    let stuck = ScriptedTool("stuck") { _, _ in
      notes.add("runs")
      await notes.until("never")
      return .text("")
    }
    let crashing = AgentHarness([.call("stuck", [:])], tools: [stuck], home: first.home, work: first.work)
    _ = try await crashing.resume(id)
    let cut = try await crashing.begin(id, "go on")
    await notes.until("runs")
    let relative = String(path.dropFirst(first.home.path.count + 1))
    let snapshot = try #require(first.home.bytes(relative))
    try await crashing.interrupt(id)
    _ = await crashing.ended(cut.id)
    notes.add("never")
    await crashing.agent.shutdown()
    first.home.write(relative, bytes: snapshot, mode: 0o600)

    let after = AgentHarness([.text("back")], home: first.home, work: first.work)
    let resumed = try await after.resume(id)
    #expect(resumed.thread.turns.map(\.status) == [.completed, .interrupted])
    #expect(resumed.thread.turns.last?.completedAt == nil)
    #expect(try await after.turn(id, "hello?").status == .completed)
    let outputs = after.input(0).compactMap { $0["output"]?.stringValue }
    #expect(outputs == ["no result: stet was stopped while this call ran"])
    after.checkInvariants()
  }

  @Test("R5: a torn last line is cut off with a warning, the rest is there")
  func r5_tornTail() async throws {
    let first = AgentHarness([.text("fine")])
    let id = try await first.start().thread.id
    try await first.turn(id, "hi")
    let path = try #require(try await first.read(id).path)
    await first.agent.shutdown()
    let relative = String(path.dropFirst(first.home.path.count + 1))
    let bytes = try #require(first.home.bytes(relative))
    first.home.write(relative, bytes: bytes + Array(#"{"ordinal":99,"ty"#.utf8), mode: 0o600)
    let second = AgentHarness([.text("again")], home: first.home, work: first.work)
    #expect(try await second.resume(id).thread.turns.first?.items.count == 2)
    #expect(try await second.turn(id, "more").status == .completed)
    #expect(second.warnings.contains { $0.contains("not written completely") })
  }

  @Test("R7: a second writer is refused with the pid of the first")
  func r7_oneWriter() async throws {
    let first = AgentHarness([.text("fine")])
    let id = try await first.start().thread.id
    let second = AgentHarness([], home: first.home, work: first.work)
    await #expect(
      throws: RPCError.invalidRequest("thread \(id) already has an active writer (process \(getpid()))")
    ) {
      _ = try await second.resume(id)
    }
    await #expect(throws: RPCError.noRollout("019-unknown")) { _ = try await second.resume("019-unknown") }
    #expect(try await second.read(id, turns: true).status == .notLoaded)
  }

  @Test("R8: ids are the same live, in thread/read and after a restart; a repeated model id gets its own")
  func r8_ids() async throws {
    let message: JSONValue = [
      "type": "message", "id": "msg_same", "role": "assistant", "status": "completed",
      "content": [["type": "output_text", "text": "hi"]],
    ]
    let step = FakeModel.Step.respond([
      .event([
        "type": "response.output_item.added", "output_index": 0,
        "item": ["type": "message", "id": "msg_same"],
      ]),
      .event(["type": "response.output_text.delta", "item_id": "msg_same", "delta": "hi"]),
      .event(["type": "response.output_item.done", "output_index": 0, "item": message]),
    ])
    let first = AgentHarness([step, step])
    let id = try await first.start().thread.id
    try await first.turn(id, "one")
    try await first.turn(id, "two")
    first.checkInvariants()
    let live = try await first.read(id).turns.flatMap { $0.items.map(\.id) }
    #expect(Set(live).count == 4)
    #expect(live.contains("msg_same") && live.contains("msg_same-2"))
    let second = await first.restarted([])
    #expect(try await second.read(id).turns.flatMap { $0.items.map(\.id) } == live)
    #expect(try await second.resume(id).thread.turns.flatMap { $0.items.map(\.id) } == live)
  }

  @Test("two resumes at once load the thread once; a loaded thread is joined")
  func joined() async throws {
    let first = AgentHarness([.text("fine")])
    let id = try await first.start().thread.id
    try await first.turn(id, "hi")
    let second = await first.restarted([.text("again")])
    async let one = second.resume(id)
    async let two = second.resume(id)
    let both = try await [one, two]
    #expect(both[0].thread.turns == both[1].thread.turns)
    #expect(try await second.turn(id, "more").error == nil)
  }

  @Test("names and the archive")
  func manage() async throws {
    let first = AgentHarness([.text("fine"), .text("more")])
    let id = try await first.start().thread.id
    try await first.turn(id, "hi")
    let named = ThreadSetNameParams(threadId: id, name: "  my  thread ")
    let _: EmptyResponse = try await first.call { first.agent.threadNameSet(named, reply: $0) }
    #expect(try await first.list().first?.name == "my  thread")
    let archive = ThreadArchiveParams(threadId: id)
    let _: EmptyResponse = try await first.call { first.agent.threadArchive(archive, reply: $0) }
    await first.sink.until { $0.last?.short == "thread/archived" }
    #expect(first.order().suffix(3) == ["status notLoaded", "reply", "thread/archived"])
    #expect(try await first.list().isEmpty)
    await #expect(throws: RPCError.self) { _ = try await first.resume(id) }
    let back = ThreadUnarchiveParams(threadId: id)
    let _: ThreadUnarchiveResponse = try await first.call { first.agent.threadUnarchive(back, reply: $0) }
    #expect(try await first.resume(id).thread.name == "my  thread")
  }
}
