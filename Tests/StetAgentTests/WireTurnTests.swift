import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// Whole turns over the other wires, through the real agent and real HTTP: the same behaviour, other bytes.
@Suite(.timeLimit(.minutes(10)))
struct WireTurnTests {
  static let wires = ["chat", "messages"]

  /// A later request begins with the bytes of the earlier one.
  private func checkPrefixes(_ harness: AgentHarness, _ location: SourceLocation = #_sourceLocation) {
    harness.checkInvariants(location)
    for (earlier, later) in zip(harness.model.bodies, harness.model.bodies.dropFirst()) {
      #expect(later.starts(with: earlier.dropLast(2)), sourceLocation: location)
    }
  }

  /// Results of calls in a request: the call's id and the text.
  private func results(_ harness: AgentHarness, _ request: Int) -> [String] {
    harness.messages(request).flatMap { message -> [String] in
      if message["role"]?.stringValue == "tool" { return [message["content"]?.stringValue ?? "-"] }
      let blocks = message["content"]?.arrayValue ?? []
      return blocks.filter { $0["type"]?.stringValue == "tool_result" }.map {
        $0["content"]?.stringValue ?? "-"
      }
    }
  }

  @Test("V1: a turn of text, a second one on the same prefix", arguments: wires)
  func v1_text(wire: String) async throws {
    let harness = AgentHarness(
      [.text("Hello there, 字 and more", chunk: 3), .text("Again")], wire: wire, flags: WireFlags())
    let thread = try await harness.start().thread.id
    let turn = try await harness.turn(thread, "say hi")
    #expect(turn.status == .completed && turn.texts.last == "Hello there, 字 and more")
    let deltas = harness.sink.notifications.compactMap {
      if case .agentMessageDelta(let value) = $0 { value.delta } else { nil }
    }
    #expect(deltas.joined() == "Hello there, 字 and more")
    try await harness.turn(thread, "and again")
    checkPrefixes(harness)
    #expect(harness.model.requestHeaders.count == 2)
  }

  @Test("V1: reasoning, parallel calls, results in call order", arguments: wires)
  func v1_parallelCalls(wire: String) async throws {
    let notes = Notes()
    let tools = [
      ScriptedTool("slow") { _, _ in
        await notes.until("fast done")
        return .text("slow output")
      },
      ScriptedTool("fast") { call, _ in
        notes.add("fast done")
        return .text("fast \(call.arguments["n"]?.intValue ?? 0)")
      },
    ]
    let harness = AgentHarness(
      [
        .respond([.reasoning("hm"), .text("I look."), .call("slow", [:]), .call("fast", ["n": 7])]),
        .respond([.call("fast", ["n": 8])]), .text("done"),
      ], tools: tools, wire: wire, flags: WireFlags())
    let thread = try await harness.start().thread.id
    let turn = try await harness.turn(thread, "go")
    #expect(turn.status == .completed)
    #expect(results(harness, 1) == ["slow output", "fast 7"])
    #expect(results(harness, 2) == ["slow output", "fast 7", "fast 8"])
    #expect(harness.order().contains("completed reasoning"))
    checkPrefixes(harness)
  }

  @Test("L7: a steer during a call comes after its result, in the next request", arguments: wires)
  func l7_steer(wire: String) async throws {
    let notes = Notes()
    let tool = ScriptedTool("wait") { _, _ in
      notes.add("runs")
      await notes.until("steered")
      return .text("waited")
    }
    let harness = AgentHarness(
      [.call("wait", [:]), .text("fine"), .text("next")], tools: [tool], wire: wire, flags: WireFlags())
    let thread = try await harness.start().thread.id
    let turn = try await harness.begin(thread, "go")
    await notes.until("runs")
    let params = TurnSteerParams(threadId: thread, expectedTurnId: turn.id, input: [.text("also this")])
    let _: TurnSteerResponse = try await harness.call { harness.agent.turnSteer(params, reply: $0) }
    notes.add("steered")
    _ = await harness.ended(turn.id)
    try await harness.turn(thread, "again")
    #expect(results(harness, 1) == ["waited"])
    #expect(harness.messages(1).last?.text.contains("also this") == true)
    #expect(harness.model.bodies[2].count > harness.model.bodies[1].count)
    checkPrefixes(harness)
  }

  @Test(
    "L5: a steer while text streams: what was shown stays, and what was sent is not changed", arguments: wires
  )
  func l5_steerWhileStreaming(wire: String) async throws {
    let gate = Gate()
    let harness = AgentHarness(
      [.respond([.text("one two three", chunk: 4, gates: [2: gate])]), .text("as you wish")], wire: wire,
      flags: WireFlags())
    let thread = try await harness.start().thread.id
    let turn = try await harness.begin(thread, "count")
    await harness.sink.until { $0.filter { $0.short == "delta" }.count == 2 }
    let params = TurnSteerParams(threadId: thread, expectedTurnId: turn.id, input: [.text("in German")])
    let _: TurnSteerResponse = try await harness.call { harness.agent.turnSteer(params, reply: $0) }
    #expect(await harness.ended(turn.id).status == .completed)
    gate.open()
    #expect(harness.messages(1).suffix(2).first?.text.contains("one two ") == true)
    checkPrefixes(harness)
  }

  @Test("V6: arguments that the output limit cut are not run; the model is told", arguments: wires)
  func v6_partialArguments(wire: String) async throws {
    let tool = ScriptedTool("write", .write) { _, _ in .text("must not run") }
    let harness = AgentHarness(
      [
        .respond([
          .callText("write", #"{"path":"a","content":"half"#), .incomplete(reason: "max_output_tokens"),
        ]),
        .text("I see"),
      ], tools: [tool], wire: wire, flags: WireFlags())
    let thread = try await harness.start().thread.id
    #expect(try await harness.turn(thread, "go").status == .completed)
    #expect(results(harness, 1).first?.contains("cut off at the output limit") == true)
    checkPrefixes(harness)
  }

  @Test("V6: calls count, not the reason that is named for the end")
  func v6_stopWithCalls() async throws {
    let tool = ScriptedTool("look") { _, _ in .text("seen") }
    let call = #"{"index":0,"function":{"name":"look","arguments":"{}"}}"#
    let chunk = #"{"choices":[{"index":0,"delta":{"tool_calls":[\#(call)]},"finish_reason":"stop"}]}"#
    let harness = AgentHarness(
      [.raw("data: \(chunk)\n\n"), .text("done")], tools: [tool], wire: "chat", flags: WireFlags())
    let thread = try await harness.start().thread.id
    #expect(try await harness.turn(thread, "go").status == .completed)
    #expect(results(harness, 1) == ["seen"])
  }

  @Test("V7: a flagged model's call in text runs; a tool that is not there stays text")
  func v7_textCalls() async throws {
    let tool = ScriptedTool("look") { call, _ in .text("saw \(call.arguments.text)") }
    var flags = WireFlags()
    flags.textToolCalls = true
    let harness = AgentHarness(
      [
        .text(#"Well. <tool_call>{"name":"look","arguments":{"n":1}}</tool_call>"#, chunk: 5),
        .text(#"<tool_call>{"name":"ghost","arguments":{}}</tool_call>"#),
      ], tools: [tool], wire: "chat", flags: flags)
    let thread = try await harness.start().thread.id
    let turn = try await harness.turn(thread, "go")
    #expect(results(harness, 1) == [#"saw {"n":1}"#])
    #expect(turn.texts.last == #"<tool_call>{"name":"ghost","arguments":{}}</tool_call>"#)
    checkPrefixes(harness)
  }

  @Test("L14: an answer that the limit cut goes on once", arguments: wires)
  func l14_continued(wire: String) async throws {
    let harness = AgentHarness(
      [.respond([.text("first half "), .incomplete(reason: "max_output_tokens")]), .text("second half")],
      wire: wire, flags: WireFlags())
    let thread = try await harness.start().thread.id
    #expect(try await harness.turn(thread, "talk").status == .completed)
    #expect(harness.messages(1).contains { $0.text.contains("first half ") })
    checkPrefixes(harness)
  }

  @Test("L8: a server that is overloaded in the middle of a stream is asked again", arguments: wires)
  func l8_overloaded(wire: String) async throws {
    let clock = AgentClock(nowMs: AgentClock.system.nowMs, sleep: { _ in }, jitter: { 0 })
    let harness = AgentHarness(
      [
        .respond([.text("Hal"), .failed(code: "overloaded_error", message: "Overloaded")]),
        .drop("abc", after: 1),
        .text("Hello"),
      ], clock: clock, wire: wire, flags: WireFlags())
    let thread = try await harness.start().thread.id
    #expect(try await harness.turn(thread, "hi").status == .completed)
    #expect(harness.model.requests.count == 3)
    checkPrefixes(harness)
  }

  @Test("V9: the last two turns of the user are marked, and the usage counts what the cache gave")
  func v9_usage() async throws {
    let tool = ScriptedTool("look") { _, _ in .text("seen") }
    var flags = WireFlags()
    flags.cacheControl = true
    let harness = AgentHarness(
      [
        .respond([.reasoning("hm"), .call("look", [:])], usage: FakeModel.Usage(input: 900)),
        .respond([.text("done")], usage: FakeModel.Usage(input: 1_000, cached: 880)),
      ], tools: [tool], wire: "messages", flags: flags)
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "go")
    let usage = harness.sink.notifications.compactMap {
      if case .threadTokenUsageUpdated(let value) = $0 { value.tokenUsage.last } else { nil }
    }
    #expect(usage.last?.inputTokens == 1_000 && usage.last?.cachedInputTokens == 880)
    let text = String(decoding: harness.model.bodies[1], as: UTF8.self)
    #expect(text.split(separator: "cache_control").count - 1 == 4)
    #expect(text.contains(#""thinking":"hm","signature":"SIG-1-0""#))
    harness.checkInvariants()
  }

  @Test("the Messages wire: its version and its key; a token of the configuration is a bearer token")
  func headers() async throws {
    let keyed = AgentHarness(
      [.text("x")], provider: "env_key = \"ANT\"", environment: ["ANT": "sk-1"], wire: "messages")
    try await keyed.turn(try await keyed.start().thread.id, "hi")
    func header(_ harness: AgentHarness, _ name: String) -> String? {
      harness.model.requestHeaders.first?.first { $0.0 == name }?.1
    }
    #expect(header(keyed, "anthropic-version") == "2023-06-01")
    #expect(header(keyed, "x-api-key") == "sk-1" && header(keyed, "authorization") == nil)
    let token = AgentHarness([.text("x")], provider: "experimental_bearer_token = \"tok\"", wire: "messages")
    try await token.turn(try await token.start().thread.id, "hi")
    #expect(header(token, "authorization") == "Bearer tok" && header(token, "x-api-key") == nil)
  }

  @Test("V8: one thread goes on over three servers with three wires, and nothing of one goes to another")
  func v8_threeServers() async throws {
    let tool = ScriptedTool("look") { _, _ in .text("seen") }
    let work = TempDirectory("work")
    var harness = AgentHarness(
      [.respond([.reasoning("thought one"), .call("look", [:])]), .text("one")], tools: [tool], work: work,
      flags: WireFlags())
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    for (wire, model) in [
      ("chat", "second-model"), ("messages", "third-model"), ("responses", "fourth-model"),
    ] {
      await harness.agent.shutdown()
      var flags = WireFlags()
      flags.reasoningField = .reasoningContent
      harness = AgentHarness(
        [.respond([.reasoning("thought of \(model)"), .call("look", [:])]), .text(model), .text("more")],
        tools: [tool], model: model, home: harness.home, work: work, wire: wire, flags: flags)
      var params = ThreadResumeParams(threadId: thread)
      params.model = model
      let _: ThreadResumeResponse = try await harness.call {
        harness.agent.threadResume(params, reply: $0)
      }
      #expect(try await harness.turn(thread, "go on").status == .completed)
      #expect(try await harness.turn(thread, "and on").status == .completed)
      let body = String(decoding: harness.model.bodies[0], as: UTF8.self)
      for foreign in ["thought", "ENC-", "SIG-", "encrypted_content\":\""] {
        #expect(!body.contains(foreign), "\(wire) was sent \(foreign)")
      }
      // Its own reasoning goes back to it.
      let own =
        ["chat": "thought of second-model", "messages": "SIG-1-0", "responses": "ENC-1-0"][wire] ?? ""
      #expect(String(decoding: harness.model.bodies[2], as: UTF8.self).contains(own))
      checkPrefixes(harness)
    }
  }
}
