import StetProtocol
import StetTestSupport
import Synchronization
import Testing

@testable import StetAgent

/// Bad input: each gives a clear message, loses nothing that was shown, and leaves the thread usable (L13).
@Suite(.timeLimit(.minutes(10)))
struct FailureTests {
  /// Time that passes at once: waits are noted and over immediately.
  private func fast(_ waits: Notes) -> AgentClock {
    AgentClock(
      nowMs: AgentClock.system.nowMs,
      sleep: { ms in
        waits.add("\(ms)")
        // The grace of an interrupt has to be real time.
        if ms == 50 { await AgentClock.system.sleep(ms) }
      }, jitter: { 0 })
  }

  private func errors(_ harness: AgentHarness) -> [ErrorNotification] {
    harness.sink.notifications.compactMap { if case .error(let value) = $0 { value } else { nil } }
  }

  @Test("L8: 401 is not tried again; the text names the key; the thread goes on")
  func l8_unauthorized() async throws {
    let harness = AgentHarness([
      .status(401, body: #"{"error":{"message":"Incorrect API key","code":"invalid_api_key"}}"#),
      .text("hello"),
    ])
    let thread = try await harness.start().thread.id
    harness.sink.mark("turn")
    let turn = try await harness.turn(thread, "hi")
    #expect(turn.status == .failed)
    #expect(turn.error?.codexErrorInfo == .unauthorized)
    #expect(turn.error?.message.contains("API key (401): Incorrect API key") == true)
    #expect(
      harness.order(after: "turn").suffix(4) == [
        "status systemError", "error final", "thread/readState/changed", "turn/completed failed",
      ])
    #expect(try await harness.turn(thread, "again").status == .completed)
    #expect(harness.order().suffix(2) == ["status idle", "turn/completed completed"])
    #expect(harness.model.requests.count == 2)
    harness.checkInvariants()
  }

  @Test("L8: 503 is tried again silently, then the answer comes", arguments: [408, 409, 425, 500, 503])
  func l8_serverTrouble(status: Int) async throws {
    let waits = Notes()
    let harness = AgentHarness([.status(status), .status(status), .text("hello")], clock: fast(waits))
    let thread = try await harness.start().thread.id
    #expect(try await harness.turn(thread, "hi").status == .completed)
    #expect(waits.all == ["400", "800"])
    #expect(errors(harness).isEmpty)
  }

  @Test("L8: what waiting does not mend fails at once", arguments: [400, 403, 404, 413, 422])
  func l8_notRetried(status: Int) async throws {
    let harness = AgentHarness([.status(status), .text("hello")])
    let thread = try await harness.start().thread.id
    #expect(try await harness.turn(thread, "hi").status == .failed)
    #expect(harness.model.requests.count == 1)
    #expect(try await harness.turn(thread, "again").status == .completed)
  }

  @Test("L9: Retry-After is obeyed; beyond 60 s the turn ends and says when")
  func l9_retryAfter() async throws {
    let waits = Notes()
    let harness = AgentHarness(
      [
        .status(429, headers: [("retry-after", "7")]), .text("hello"),
        .status(429, headers: [("retry-after", "7200")]), .text("later"),
      ], clock: fast(waits))
    let thread = try await harness.start().thread.id
    #expect(try await harness.turn(thread, "hi").status == .completed)
    #expect(waits.all == ["7000"])
    #expect(errors(harness).map(\.willRetry) == [true])
    let failed = try await harness.turn(thread, "more")
    #expect(failed.status == .failed)
    #expect(failed.error?.message.contains("wait for 2 hours") == true)
    #expect(waits.all == ["7000"])
  }

  @Test("L9: 429 without Retry-After waits 1, 2, 4, 8 s")
  func l9_withoutRetryAfter() async throws {
    let waits = Notes()
    let harness = AgentHarness(
      [.status(429), .status(429), .status(429), .status(429), .text("hello")], clock: fast(waits))
    let thread = try await harness.start().thread.id
    #expect(try await harness.turn(thread, "hi").status == .completed)
    #expect(waits.all == ["1000", "2000", "4000", "8000"])
  }

  @Test("tries are bounded by the provider's settings; the error carries the last cause")
  func bounded() async throws {
    let waits = Notes()
    let harness = AgentHarness(
      [.drop("abc", after: 1), .drop("abc", after: 1), .drop("abc", after: 1), .text("hello")],
      provider: "stream_max_retries = 2\nrequest_max_retries = 0", clock: fast(waits))
    let thread = try await harness.start().thread.id
    let turn = try await harness.turn(thread, "hi")
    #expect(turn.status == .failed)
    #expect(errors(harness).map(\.error.message).prefix(2) == ["Reconnecting... 1/2", "Reconnecting... 2/2"])
    #expect(errors(harness).map(\.willRetry) == [true, true, false])
    #expect(try await harness.turn(thread, "again").status == .completed)
    harness.checkInvariants()
  }

  @Test("connection refused: a notice with the wait, without end, until the user interrupts")
  func unreachable() async throws {
    let waits = Notes()
    let harness = AgentHarness(
      [.text("never")],
      clock: AgentClock(
        nowMs: AgentClock.system.nowMs,
        sleep: { ms in
          waits.add("\(ms)")
          if waits.all.count >= 5 { await waits.until("enough") }
        }, jitter: { 0 }))
    let thread = try await harness.start().thread.id
    harness.model.stop()
    let turn = try await harness.begin(thread, "hi")
    await waits.until("30000")
    #expect(waits.all.prefix(4) == ["5000", "10000", "20000", "30000"])
    #expect(errors(harness).first?.error.message == "Reconnecting... waiting for network")
    #expect(errors(harness).first?.error.additionalDetails?.contains("Trying again in 5 s.") == true)
    try await harness.interrupt(thread)
    #expect(await harness.ended(turn.id).status == .interrupted)
    waits.add("enough")
  }

  @Test("an event that is no JSON is retried like a cut stream and named in the error")
  func invalidJSON() async throws {
    let harness = AgentHarness([.invalidJSON, .text("hello")], clock: fast(Notes()))
    let thread = try await harness.start().thread.id
    #expect(try await harness.turn(thread, "hi").status == .completed)
    #expect(errors(harness).first?.error.additionalDetails?.contains("not JSON") == true)
  }

  @Test("a page that is no event stream says so")
  func wrongContentType() async throws {
    let harness = AgentHarness([
      .status(200, headers: [("content-type", "text/html")], body: "<html>proxy</html>"), .text("hello"),
    ])
    let thread = try await harness.start().thread.id
    let turn = try await harness.turn(thread, "hi")
    #expect(turn.status == .failed)
    #expect(turn.error?.message.contains("is its base_url right?") == true)
  }

  @Test("context overflow fails with a plain text and leaves the thread usable")
  func overflow() async throws {
    let harness = AgentHarness([
      .respond([.failed(code: "context_length_exceeded", message: "Your input exceeds the context window")]),
      .status(
        400,
        body: #"{"error":{"message":"the request exceeds the available context size, try increasing it"}}"#),
      .text("hello"),
    ])
    let thread = try await harness.start().thread.id
    for _ in 0..<2 {
      let turn = try await harness.turn(thread, "hi")
      #expect(turn.status == .failed)
      #expect(turn.error?.codexErrorInfo == .contextWindowExceeded)
      #expect(turn.error?.message.contains("no longer fits") == true)
    }
    #expect(try await harness.turn(thread, "again").status == .completed)
    #expect(harness.model.requests.count == 3)
  }

  /// As long as answers of models are, and cut.
  private static let long = FakeModel.Step.respond([
    .text(String(repeating: "on and on ", count: 4_000), chunk: 4_000),
    .incomplete(reason: "max_output_tokens"),
  ])

  @Test("L14: an answer cut at the output limit is kept and continued once")
  func l14_continuedOnce() async throws {
    let harness = AgentHarness([
      .respond([.text("first half "), .incomplete(reason: "max_output_tokens")]), .text("second half"),
      Self.long, Self.long, .text("fine"),
    ])
    let thread = try await harness.start().thread.id
    #expect(try await harness.turn(thread, "talk").status == .completed)
    #expect(harness.input(1).contains { $0["content"]?[0]?["text"]?.stringValue == "first half " })
    #expect(try await harness.turn(thread, "talk more").status == .failed)
    #expect(harness.model.requests.count == 4)
    #expect(try await harness.turn(thread, "again").status == .completed)
    harness.checkInvariants()
  }

  @Test("L14: a server that cuts after few tokens is asked for the rest, part by part; silence ends it")
  func l14_smallLimit() async throws {
    func part(_ text: String) -> FakeModel.Step {
      .respond([.text(text), .incomplete(reason: "max_output_tokens")])
    }
    let parts = (1...5).map { part("part \($0) ") }
    let harness = AgentHarness(parts + [.text("the end"), part("x"), part(""), .text("fine")])
    let thread = try await harness.start().thread.id
    #expect(try await harness.turn(thread, "talk").status == .completed)
    #expect(harness.said(5).contains("part 5 "))
    let empty = try await harness.turn(thread, "talk more")
    #expect(empty.status == .failed && empty.error?.message.contains("model_max_output_tokens") == true)
    #expect(harness.model.requests.count == 8)
    #expect(try await harness.turn(thread, "again").status == .completed)
    harness.checkInvariants()
  }

  @Test("L14: an answer without an end is not asked for without an end")
  func l14_endless() {
    var answer = CutAnswer()
    var parts = 0
    while answer.goesOn(after: "and \(parts) ", tokens: 20) { parts += 1 }
    #expect((10...100).contains(parts))
    #expect(answer.take().hasPrefix("and 0 and 1 "))
  }

  @Test("L14: a model that says the same part again is not asked on; the text says why")
  func l14_repeats() async throws {
    let part = FakeModel.Step.respond([.text("over and over "), .incomplete(reason: "max_output_tokens")])
    let harness = AgentHarness([part, part, .text("fine")])
    let thread = try await harness.start().thread.id
    let turn = try await harness.turn(thread, "talk")
    #expect(turn.status == .failed && turn.error?.message.contains("the same words again") == true)
    #expect(harness.model.requests.count == 2)
    #expect(try await harness.turn(thread, "again").status == .completed)
    #expect(harness.said(2).filter { $0 == "over and over " }.count == 2, "what was shown is kept")
    harness.checkInvariants()
  }

  @Test("L12: the same call with the same result five times: the user is asked")
  func l12_loop() async throws {
    let tool = ScriptedTool("look") { _, _ in .text("nothing new") }
    let calls = Array(repeating: FakeModel.Step.call("look", ["at": "it"]), count: 5)
    let harness = AgentHarness(calls + [.text("enough")], tools: [tool])
    harness.sink.setAnswer { _ in .success(["answers": ["continue": ["answers": ["Go on"]]]]) }
    let thread = try await harness.start().thread.id
    #expect(try await harness.turn(thread, "go").status == .completed)
    #expect(harness.order().filter { $0 == "request item/tool/requestUserInput" }.count == 1)
    #expect(harness.order().contains("status active waitingOnUserInput"))
  }

  @Test("L12: another result, other arguments or another call between: the user is left in peace")
  func l12_noLoop() async throws {
    let count = Mutex(0)
    let tools = [
      ScriptedTool("look") { _, _ in .text("result \(count.withLock { $0 += 1; return $0 })") },
      ScriptedTool("stay") { _, _ in .text("the same") },
    ]
    let look = FakeModel.Step.call("look", ["at": "it"])
    let stay = FakeModel.Step.call("stay", ["at": "it"])
    let steps =
      Array(repeating: look, count: 7) + (1...7).map { .call("stay", ["at": .string("place \($0)")]) }
      + [stay, stay, stay, stay, look, stay, stay, stay, stay]
    let harness = AgentHarness(steps + [.text("enough")], tools: tools)
    harness.sink.setAnswer { _ in .success(["answers": ["continue": ["answers": ["Stop"]]]]) }
    let thread = try await harness.start().thread.id
    #expect(try await harness.turn(thread, "go").status == .completed)
    #expect(harness.order().filter { $0.hasPrefix("request ") } == [])
    #expect(harness.model.requests.count == steps.count + 1)
  }

  @Test("a state directory that can't be written: a warning, and the thread works in memory")
  func readOnlyState() async throws {
    let home = TempDirectory("home")
    home.write("threads", "a file where the folder should be")
    let harness = AgentHarness([.text("hello")], home: home)
    let thread = try await harness.start()
    #expect(thread.thread.path == nil)
    #expect(try await harness.turn(thread.thread.id, "hi").status == .completed)
    #expect(harness.warnings.contains { $0.hasPrefix("The thread can't be saved: ") })
  }

  @Test("no model anywhere: the turn fails with what to do, and the looks say what was looked for")
  func noModel() async throws {
    let dead = ["ollama", "lmstudio", "llamacpp", "vllm"].map {
      "[model_providers.\($0)]\nbase_url = \"http://127.0.0.1:1/v1\""
    }
    let harness = AgentHarness([], settings: dead.joined(separator: "\n"), model: nil)
    let thread = try await harness.start().thread.id
    let turn = try await harness.turn(thread, "hi")
    #expect(turn.status == .failed)
    #expect(turn.error?.message.contains("OPENAI_API_KEY") == true)
    let resolution = await withCheckedContinuation { continuation in
      harness.agent.modelResolution(cwd: harness.work.path) { continuation.resume(returning: $0) }
    }
    #expect(resolution.target == nil)
    #expect(resolution.looks.map(\.place).prefix(2) == ["model in config.toml", "OPENAI_API_KEY"])
  }
}
