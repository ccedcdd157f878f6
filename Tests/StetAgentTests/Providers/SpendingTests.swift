import StetProtocol
import StetTestSupport
import Testing

/// Tokens and what they cost, for a turn and for the thread.
@Suite(.timeLimit(.minutes(10)))
struct SpendingTests {
  private func usage(_ harness: AgentHarness) -> [StetTokenUsage] {
    harness.sink.notifications.compactMap {
      if case .threadTokenUsageUpdated(let value) = $0 { value.tokenUsage.stet } else { nil }
    }
  }

  @Test("costs add up over the requests of a turn, the turns of a thread, and a restart")
  func costs() async throws {
    let look = ScriptedTool("look") { _, _ in .text("seen") }
    let step = FakeModel.Usage(input: 10_000, cached: 4_000, output: 100)
    let script: [FakeModel.Step] = [
      .respond([.call("look", [:])], usage: step), .respond([.text("done")], usage: step),
      .respond([.text("more")], usage: step),
    ]
    let harness = AgentHarness(script, tools: [look])
    harness.home.write(
      "models.toml",
      "[[models]]\nmatch = \"mock-*\"\nprovider = \"mock\"\nprice = { input = 2, cached = 0.5, output = 10 }\n"
    )
    let id = try await harness.start().thread.id
    try await harness.turn(id, "one")
    try await harness.turn(id, "two")
    let all = usage(harness)
    #expect(all.count == 3)
    // 6,000 at 2, 4,000 at 0.5, 100 at 10 dollars a million.
    let one = 0.015
    #expect(
      all.map { near($0.turnCost, [one, 2 * one, one][min(2, all.firstIndex(of: $0) ?? 0)]) } == [
        true, true, true,
      ])
    #expect(near(all[2].threadCost, 3 * one) && all[2].unpricedTokens == 0)
    #expect(all[1].turn.inputTokens == 20_000 && all[2].turn.inputTokens == 10_000)

    let again = await harness.restarted([.respond([.text("x")], usage: step)], tools: [look])
    again.home.write(
      "models.toml",
      "[[models]]\nmatch = \"mock-*\"\nprice = { input = 2, cached = 0.5, output = 10 }\n")
    _ = try await again.resume(id)
    try await again.turn(id, "three")
    #expect(near(usage(again).last?.threadCost, 4 * one))
  }

  @Test("a model without a published price costs nothing that is shown, and its tokens are counted apart")
  func unpriced() async throws {
    let harness = AgentHarness([.respond([.text("x")], usage: .init(input: 5_000, output: 100))])
    let id = try await harness.start().thread.id
    try await harness.turn(id, "one")
    let used = try #require(usage(harness).last)
    #expect(used.turnCost == nil && used.threadCost == nil && used.unpricedTokens == 5_100)
    #expect(used.turn.inputTokens == 5_000)
  }

  private func near(_ value: Double?, _ wanted: Double) -> Bool { abs((value ?? -1) - wanted) < 1e-9 }
}
