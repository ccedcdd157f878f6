import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// Turns over real HTTP: the notifications in the order of protocol.md §4, and what the model is sent.
@Suite(.timeLimit(.minutes(10)))
struct TurnFlowTests {
  @Test("a first turn: result, status, started, user, message, usage, idle, completed")
  func firstTurn() async throws {
    let harness = AgentHarness([.text("Hello there, how are you today?")])
    let thread = try await harness.start()
    #expect(harness.order() == ["reply", "thread/started"])
    harness.sink.mark("turn")
    let turn = try await harness.turn(thread.thread.id, "say hi")
    #expect(
      harness.order(after: "turn") == [
        "reply", "status active", "turn/started", "started userMessage", "completed userMessage",
        "started agentMessage", "delta", "completed agentMessage", "thread/tokenUsage/updated",
        "account/rateLimits/updated", "thread/readState/changed", "status idle", "turn/completed completed",
      ])
    #expect(turn.itemsView == .summary)
    guard case .agentMessage(let message)? = turn.items.first else { throw Missing() }
    #expect(message.text == "Hello there, how are you today?")
    harness.checkInvariants()
  }

  @Test("the deltas of a message are its text; a flood of them is joined")
  func deltasAreTheText() async throws {
    let text = String(repeating: "Ein Wort, 字, 🙂 und mehr. ", count: 400)
    let harness = AgentHarness([.text(text, chunk: 7)])
    let thread = try await harness.start()
    try await harness.turn(thread.thread.id, "talk")
    let deltas = harness.sink.notifications.compactMap {
      if case .agentMessageDelta(let value) = $0 { value.delta } else { nil }
    }
    #expect(deltas.joined() == text)
    #expect(deltas.count > 1 && deltas.count < text.count / 7)
  }

  @Test("L1: outputs follow in call order, whatever finishes first")
  func l1_outputsInCallOrder() async throws {
    let notes = Notes()
    let tools = [
      ScriptedTool("slow") { _, _ in
        await notes.until("fast done")
        return .text("slow output")
      },
      ScriptedTool("fast") { _, _ in
        notes.add("fast done")
        return .text("fast output")
      },
    ]
    let harness = AgentHarness([.calls(("slow", [:]), ("fast", [:])), .text("done")], tools: tools)
    let thread = try await harness.start()
    try await harness.turn(thread.thread.id, "go")
    let outputs = harness.input(1).filter { $0["type"]?.stringValue == "function_call_output" }
    #expect(outputs.map { $0["output"]?.stringValue } == ["slow output", "fast output"])
    harness.checkInvariants()
  }

  @Test("L2: a write between two reads runs alone")
  func l2_writeRunsAlone() async throws {
    let notes = Notes()
    let read = ScriptedTool("read") { call, _ in
      notes.add("read \(call.arguments["n"]?.intValue ?? 0) begins")
      await Task.yield()
      notes.add("read \(call.arguments["n"]?.intValue ?? 0) ends")
      return .text("read")
    }
    let write = ScriptedTool("write", .write) { _, _ in
      notes.add("write begins")
      await Task.yield()
      notes.add("write ends")
      return .text("written")
    }
    let harness = AgentHarness(
      [.calls(("read", ["n": 1]), ("write", [:]), ("read", ["n": 2])), .text("done")], tools: [read, write])
    let thread = try await harness.start()
    try await harness.turn(thread.thread.id, "go")
    #expect(
      notes.all == [
        "read 1 begins", "read 1 ends", "write begins", "write ends", "read 2 begins", "read 2 ends",
      ])
  }

  @Test("an unknown tool and arguments that are no JSON are outputs, not errors")
  func unknownToolAndBadArguments() async throws {
    let tool = ScriptedTool("real") { _, _ in .text("never") }
    let harness = AgentHarness(
      [.respond([.call("ghost", [:]), .callText("real", "{\"a\": tru")]), .text("I see")], tools: [tool])
    let thread = try await harness.start()
    let turn = try await harness.turn(thread.thread.id, "go")
    #expect(turn.status == .completed)
    let outputs = harness.input(1).compactMap { $0["output"]?.stringValue }
    #expect(outputs.first == "unsupported call: ghost")
    #expect(outputs.last?.hasPrefix("failed to parse function arguments: ") == true)
    harness.checkInvariants()
  }

  @Test("L3: a call that was whole before the stream broke runs once and goes with the retry")
  func l3_callRunsOnce() async throws {
    let notes = Notes()
    let tool = ScriptedTool("count") { _, _ in
      notes.add("ran")
      return .text("counted")
    }
    let harness = AgentHarness(
      [.respond([.call("count", [:]), .text("half a sen", chunk: 4, cutAfter: 2)]), .text("done")],
      tools: [tool])
    let thread = try await harness.start()
    let turn = try await harness.turn(thread.thread.id, "go")
    #expect(turn.status == .completed)
    #expect(notes.all == ["ran"])
    #expect(harness.input(1).contains { $0["output"]?.stringValue == "counted" })
    #expect(harness.order().contains("error retry"))
    harness.checkInvariants()
  }

  @Test("L4: a cut message is completed with the text that was shown")
  func l4_cutMessageCompletes() async throws {
    let harness = AgentHarness([.drop("abcdefghijkl", after: 2, chunk: 4), .text("whole")])
    let thread = try await harness.start()
    try await harness.turn(thread.thread.id, "go")
    let messages = harness.sink.notifications.compactMap { notification -> String? in
      guard case .itemCompleted(let value) = notification, case .agentMessage(let item) = value.item else {
        return nil
      }
      return item.text
    }
    #expect(messages == ["abcdefgh", "whole"])
    harness.checkInvariants()
  }

  struct Missing: Error {}
}
