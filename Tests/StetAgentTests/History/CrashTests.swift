import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// kill -9 at any byte, seen through the agent.
@Suite(.timeLimit(.minutes(10)))
struct CrashTests {
  @Test("R5, R9: a log cut at every byte resumes with its whole records, and takes a turn")
  func r5_everyCut() async throws {
    let echo = ScriptedTool("echo") { call, context in
      var item = CommandExecutionItem(
        id: call.itemId, command: "e", cwd: "/", status: .inProgress, commandActions: [])
      context.items.started(.commandExecution(item))
      item.status = .completed
      context.items.completed(.commandExecution(item))
      return .text("out")
    }
    let first = AgentHarness([.text("a1"), .call("echo", [:]), .text("a2")], tools: [echo])
    let id = try await first.start().thread.id
    try await first.turn(id, "q1")
    try await first.turn(id, "q2")
    let log = try await first.log(id)
    await first.agent.shutdown()
    let whole = try #require(first.home.bytes(log))
    // Before the second turn begins nothing is new; from there on each byte of a line's end and some between.
    let begin = try #require(Self.place(of: #""turn_started""#, from: whole.count / 2, in: whole))
    var turnsSeen = 0
    for cut in begin...whole.count where Self.isTelling(cut, whole) {
      first.home.write(log, bytes: Array(whole[..<cut]), mode: 0o600)
      let after = AgentHarness([], home: first.home, work: first.work)
      let thread = try await after.resume(id).thread
      #expect(thread.turns.first?.texts == ["q1", "a1"], "cut at \(cut)")
      #expect(thread.turns.count >= turnsSeen, "cut at \(cut)")
      turnsSeen = max(turnsSeen, thread.turns.count)
      #expect(thread.turns.allSatisfy { $0.status != .inProgress }, "cut at \(cut)")
      for case .commandExecution(let item) in thread.turns.flatMap(\.items) {
        #expect(item.status != .inProgress, "cut at \(cut)")
      }
      #expect(try await after.turnIds(id) == thread.turns.map(\.id), "cut at \(cut)")
      await after.agent.shutdown()
    }
    #expect(turnsSeen == 2)
  }

  @Test("R9: a command that ran when the process was killed is shown as failed, read or resumed")
  func r9_runningItem() async throws {
    let notes = Notes()
    let stuck = ScriptedTool("stuck") { call, context in
      let item = CommandExecutionItem(
        id: call.itemId, command: "sleep 9", cwd: "/", status: .inProgress, commandActions: [])
      context.items.started(.commandExecution(item))
      notes.add("runs")
      await notes.until("never")
      return .text("")
    }
    let first = AgentHarness([.call("stuck", [:])], tools: [stuck])
    let id = try await first.start().thread.id
    let turn = try await first.begin(id, "go")
    await notes.until("runs")
    let log = try await first.log(id)
    let killed = try #require(first.home.bytes(log))
    try await first.interrupt(id)
    _ = await first.ended(turn.id)
    notes.add("never")
    await first.agent.shutdown()
    first.home.write(log, bytes: killed, mode: 0o600)

    let after = AgentHarness([.text("back")], home: first.home, work: first.work)
    for thread in [try await after.read(id), try await after.resume(id).thread, try await after.read(id)] {
      #expect(thread.turns.map(\.status) == [.interrupted])
      let commands = thread.turns[0].items.compactMap {
        if case .commandExecution(let item) = $0 { item } else { nil }
      }
      #expect(commands.map(\.command) == ["sleep 9"] && commands.map(\.status) == [.failed])
    }
    try await after.turn(id, "and now?")
    let outputs = after.input(0).compactMap { $0["output"]?.stringValue }
    #expect(outputs == ["no result: stet was stopped while this call ran"])
    after.checkInvariants()
  }

  private static func place(of text: String, from start: Int, in bytes: [UInt8]) -> Int? {
    let word = Array(text.utf8)
    return (start..<(bytes.count - word.count)).first { bytes[$0..<($0 + word.count)].elementsEqual(word) }
  }

  /// Around the ends of lines every byte, between them each 97th: what is inside a line makes no difference.
  private static func isTelling(_ cut: Int, _ bytes: [UInt8]) -> Bool {
    cut % 97 == 0 || bytes[max(0, cut - 2)..<min(bytes.count, cut + 2)].contains(UInt8(ascii: "\n"))
  }
}
