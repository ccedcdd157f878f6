import StetAgent
import StetProtocol
import StetTestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct SteerAndInterruptTests {
  private func steer(_ harness: AgentHarness, _ thread: String, _ turn: String, _ text: String) async throws {
    let params = TurnSteerParams(threadId: thread, expectedTurnId: turn, input: [.text(text)])
    let _: TurnSteerResponse = try await harness.call { harness.agent.turnSteer(params, reply: $0) }
  }

  @Test("L5: text that was shown before a steer stays in the history, marked incomplete")
  func l5_shownTextStays() async throws {
    let gate = Gate()
    let harness = AgentHarness([
      .respond([.text("one two three four", chunk: 4, gates: [2: gate])]), .text("as you wish"),
    ])
    let thread = try await harness.start().thread.id
    let turn = try await harness.begin(thread, "count")
    await harness.sink.until { $0.filter { $0.short == "delta" }.count == 2 }
    try await steer(harness, thread, turn.id, "in German")
    #expect(await harness.ended(turn.id).status == .completed)
    gate.open()
    let input = harness.input(1)
    #expect(input.suffix(2).first?["status"]?.stringValue == "incomplete")
    #expect(input.suffix(2).first?["content"]?[0]?["text"]?.stringValue == "one two ")
    #expect(input.last?["content"]?[0]?["text"]?.stringValue == "in German")
    harness.checkInvariants()
  }

  @Test("L7: a steer during a call comes after its output, exactly once")
  func l7_steerAfterTheOutputs() async throws {
    let notes = Notes()
    let tool = ScriptedTool("wait") { _, _ in
      notes.add("runs")
      await notes.until("steered")
      return .text("waited")
    }
    let harness = AgentHarness([.call("wait", [:]), .text("fine"), .text("next")], tools: [tool])
    let thread = try await harness.start().thread.id
    let turn = try await harness.begin(thread, "go")
    await notes.until("runs")
    try await steer(harness, thread, turn.id, "also this")
    #expect(!harness.order().suffix(2).contains("started userMessage"))
    notes.add("steered")
    _ = await harness.ended(turn.id)
    try await harness.turn(thread, "again")
    let input = harness.input(1)
    #expect(input.suffix(2).first?["output"]?.stringValue == "waited")
    #expect(input.last?["content"]?[0]?["text"]?.stringValue == "also this")
    let times = harness.input(2).filter { $0["content"]?[0]?["text"]?.stringValue == "also this" }.count
    #expect(times == 1)
    harness.checkInvariants()
  }

  @Test("turn/start on a running thread is a steer and answers with the running turn")
  func startIsSteer() async throws {
    let gate = Gate()
    let harness = AgentHarness([
      .respond([.text("one two three", chunk: 4, gates: [1: gate])]), .text("yes"),
    ])
    let thread = try await harness.start().thread.id
    let turn = try await harness.begin(thread, "first")
    await harness.sink.until { $0.contains { $0.short == "delta" } }
    let second = try await harness.begin(thread, "second")
    #expect(second.id == turn.id)
    #expect(await harness.ended(turn.id).status == .completed)
    gate.open()
    harness.checkInvariants()
  }

  @Test("steering without a turn, or another turn, is refused with the known texts")
  func steerErrors() async throws {
    let gate = Gate()
    let harness = AgentHarness([.hang(gate)])
    let thread = try await harness.start().thread.id
    await #expect(throws: RPCError.noTurnToSteer) { try await steer(harness, thread, "x", "text") }
    let turn = try await harness.begin(thread, "go")
    await #expect(throws: RPCError.unexpectedTurn(expected: "x", found: turn.id)) {
      try await steer(harness, thread, "x", "text")
    }
    try await harness.interrupt(thread)
    #expect(await harness.ended(turn.id).status == .interrupted)
    gate.open()
  }

  @Test("L6: an interrupt is answered first, then the turn ends; the next turn goes on with the same prefix")
  func l6_interrupt() async throws {
    let gate = Gate()
    let harness = AgentHarness([
      .respond([.text("one two three", chunk: 4, gates: [1: gate])]), .text("back again"),
    ])
    let thread = try await harness.start().thread.id
    let turn = try await harness.begin(thread, "talk")
    await harness.sink.until { $0.contains { $0.short == "delta" } }
    harness.sink.mark("stop")
    try await harness.interrupt(thread, turn.id)
    let ended = await harness.ended(turn.id)
    #expect(ended.status == .interrupted)
    #expect(
      harness.order(after: "stop") == [
        "reply", "completed agentMessage", "status idle", "turn/completed interrupted",
      ])
    gate.open()
    #expect(try await harness.turn(thread, "go on").status == .completed)
    let texts = harness.input(1).compactMap { $0["content"]?[0]?["text"]?.stringValue }
    #expect(texts.contains { $0.hasPrefix("<turn_aborted>") })
    harness.checkInvariants()
  }

  @Test("L6: a message right behind an interrupt begins a turn of its own")
  func l6_startBehindInterrupt() async throws {
    let gate = Gate()
    let tool = ScriptedTool("stuck") { _, _ in
      await gate.opened()
      return .text("too late")
    }
    let harness = AgentHarness([.call("stuck", [:]), .text("seen")], tools: [tool])
    let thread = try await harness.start().thread.id
    let first = try await harness.begin(thread, "go")
    await harness.model.untilRequests(1)
    try await harness.interrupt(thread, first.id)
    let second = try await harness.begin(thread, "the second")
    #expect(second.id != first.id)
    #expect(await harness.ended(second.id).status == .completed)
    #expect(await harness.ended(first.id).status == .interrupted)
    gate.open()
  }

  @Test("L6: the running call is cancelled, its output says so, the turn does not wait for it")
  func l6_interruptDuringACall() async throws {
    let notes = Notes()
    let tool = ScriptedTool("stuck") { call, context in
      context.items.started(
        .commandExecution(
          CommandExecutionItem(
            id: call.itemId, command: "sleep", cwd: "/", status: .inProgress, commandActions: [])))
      notes.add("runs")
      await withTaskCancellationHandler {
        await notes.until("released")
      } onCancel: {
        notes.add("cancelled")
      }
      return .text("too late")
    }
    let harness = AgentHarness([.call("stuck", [:]), .text("fine")], tools: [tool])
    let thread = try await harness.start().thread.id
    let turn = try await harness.begin(thread, "go")
    await notes.until("runs")
    try await harness.interrupt(thread)
    await notes.until("cancelled")
    #expect(await harness.ended(turn.id).status == .interrupted)
    notes.add("released")
    try await harness.turn(thread, "next")
    let outputs = harness.input(1).compactMap { $0["output"]?.stringValue }
    #expect(outputs == ["aborted by user"])
    let item = harness.sink.notifications.compactMap { notification -> CommandExecutionItem? in
      guard case .itemCompleted(let value) = notification, case .commandExecution(let item) = value.item
      else {
        return nil
      }
      return item
    }
    #expect(item.map(\.status) == [.failed])
    harness.checkInvariants()
  }

  @Test("an approval that waits when the turn is interrupted is resolved after turn/completed")
  func approvalAtInterrupt() async throws {
    let notes = Notes()
    let tool = ScriptedTool("ask") { call, context in
      let params = FileChangeRequestApprovalParams(
        threadId: context.threadId, turnId: context.turnId, itemId: call.itemId, startedAtMs: 0)
      let answer = await context.approvals.ask(.fileChangeRequestApproval(params))
      if case .cancelled = answer { notes.add("cancelled") }
      return .text("no answer", success: false)
    }
    let harness = AgentHarness([.call("ask", [:])], tools: [tool])
    let thread = try await harness.start().thread.id
    let turn = try await harness.begin(thread, "go")
    await harness.sink.until { $0.contains { $0.short.hasPrefix("request") } }
    harness.sink.mark("stop")
    try await harness.interrupt(thread)
    _ = await harness.ended(turn.id)
    await harness.sink.until { $0.contains { $0.short == "resolved" } }
    let order = harness.order(after: "stop")
    #expect(order.last == "resolved")
    #expect(order.dropLast().last == "turn/completed interrupted")
    await notes.until("cancelled")
  }

  @Test("an approval: waiting flag, item, request, answer, flag cleared before the call goes on")
  func approvalOrder() async throws {
    let tool = ScriptedTool("ask") { call, context in
      let item = CommandExecutionItem(
        id: call.itemId, command: "ls", cwd: "/", status: .inProgress, commandActions: [])
      let params = CommandExecutionRequestApprovalParams(
        threadId: context.threadId, turnId: context.turnId, itemId: call.itemId, startedAtMs: 0)
      let answer = await context.approvals.ask(
        .commandExecutionRequestApproval(params),
        startItem: { context.items.started(.commandExecution(item)) })
      guard case .answered(let value) = answer else { return .text("no", success: false) }
      var done = item
      done.status = .completed
      context.items.completed(.commandExecution(done))
      return .text(value["decision"]?.stringValue ?? "?")
    }
    let harness = AgentHarness([.call("ask", [:]), .text("ok")], tools: [tool])
    harness.sink.setAnswer { _ in .success(["decision": "accept"]) }
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "go")
    let order = harness.order()
    let start = try #require(order.firstIndex(of: "status active waitingOnApproval"))
    #expect(
      Array(order[start...].prefix(7).filter { !$0.hasSuffix("/updated") }.prefix(5)) == [
        "status active waitingOnApproval", "started commandExecution",
        "request item/commandExecution/requestApproval", "resolved", "status active",
      ])
    #expect(harness.input(1).contains { $0["output"]?.stringValue == "accept" })
    harness.checkInvariants()
  }
}
