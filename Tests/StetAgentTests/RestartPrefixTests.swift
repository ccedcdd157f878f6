import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// P1 over a restart on the wires that join items to messages: what was sent stays a message of its own.
@Suite(.timeLimit(.minutes(10)))
struct RestartPrefixTests {
  private func check(_ earlier: [UInt8], _ later: [UInt8], _ location: SourceLocation = #_sourceLocation) {
    // Everything but the closing brackets of the messages.
    #expect(later.starts(with: earlier.dropLast(2)), sourceLocation: location)
  }

  @Test(
    "P1: a message that was sent to no avail is not joined by the next one after a restart",
    arguments: [
      "chat", "messages", "responses",
    ])
  func p1_failedTurn(wire: String) async throws {
    let first = AgentHarness([.status(400)], wire: wire, flags: WireFlags())
    let thread = try await first.start().thread.id
    #expect(try await first.turn(thread, "hello").status == .failed)
    let sent = try #require(first.model.bodies.first)
    let second = await first.restarted([.text("well"), .text("again")])
    _ = try await second.resume(thread)
    #expect(try await second.turn(thread, "are you there?").status == .completed)
    check(sent, second.model.bodies[0])
    // Behind an answer nothing is kept apart.
    let third = await second.restarted([.text("more")])
    _ = try await third.resume(thread)
    try await third.turn(thread, "and now")
    check(second.model.bodies[0], third.model.bodies[0])
    #expect(!String(decoding: third.model.bodies[0], as: UTF8.self).contains("Go on."))
  }

  @Test(
    "P1, R9: the note of a turn that a crash cut is not joined to the message that was sent",
    arguments: [
      "chat", "messages", "responses",
    ])
  func p1_crash(wire: String) async throws {
    let gate = Gate()
    let first = AgentHarness([.text("one"), .hang(gate)], wire: wire, flags: WireFlags())
    let thread = try await first.start().thread.id
    try await first.turn(thread, "first")
    let log = try await first.log(thread)
    let turn = try await first.begin(thread, "second")
    await first.model.untilRequests(2)
    // A crash is what the log held at that moment.
    let snapshot = try await eventually("the message is in the log") { () -> [UInt8]? in
      guard let bytes = first.home.bytes(log), bytes.containsText(#""input_text","text":"second""#)
      else { return nil }
      return bytes
    }
    try await first.interrupt(thread, turn.id)
    _ = await first.ended(turn.id)
    gate.open()
    await first.agent.shutdown()
    first.home.write(log, bytes: snapshot, mode: 0o600)
    let second = AgentHarness(
      [.text("two")], home: first.home, work: first.work, wire: wire, flags: WireFlags())
    _ = try await second.resume(thread)
    #expect(try await second.turn(thread, "third").status == .completed)
    check(first.model.bodies[1], second.model.bodies[0])
    #expect(second.model.bodies[0].containsText("<turn_aborted>"))
  }
}
