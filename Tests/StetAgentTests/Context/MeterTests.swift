import StetJSON
import StetProtocol
import StetStore
import StetTestSupport
import Testing

@testable import StetAgent

/// What a token weighs is observed, and stays known: a thread that is resumed counts as it did before (C1).
@Suite(.timeLimit(.minutes(10)))
struct MeterTests {
  private static let settings = "model_auto_compact_token_limit = 12000"
  /// Of 49,000 bytes; after the answer the limit is passed, without the answer it is not, where six bytes are a token.
  private static let question = String(repeating: "nine byte", count: 5_000)
  private static let answer = String(repeating: "word ", count: 6_000)
  private static let summary = String(repeating: "The summary of what was done. ", count: 20)

  private func step(_ text: String, input: Int, output: Int = 0) -> FakeModel.Step {
    .respond([.text(text)], usage: .init(input: input, output: output))
  }

  @Test(
    "C1: a resumed thread goes on with the observed ratio: what was compacted well is not called too long")
  func c1_resumedRatio() async throws {
    let before = AgentHarness(
      [step(Self.answer, input: 8_200, output: 5_000)], settings: Self.settings)
    let thread = try await before.start().thread.id
    try await before.turn(thread, Self.question)
    await before.agent.shutdown()
    let after = AgentHarness(
      [step(Self.summary, input: 0), step("two", input: 8_600, output: 5)], settings: Self.settings,
      home: before.home, work: before.work)
    _ = try await after.resume(thread)
    let turn = try await after.turn(thread, "go on")
    #expect(turn.status == .completed, "\(turn.error?.message ?? "")")
    #expect(after.order().filter { $0 == "completed contextCompaction" }.count == 1)
    #expect(after.model.requests.count == 2)
    after.checkItems()
  }

  @Test("C1: the summary's own count is an observation too, where nothing else was counted")
  func c1_summaryCalibrates() async throws {
    let harness = AgentHarness(
      [step(Self.answer, input: 0), step(Self.summary, input: 13_500), step("two", input: 8_600, output: 5)],
      settings: Self.settings)
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, Self.question)
    let turn = try await harness.turn(thread, "go on")
    #expect(turn.status == .completed, "\(turn.error?.message ?? "")")
    #expect(harness.model.requests.count == 3)
    harness.checkItems()
  }

  private func record(_ ordinal: Int, _ type: String, _ payload: JSONValue) -> LogRecord {
    LogRecord(type: type, payload: payload, timestampMs: 1, ordinal: ordinal)
  }

  private func usage(tokens: Int, ratio: Double?) throws -> JSONValue {
    var last = TokenUsageBreakdown.zero
    (last.inputTokens, last.totalTokens) = (tokens, tokens)
    let usage = ThreadTokenUsage(total: last, last: last)
    return try JSONCoder.encode(ThreadRecord.Usage(turnId: "t", usage: usage, ratio: ratio))
  }

  @Test("C1: what counts another prompt is no measure of the thread's own")
  func c1_otherPrompts() throws {
    var replay = ThreadReplay()
    replay.add(
      record(
        1, ThreadRecord.prompt,
        ["type": "message", "role": "user", "content": [["type": "input_text", "text": "hi"]]]))
    replay.add(try record(2, ThreadRecord.usage, usage(tokens: 900, ratio: 4.5)))
    replay.add(try record(3, ThreadRecord.usage, usage(tokens: 150_000, ratio: nil)))
    replay.finish()
    #expect(replay.measure?.tokens == 900 && replay.ratio == 4.5 && replay.notices == [])
    #expect(ContextMeter(replay.measure, ratio: 400).ratio == 6)
  }
}
