import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// `/compact` with a wish, its undo, and compaction by the provider.
@Suite(.timeLimit(.minutes(10)))
struct CompactUndoTests {
  private static let summary = String(repeating: "The summary of what was done. ", count: 20)

  private func compact(_ harness: AgentHarness, _ thread: String, _ wish: String? = nil) async throws -> Turn
  {
    harness.sink.mark("compact")
    let params = ThreadCompactStartParams(threadId: thread, stetInstructions: wish)
    let _: EmptyResponse = try await harness.call { harness.agent.threadCompactStart(params, reply: $0) }
    return await harness.ended(await harness.begun(after: "compact"))
  }

  private func undo(_ harness: AgentHarness, _ thread: String) async throws -> StetContextUse {
    try await harness.call {
      harness.agent.compactUndo(StetCompactUndoParams(threadId: thread), reply: $0)
    }
  }

  private func texts(_ items: [JSONValue], _ role: String) -> [String] {
    items.filter { $0["role"]?.stringValue == role }.map { item in
      (item["content"]?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }.joined()
    }
  }

  @Test("the user's wish stands at the end of what is asked of the summary, once; too long a wish is refused")
  func wish() async throws {
    let harness = AgentHarness([.text("one"), .text(Self.summary), .text("two"), .text(Self.summary)])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    #expect(try await compact(harness, thread, "keep the port numbers").status == .completed)
    let asked = texts(harness.input(1), "user").last ?? ""
    #expect(asked.contains("\n\nThe user asks of this summary in particular:\nkeep the port numbers"))
    try await harness.turn(thread, "second")
    #expect(try await compact(harness, thread).status == .completed)
    #expect(texts(harness.input(3), "user").last?.contains("port numbers") == false)
    await #expect(throws: RPCError.self) {
      _ = try await compact(harness, thread, String(repeating: "x", count: 9_000))
    }
  }

  @Test("an undo puts back what was replaced, word for word, and keeps what was said since behind it")
  func undoKeepsBoth() async throws {
    let harness = AgentHarness([
      .text("answer one"), .text(Self.summary), .text("answer two"), .text("answer three"),
    ])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "one")
    let before = harness.input(0)
    _ = try await compact(harness, thread)
    try await harness.turn(thread, "two")
    #expect(texts(harness.input(2), "assistant") == [])
    let use = try await undo(harness, thread)
    #expect(use.canUndo == false)
    try await harness.turn(thread, "three")
    let after = harness.input(3)
    #expect(Array(after.prefix(before.count)) == before)
    #expect(texts(after, "assistant") == ["answer one", "answer two"])
    #expect(texts(after, "user").suffix(3) == ["one", "two", "three"])
    #expect(!texts(after, "user").contains { $0.hasPrefix("<conversation_summary>") })
    await #expect(throws: RPCError.self) { _ = try await undo(harness, thread) }
  }

  @Test("an undo after a restart reads the log; another restart has what it put back")
  func undoAfterRestart() async throws {
    let harness = AgentHarness([.text("answer one"), .text(Self.summary), .text("answer two")])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "one")
    let before = harness.input(0)
    _ = try await compact(harness, thread)
    try await harness.turn(thread, "two")
    let second = await harness.restarted([.text("answer three")])
    _ = try await undo(second, thread)
    let third = await second.restarted([.text("answer three")])
    _ = try await third.resume(thread)
    try await third.turn(thread, "three")
    #expect(Array(third.input(0).prefix(before.count)) == before)
    #expect(texts(third.input(0), "assistant") == ["answer one", "answer two"])
    await #expect(throws: RPCError.self) { _ = try await undo(third, thread) }
  }

  @Test("an undo is refused while a turn runs, and where nothing was compacted")
  func refused() async throws {
    let gate = Gate()
    let harness = AgentHarness([.text("one"), .text(Self.summary), .hang(gate)])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    let nothing = await #expect(throws: RPCError.self) { _ = try await undo(harness, thread) }
    #expect(nothing?.data?["stetError"] == "nothingToUndo")
    _ = try await compact(harness, thread)
    let turn = try await harness.begin(thread, "second")
    await harness.model.untilRequests(3)
    let busy = await #expect(throws: RPCError.self) { _ = try await undo(harness, thread) }
    #expect(busy?.data?["stetError"] == "busyTurn")
    try await harness.interrupt(thread, turn.id)
    _ = await harness.ended(turn.id)
    gate.open()
    #expect(try await undo(harness, thread).tokens > 0)
  }

  // MARK: - By the provider

  private static func item(_ content: String) -> FakeModel.Piece {
    .event([
      "type": "response.output_item.done", "output_index": 0,
      "item": ["type": "compaction", "id": "cmp_1", "encrypted_content": .string(content)],
    ])
  }

  private func sealing(_ script: [FakeModel.Step]) -> AgentHarness {
    AgentHarness(
      script, tools: [ScriptedTool("look") { _, _ in .text("seen") }],
      metadata: { known in
        var metadata = known
        metadata.flags.remoteCompaction = true
        return metadata
      })
  }

  @Test("by the provider: the same tools and prefix, a trigger, a header; its item follows the user's words")
  func remote() async throws {
    let harness = sealing([.text("one"), .respond([Self.item("SEALED")]), .text("two")])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    #expect(try await compact(harness, thread).status == .completed)
    let (before, request) = (harness.model.requests[0], harness.model.requests[1])
    #expect(request["tools"]?.serialized() == before["tools"]?.serialized())
    let old = before["input"]?.arrayValue ?? []
    #expect(Array(harness.input(1).prefix(old.count)) == old)
    #expect(harness.input(1).last == ["type": "compaction_trigger"])
    #expect(
      harness.model.requestHeaders[1].contains { $0 == ("x-codex-beta-features", "remote_compaction_v2") })
    #expect(!harness.model.requestHeaders[0].contains { $0.0 == "x-codex-beta-features" })
    try await harness.turn(thread, "second")
    let input = harness.input(2)
    #expect(texts(input, "user").suffix(2) == ["first", "second"])
    #expect(input.contains { $0["encrypted_content"] == "SEALED" })
    #expect(texts(input, "assistant") == [])
  }

  @Test(
    "by the provider: a wrong count of items, an empty one or a refusal falls back to a summary of the model",
    arguments: 0..<3)
  func remoteFails(_ kind: Int) async throws {
    let answers: [FakeModel.Step] = [
      .respond([Self.item("A"), Self.item("B")]), .respond([Self.item("")]), .status(400),
    ]
    let harness = sealing([.text("one"), answers[kind], .text(Self.summary), .text("two")])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    #expect(try await compact(harness, thread).status == .completed)
    #expect(harness.warnings.contains { $0.contains("summarised by the model instead") })
    try await harness.turn(thread, "second")
    #expect(texts(harness.input(3), "user").contains { $0.contains(Self.summary) })
    #expect(!harness.input(3).contains { $0["type"] == "compaction" })
  }

  @Test("by the provider: another model gets the history itself, not what only the first one can read")
  func sealedForOneModel() async throws {
    let harness = sealing([.text("one"), .respond([Self.item("SEALED")]), .text("two"), .text("three")])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    _ = try await compact(harness, thread)
    try await harness.turn(thread, "second")
    let params = TurnStartParams(threadId: thread, input: [.text("third")], model: "other-model")
    let turn: TurnStartResponse = try await harness.call { harness.agent.turnStart(params, reply: $0) }
    #expect(await harness.ended(turn.turn.id).status == .completed)
    let input = harness.input(3)
    #expect(!input.contains { $0["type"] == "compaction" })
    #expect(texts(input, "assistant") == ["one", "two"])
    #expect(texts(input, "user").suffix(3) == ["first", "second", "third"])
  }
}
