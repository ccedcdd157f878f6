import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent

/// A provider that answers with another model than it was asked for.
@Suite(.timeLimit(.minutes(10)))
struct ServedModelTests {
  @Test("another model is named once; the same one under a longer name is not another")
  func warning() async throws {
    func answer(_ model: String) -> FakeModel.Step {
      .respond([
        .event(["type": "response.created", "response": ["id": "r", "model": .string(model)]]), .text("yes"),
      ])
    }
    let harness = AgentHarness(
      [answer("maker/gpt-5.5-2026-04-01"), answer("small-mini"), answer("small-mini")], model: "gpt-5.5")
    let thread = try await harness.start().thread.id
    for turn in 0..<3 { try await harness.turn(thread, "turn \(turn)") }
    #expect(
      harness.warnings.filter { $0.contains("answers with") } == [
        "gpt-5.5 was asked for, and the provider answers with small-mini."
      ])
    // No answer says why: a reason that the protocol knows would be made up.
    #expect(!harness.sink.notifications.contains { $0.method == "model/rerouted" })
    harness.checkInvariants()
  }

  @Test(
    "names that are the same model, and names that are not",
    arguments: [
      ("gpt-5.5-2026-04-01", "gpt-5.5", false), ("gpt-5.5", "openai/gpt-5.5", false),
      ("qwen3-coder", "qwen3-coder:30b", false), ("qwen/qwen3-coder:free", "qwen3-coder", false),
      ("gpt-5.4-mini", "gpt-5.5", true), ("claude-haiku", "claude-sonnet", true), ("", "x", false),
    ])
  func names(_ served: String, _ asked: String, _ isAnother: Bool) {
    #expect(ServedModel.isAnother(served, than: asked) == isAnother)
  }
}
