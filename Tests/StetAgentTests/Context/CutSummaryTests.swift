import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// A summary that was cut before its end takes nothing's place (C3).
@Suite(.timeLimit(.minutes(10)))
struct CutSummaryTests {
  private static let part = String(repeating: "The first part of the summary. ", count: 20)

  private func compact(_ harness: AgentHarness, _ thread: String) async throws -> Turn {
    harness.sink.mark("compact")
    let _: EmptyResponse = try await harness.call {
      harness.agent.threadCompactStart(ThreadCompactStartParams(threadId: thread), reply: $0)
    }
    return await harness.ended(await harness.begun(after: "compact"))
  }

  private func user(_ harness: AgentHarness, _ request: Int) -> String {
    harness.input(request).filter { $0["role"]?.stringValue == "user" }.map(\.text).joined()
  }

  @Test("C3, L14: a summary that reaches the output limit goes on where it stopped, and is taken as a whole")
  func c3_goesOn() async throws {
    let harness = AgentHarness([
      .text("one"), .respond([.text(Self.part), .incomplete(reason: "max_output_tokens")]),
      .text("The next steps."), .text("after"),
    ])
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    #expect(try await compact(harness, thread).status == .completed)
    try await harness.turn(thread, "again")
    #expect(harness.model.requests.count == 4)
    #expect(user(harness, 2).contains("<output_cut>"))
    #expect(user(harness, 3).contains(Self.part + "The next steps."))
    #expect(!user(harness, 3).contains("<output_cut>"))
    harness.checkItems()
  }

  @Test(
    "C3: a summary that stays cut is asked for once more; then the history stays and old outputs are emptied",
    arguments: ["content_filter", "max_output_tokens"])
  func c3_cut(reason: String) async throws {
    let long = String(repeating: "0123456789\n", count: 8_000)
    let tool = ScriptedTool("look") { _, _ in .text(long) }
    let cut = FakeModel.Step.respond([.text(Self.part), .incomplete(reason: reason)])
    // One that says the same again goes round in a circle.
    let tries = reason == "content_filter" ? 2 : 4
    let harness = AgentHarness(
      [.call("look", [:]), .call("look", ["n": 2]), .text("one")]
        + Array(repeating: cut, count: tries) + [.text("after")],
      tools: [tool], settings: "model_auto_compact_token_limit = 90000")
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    #expect(try await compact(harness, thread).status == .completed)
    #expect(harness.warnings.contains { $0.contains("summary was cut before its end (\(reason))") })
    #expect(harness.model.requests.count == 3 + tries)
    try await harness.turn(thread, "again")
    let last = 3 + tries
    #expect(!user(harness, last).contains("The first part of the summary"))
    #expect(harness.input(last).contains { $0["content"]?[0]?["text"] == "one" })
    let outputs = harness.input(last).compactMap { $0["output"]?.stringValue }
    #expect(outputs.count == 2 && outputs[0].contains("taken out to save room"))
    harness.checkItems()
  }
}
