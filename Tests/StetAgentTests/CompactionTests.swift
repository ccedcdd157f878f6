import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// Compaction over real HTTP: what is asked, what is kept, what the clients see (agent-core.md §3, protocol.md §4).
@Suite(.timeLimit(.minutes(10)))
struct CompactionTests {
  /// Long enough for what they replace (C3).
  private static let summary = String(repeating: "The summary of what was done. ", count: 20)

  private func compact(_ harness: AgentHarness, _ thread: String) async throws -> Turn {
    harness.sink.mark("compact")
    let _: EmptyResponse = try await harness.call {
      harness.agent.threadCompactStart(ThreadCompactStartParams(threadId: thread), reply: $0)
    }
    let begun = await harness.begun(after: "compact")
    return await harness.ended(begun)
  }

  private func texts(_ items: [JSONValue], _ role: String) -> [String] {
    items.filter { $0["role"]?.stringValue == role }.map { item in
      (item["content"]?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }.joined()
    }
  }

  /// Violations other than those that a compaction is.
  private func check(_ harness: AgentHarness) {
    let wrong = harness.model.invariantViolations.filter { $0.kind != .prefixChanged }
    #expect(wrong.map(\.description) == [])
    harness.checkItems()
  }

  @Test("C11: a turn of its own: reply, status, turn, item, three counts, hint, end")
  func c11_order() async throws {
    let harness = AgentHarness([.text("answer one"), .text(Self.summary), .text("answer two")])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "question one")
    #expect(try await compact(harness, thread).status == .completed)
    let counts = ["thread/tokenUsage/updated", "account/rateLimits/updated"]
    #expect(
      harness.order(after: "compact") == [
        "reply", "status active", "turn/started", "started contextCompaction",
      ] + counts + counts + counts + [
        "completed contextCompaction", "warning", "status idle", "turn/completed completed",
      ])
    let usage = harness.sink.notifications.compactMap {
      if case .threadTokenUsageUpdated(let value) = $0 { value.tokenUsage } else { nil }
    }
    #expect(usage[1] == usage[0], "the old counts come first")
    #expect(usage[2].total.totalTokens == usage[0].total.totalTokens + usage[2].last.totalTokens)
    #expect(usage[3].last.inputTokens == 0 && usage[3].last.totalTokens > 0)
    try await harness.turn(thread, "question two")
    let input = harness.input(2)
    #expect(texts(input, "assistant") == [])
    #expect(texts(input, "user").contains("question one"))
    #expect(texts(input, "user").contains { $0.contains(Self.summary) })
    #expect(texts(input, "user").last == "question two")
    check(harness)
  }

  @Test(
    "C11: refused, with nothing to do or interrupted: the reply, the item from start to end, then turn/completed",
    arguments: [TurnStatus.failed, .completed, .interrupted])
  func c11_alwaysEnds(_ status: TurnStatus) async throws {
    let gate = Gate()
    defer { gate.open() }
    let harness = AgentHarness(
      status == .failed ? [.text("one"), .status(400)] : [.text("one"), .hang(gate)])
    let thread = try await harness.start().thread.id
    if status != .completed { try await harness.turn(thread, "question") }
    harness.sink.mark("compact")
    let reply: EmptyResponse = try await harness.call {
      harness.agent.threadCompactStart(ThreadCompactStartParams(threadId: thread), reply: $0)
    }
    #expect(reply == EmptyResponse())
    let turn = await harness.begun(after: "compact")
    if status == .interrupted {
      await harness.model.untilRequests(2)
      try await harness.interrupt(thread, turn)
    }
    let ended = await harness.ended(turn)
    #expect(ended.status == status && (ended.error != nil) == (status == .failed))
    let kinds = ["reply", "turn/started", "started contextCompaction", "completed contextCompaction"]
    let order = harness.order(after: "compact").filter {
      kinds.contains($0) || $0.hasPrefix("turn/completed")
    }
    let last = "turn/completed \(status)"
    #expect(order.filter { $0 != "reply" } == Array(kinds.dropFirst()) + [last])
    #expect(order.first == "reply")
    harness.checkItems()
  }

  @Test("C2: the summary is asked with the same tools and the same prefix, and no tool may be called")
  func c2_prefix() async throws {
    let tool = ScriptedTool("look") { _, _ in .text("seen") }
    let harness = AgentHarness([.text("one"), .text(Self.summary)], tools: [tool])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "question")
    _ = try await compact(harness, thread)
    let (before, request) = (harness.model.requests[0], harness.model.requests[1])
    #expect(request["tools"]?.serialized() == before["tools"]?.serialized())
    #expect(request["tool_choice"] == "none")
    let old = before["input"]?.arrayValue ?? []
    #expect(Array((request["input"]?.arrayValue ?? []).prefix(old.count)) == old)
    #expect(request["prompt_cache_key"] == before["prompt_cache_key"])
    check(harness)
  }

  @Test("C2, P9: a fork's summary is asked under the root's cache key, like its other requests")
  func c2_forkKey() async throws {
    let harness = AgentHarness([.text("one"), .text("two"), .text(Self.summary)])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "question")
    let fork = try await harness.fork(thread).thread.id
    try await harness.turn(fork, "another")
    _ = try await compact(harness, fork)
    #expect(harness.model.requests.map { $0["prompt_cache_key"]?.stringValue } == [thread, thread, thread])
  }

  @Test("C4: after a restart the summary still lists the files that were changed before")
  func c4_changedFiles() async throws {
    let write = ScriptedTool("put", .write) { call, context in
      let change = FileUpdateChange(path: "/project/early.swift", kind: .add, diff: "x")
      var item = FileChangeItem(id: call.itemId, changes: [change], status: .inProgress)
      context.items.started(.fileChange(item))
      item.status = .completed
      context.items.completed(.fileChange(item))
      return .text("written")
    }
    let harness = AgentHarness([.call("put", [:]), .text("one")], tools: [write])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "change it")
    let after = await harness.restarted([.text(Self.summary), .text("two")])
    _ = try await after.resume(thread)
    #expect(try await compact(after, thread).status == .completed)
    try await after.turn(thread, "and now")
    #expect(
      texts(after.input(1), "user").contains {
        $0.contains("Files changed in this thread: /project/early.swift")
      })
  }

  @Test(
    "an output that the client wants retained stays word for word over a compaction; another one is summarised"
  )
  func retainedOutput() async throws {
    let harness = AgentHarness([.text("one"), .text("two"), .text(Self.summary), .text("three")])
    let thread = try await harness.start().thread.id
    for (name, retain) in [("kept", true), ("gone", false)] {
      let params = TurnStartParams(
        threadId: thread, input: [.text("look")],
        toolOutput: TurnToolOutput(name: "probe", output: .text("the \(name) output"), retain: retain))
      let turn: TurnStartResponse = try await harness.call { harness.agent.turnStart(params, reply: $0) }
      _ = await harness.ended(turn.turn.id)
    }
    #expect(try await compact(harness, thread).status == .completed)
    try await harness.turn(thread, "and now")
    #expect(harness.input(3).compactMap { $0["output"]?.stringValue } == ["the kept output"])
    harness.checkItems()
  }

  @Test("C1: over the limit the history is compacted before the next message")
  func c1_beforeTurn() async throws {
    let harness = AgentHarness([
      .respond([.text("one")], usage: .init(input: 80_000)), .text(Self.summary), .text("two"),
    ])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    harness.sink.mark("second")
    #expect(try await harness.turn(thread, "again").status == .completed)
    let order = harness.order(after: "second").filter { $0.hasPrefix("started") }
    #expect(order == ["started contextCompaction", "started userMessage", "started agentMessage"])
    #expect(harness.model.requests.count == 3)
    #expect(texts(harness.input(2), "user").suffix(1) == ["again"])
    check(harness)
  }

  @Test("C1: between a tool result and the next request too, and once")
  func c1_midTurn() async throws {
    let tool = ScriptedTool("look") { _, _ in .text("seen it") }
    let harness = AgentHarness(
      [
        .respond([.call("look", [:])], usage: .init(input: 80_000)), .text(Self.summary), .text("done"),
      ], tools: [tool])
    let thread = try await harness.start().thread.id
    #expect(try await harness.turn(thread, "look").status == .completed)
    let input = harness.input(2)
    #expect(texts(input, "user").contains("look"))
    // C4: the newest call and its output stay word for word, behind the summary.
    #expect(input.suffix(2).map { $0["type"]?.stringValue } == ["function_call", "function_call_output"])
    // C7: what was handled and what is not.
    #expect(texts(input, "user").contains { $0.contains("except the last one") })
    check(harness)
  }

  @Test("C1: the user's own limit decides")
  func c1_setting() async throws {
    let harness = AgentHarness(
      [.respond([.text("one")], usage: .init(input: 9_000)), .text(Self.summary), .text("two")],
      settings: "model_auto_compact_token_limit = 8000")
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    try await harness.turn(thread, "again")
    #expect(harness.model.requests.count == 3)
    check(harness)
  }

  @Test("C3: an empty summary is asked for once more; then the history stays and old outputs are emptied")
  func c3_emptySummary() async throws {
    let long = String(repeating: "0123456789\n", count: 8_000)
    let tool = ScriptedTool("look") { _, _ in .text(long) }
    let harness = AgentHarness(
      [
        .call("look", [:]), .call("look", ["n": 2]), .text("one"), .text("  "), .text(""), .text("after"),
      ], tools: [tool], settings: "model_auto_compact_token_limit = 90000")
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    #expect(try await compact(harness, thread).status == .completed)
    #expect(harness.warnings.contains { $0.contains("empty summary") })
    try await harness.turn(thread, "again")
    let input = harness.input(5)
    #expect(texts(input, "assistant") == ["one"])
    let outputs = input.compactMap { $0["output"]?.stringValue }
    #expect(outputs.count == 2 && outputs[0].contains("taken out to save room"))
    check(harness)
  }

  @Test("C3: a summary longer than half of what it replaces is no summary")
  func c3_longSummary() async throws {
    let answer = String(repeating: "word ", count: 2_000)
    let harness = AgentHarness([.text(answer), .text(answer), .text(answer), .text("after")])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    // C6: nothing could be won, so the history is as it was and the turn says so.
    let turn = try await compact(harness, thread)
    #expect(turn.status == .failed)
    #expect(turn.error?.message.contains("half as long") == true)
    #expect(
      harness.order(after: "compact").suffix(5) == [
        "completed contextCompaction", "status systemError", "error final", "thread/readState/changed",
        "turn/completed failed",
      ])
    try await harness.turn(thread, "again")
    #expect(texts(harness.input(3), "assistant") == [answer])
    #expect(harness.model.invariantViolations.map(\.description) == [])
  }

  @Test("C5: where emptying old outputs wins enough, no summary is asked for")
  func c5_maskFirst() async throws {
    let long = String(repeating: "0123456789\n", count: 8_000)
    let tool = ScriptedTool("look") { _, _ in .text(long) }
    let harness = AgentHarness(
      [.call("look", ["n": 1]), .call("look", ["n": 2]), .text("one"), .text("two")], tools: [tool],
      settings: "model_auto_compact_token_limit = 42000")
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    #expect(harness.model.requests.count == 3, "one request a call and the answer: no summary")
    let outputs = harness.input(2).compactMap { $0["output"]?.stringValue }
    #expect(outputs.first?.contains("taken out to save room") == true)
    check(harness)
  }

  @Test("C6: a failed compaction in a turn warns, and the turn goes on with the whole history")
  func c6_turnGoesOn() async throws {
    let harness = AgentHarness([
      .respond([.text("one")], usage: .init(input: 80_000)), .status(400), .text("two"),
    ])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    #expect(try await harness.turn(thread, "again").status == .completed)
    #expect(harness.warnings.contains { $0.contains("goes on with the whole history") })
    #expect(texts(harness.input(2), "assistant") == ["one"])
    harness.checkInvariants()
  }

  @Test("C1: a summary that was refused is not asked for again until the history has grown")
  func c1_pause() async throws {
    func text(_ text: String, _ input: Int) -> FakeModel.Step {
      .respond([.text(text)], usage: .init(input: input))
    }
    let harness = AgentHarness([
      text("one", 80_000), .status(400), text("two", 80_100), text("three", 80_200), text("four", 90_000),
      .text(Self.summary), .text("five"),
    ])
    let thread = try await harness.start().thread.id
    for message in ["first", "second", "third", "fourth"] { try await harness.turn(thread, message) }
    // One try in the second turn, none in the third and fourth.
    #expect(harness.model.requests.count == 5)
    #expect(texts(harness.input(4), "assistant") == ["one", "two", "three"])
    try await harness.turn(thread, "fifth")
    #expect(harness.model.requests.count == 7)
    #expect(texts(harness.input(6), "user").contains { $0.contains(Self.summary) })
    check(harness)
  }

  @Test("C6: an interrupted compaction leaves the history as it was, and the message is not lost")
  func c6_interrupted() async throws {
    let gate = Gate()
    let harness = AgentHarness([
      .respond([.text("one")], usage: .init(input: 80_000)), .hang(gate), .text(Self.summary), .text("three"),
    ])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    let turn = try await harness.begin(thread, "second")
    await harness.model.untilRequests(2)
    try await harness.interrupt(thread, turn.id)
    #expect(await harness.ended(turn.id).status == .interrupted)
    gate.open()
    try await harness.turn(thread, "third")
    // The compaction of the next turn is asked of the whole history: what the interrupted one began with, less its
    // question, and what was said since.
    let before = Array(harness.input(1).dropLast())
    #expect(before.count == harness.input(0).count + 1 && texts(before, "assistant") == ["one"])
    #expect(Array(harness.input(2).prefix(before.count)) == before)
    #expect(texts(harness.input(2), "user").contains("second"))
    let said = texts(harness.input(3), "user")
    #expect(said.contains("first") && said.contains("second") && said.last == "third")
    check(harness)
  }

  @Test("L7: a steer during a compaction comes after the summary, once")
  func l7_steer() async throws {
    let gate = Gate()
    let harness = AgentHarness([
      .respond([.text("one")], usage: .init(input: 80_000)),
      .respond([.gate(gate), .text(Self.summary)]), .text("two"),
    ])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    let turn = try await harness.begin(thread, "second")
    await harness.model.untilRequests(2)
    let steer = TurnSteerParams(threadId: thread, expectedTurnId: turn.id, input: [.text("and this")])
    let _: TurnSteerResponse = try await harness.call { harness.agent.turnSteer(steer, reply: $0) }
    gate.open()
    #expect(await harness.ended(turn.id).status == .completed)
    #expect(texts(harness.input(2), "user").suffix(2) == ["second", "and this"])
    check(harness)
  }

  @Test("L10: a prompt that is refused as too long is compacted once and sent once more")
  func l10_overflow() async throws {
    let harness = AgentHarness([
      .text("one"), .respond([.failed(code: "context_length_exceeded", message: "too long")]),
      .text(Self.summary), .text("two"),
    ])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    #expect(try await harness.turn(thread, "second").status == .completed)
    #expect(texts(harness.input(3), "assistant") == [])
    check(harness)
  }

  @Test("L10: refused again, the turn fails with a plain text")
  func l10_twice() async throws {
    let refused = FakeModel.Step.status(
      400, body: #"{"error":{"message":"This model's maximum context length is 10 tokens"}}"#)
    let harness = AgentHarness([.text("one"), refused, .text(Self.summary), refused, .text("later")])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    let turn = try await harness.turn(thread, "second")
    #expect(turn.status == .failed && turn.error?.codexErrorInfo == .contextWindowExceeded)
    #expect(harness.model.requests.count == 4)
    #expect(try await harness.turn(thread, "third").status == .completed)
    check(harness)
  }

  @Test("a compaction survives a restart, and the tools stay")
  func restart() async throws {
    let harness = AgentHarness([.text("answer one"), .text(Self.summary), .text("answer two")])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "one")
    _ = try await compact(harness, thread)
    try await harness.turn(thread, "two")
    let last = harness.input(2)
    let next = await harness.restarted([.text("answer three")])
    _ = try await next.resume(thread)
    try await next.turn(thread, "three")
    #expect(Array(next.input(0).prefix(last.count)) == last)
    #expect(texts(next.input(0), "assistant") == ["answer two"])
  }

  @Test("a manual compaction takes no steer, and interrupts a running turn")
  func manualDuringTurn() async throws {
    let (stream, summary) = (Gate(), Gate())
    let harness = AgentHarness([
      .text("zero"), .respond([.text("never said", chunk: 5, gates: [1: stream])]),
      .respond([.gate(summary), .text(Self.summary)]),
    ])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    let turn = try await harness.begin(thread, "second")
    await harness.model.untilRequests(2)
    harness.sink.mark("compact")
    async let reply: EmptyResponse = harness.call {
      harness.agent.threadCompactStart(ThreadCompactStartParams(threadId: thread), reply: $0)
    }
    #expect(await harness.ended(turn.id).status == .interrupted)
    _ = try await reply
    let compaction = await harness.begun(after: "compact")
    let steer = TurnSteerParams(threadId: thread, expectedTurnId: compaction, input: [.text("x")])
    await #expect(throws: RPCError.notSteerable(.compact)) {
      let _: TurnSteerResponse = try await harness.call { harness.agent.turnSteer(steer, reply: $0) }
    }
    stream.open()
    summary.open()
    #expect(await harness.ended(compaction).status == .completed)
    harness.checkItems()
  }
}
