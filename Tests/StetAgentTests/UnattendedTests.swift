import StetConfig
import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent

/// What differs where nobody watches who could end a wait or look at an answer: `stet exec`.
@Suite(.timeLimit(.minutes(10)))
struct UnattendedTests {
  private static let refused = ModelError(.unreachable, message: "Nothing listens.")

  @Test(
    "L8: where nobody can end the wait, a server that is not there is tried as often as a stream, then given up"
  )
  func l8_givesUp() {
    var rules = RetryRules(streamRetries: 3, waitsForNetwork: false)
    var waits: [Int] = []
    var notices: [String?] = []
    for _ in 0..<3 {
      guard case .retry(let ms, let notice) = rules.decide(Self.refused, jitter: 0) else { break }
      waits.append(ms)
      notices.append(notice?.message)
    }
    #expect(waits == [400, 800, 1_600])
    #expect(notices == ["Reconnecting... 1/3", "Reconnecting... 2/3", "Reconnecting... 3/3"])
    guard case .fail(let failure) = rules.decide(Self.refused, jitter: 0) else {
      Issue.record("the wait has no end")
      return
    }
    #expect(failure.message == "Nothing listens.")
    rules.succeeded()
    guard case .retry(afterMs: 400, _) = rules.decide(Self.refused, jitter: 0) else {
      Issue.record("the count does not begin anew")
      return
    }
  }

  @Test("L8: where somebody can, the wait has no end")
  func l8_waits() {
    var rules = RetryRules(streamRetries: 1)
    for _ in 0..<50 {
      guard case .retry = rules.decide(Self.refused, jitter: 0) else {
        Issue.record("the wait was given up")
        return
      }
    }
  }

  @Test("a turn without anybody fails with what is not there and how to start it, and the thread goes on")
  func turnFails() async throws {
    let clock = AgentClock(nowMs: AgentClock.system.nowMs, sleep: { _ in }, jitter: { 0 })
    let harness = AgentHarness(
      [.text("never")], provider: "stream_max_retries = 2", clock: clock, isHeadless: true)
    let thread = try await harness.start().thread.id
    harness.model.stop()
    let turn = try await harness.turn(thread, "hi")
    #expect(turn.status == .failed)
    let message = turn.error?.message ?? ""
    #expect(message.hasPrefix("Nothing listens at \(harness.model.url) (Mock). Start the model server"))
    let errors = harness.sink.notifications.compactMap {
      if case .error(let value) = $0 { value } else { nil }
    }
    #expect(errors.map(\.willRetry) == [true, true, false])
    harness.checkInvariants()
  }

  @Test(
    "servers that are known are named with the command that starts them; those elsewhere are not spoken of")
  func howToStart() {
    var provider = ProviderConfig(id: "ollama", name: "Ollama", baseURL: "http://127.0.0.1:11434/v1")
    provider.isLocal = true
    #expect(provider.silence?.contains("`ollama serve`") == true)
    provider.isLocal = false
    #expect(provider.silence == nil)
  }

  @Test(
    "X6: a provider's promise to follow the schema is checked where nobody else looks, and mended twice at most"
  )
  func x6_checked() async throws {
    let schema: JSONValue = ["type": "object", "required": ["name"]]
    func run(_ script: [FakeModel.Step]) async throws -> (Turn, AgentHarness) {
      let harness = AgentHarness(script, isHeadless: true)
      harness.home.write("models.toml", "[providers.mock]\njson_schema = true\n")
      let id = try await harness.start().thread.id
      let params = TurnStartParams(threadId: id, input: [.text("go")], outputSchema: schema)
      let started: TurnStartResponse = try await harness.call {
        harness.agent.turnStart(params, reply: $0)
      }
      return (await harness.ended(started.turn.id), harness)
    }
    let (mended, harness) = try await run([.text("no"), .text(#"{"name":"a"}"#)])
    #expect(mended.status == .completed)
    #expect(harness.model.requests.count == 2)
    #expect(harness.model.requests.allSatisfy { $0["text"]?["format"]?["schema"] == schema })
    #expect(!harness.input(0).map(\.text).joined().contains("output_schema"))
    #expect(harness.input(1).last?.text.contains("does not follow the output schema") == true)
    harness.checkInvariants()
    let (failed, hopeless) = try await run([.text("no"), .text("[]"), .text("3"), .text("late")])
    #expect(failed.status == .failed && hopeless.model.requests.count == 3)
    #expect(failed.error?.message.contains("also after 2 corrections") == true)
  }
}
