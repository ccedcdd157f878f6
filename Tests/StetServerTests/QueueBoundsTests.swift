import Glibc
import StetJSON
import StetProtocol
import StetRPC
import Synchronization
import Testing

@testable import StetServer

@Suite struct QueueBoundsTests {
  private func output(_ text: String) throws -> TextDelta {
    try #require(
      TextDelta(
        .commandExecutionOutputDelta(.init(threadId: "t", turnId: "u", itemId: "c", delta: text)),
        emittedAtMs: 0))
  }

  private func message(_ bytes: Int) -> Message {
    .notification(method: "n", params: ["text": .string(String(repeating: "x", count: bytes))])
  }

  @Test("A4: the output of a command that floods is cut in its middle for a client that reads nothing")
  func flood() throws {
    let transport = StuckTransport()
    let queue = ClientQueue(transport: transport, clock: { 0 })
    let piece = String(repeating: "y\n", count: 32 << 10)
    // 200 MB; the client is kept, since what waits for it is little.
    for number in 0..<3_200 { #expect(queue.append(try output("<\(number)>" + piece))) }
    transport.allow(10_000)
    queue.finish(withinMs: 60_000)
    let texts = transport.sent.withLock { $0 }.compactMap {
      $0.params(of: "item/commandExecution/outputDelta")
    }
    .compactMap { $0["delta"]?.stringValue }
    let all = texts.joined()
    #expect(all.utf8.count < 8 << 20)
    #expect(all.hasPrefix("<0>y\n"))
    #expect(all.hasSuffix("y\ny\n"))
    #expect(all.contains("<3199>"))
    #expect(all.contains(" bytes omitted …\n"))
  }

  @Test("cut output has whole characters only, and says how much is missing")
  func cutAtScalars() throws {
    var delta = try output("")
    let piece = String(repeating: "é€😀", count: 10_000)
    var total = 0
    for _ in 0..<40 {
      delta.join(try output(piece))
      total += piece.utf8.count
    }
    let parts = delta.text.split(separator: "\n")
    try #require(parts.count == 3)
    let omitted = try #require(Int(parts[1].split(separator: " ")[1]))
    #expect(parts[0].utf8.count + parts[2].utf8.count + omitted == total)
    #expect(!delta.text.contains("\u{FFFD}"))
  }

  @Test("A6: text is never cut, however long")
  func textIsWhole() throws {
    let transport = StuckTransport()
    let queue = ClientQueue(transport: transport, clock: { 0 })
    let piece = String(repeating: "abcdefgh", count: 1_000)
    for _ in 0..<2_000 {
      let delta = try #require(
        TextDelta(
          .agentMessageDelta(.init(threadId: "t", turnId: "u", itemId: "i", delta: piece)), emittedAtMs: 0))
      #expect(queue.append(delta))
    }
    transport.allow(10_000)
    queue.finish(withinMs: 60_000)
    let length = transport.sent.withLock { $0 }.compactMap { $0.params(of: "item/agentMessage/delta") }
      .reduce(0) { $0 + ($1["delta"]?.stringValue?.utf8.count ?? 0) }
    #expect(length == 2_000 * piece.utf8.count)
  }

  @Test("A4: bytes are bounded too: beyond the limit the client is let go")
  func bytes() {
    let transport = StuckTransport()
    let limits = ClientQueue.Limits(crowdedBytes: 10_000, mostBytes: 100_000)
    let queue = ClientQueue(transport: transport, clock: { 0 }, limits: limits)
    let kept = (0..<20).map { _ in queue.append(message(10_000)) }
    #expect(kept.prefix(8).allSatisfy { $0 })
    #expect(kept.last == false)
    queue.close()
  }

  @Test("one message may be longer than all that may wait")
  func longMessage() {
    let transport = StuckTransport()
    let limits = ClientQueue.Limits(crowdedBytes: 1_000, mostBytes: 10_000)
    let queue = ClientQueue(transport: transport, clock: { 0 }, limits: limits)
    #expect(queue.append(message(100_000)))
    transport.allow(1)
    queue.finish(withinMs: 60_000)
    #expect(transport.sent.withLock { $0.count } == 1)
  }

  @Test("A4: a client that takes a long message slowly is not let go")
  func trickling() {
    let time = Mutex<Int64>(0)
    let transport = StuckTransport()
    let queue = ClientQueue(transport: transport, clock: { time.withLock { $0 } })
    for second in 0..<20 {
      time.withLock { $0 = Int64(second) * 20_000 }
      transport.trickle(1_000)
      #expect(queue.append(message(1)))
    }
    let kept = (20..<30).map { second in
      time.withLock { $0 = Int64(second) * 20_000 }
      return queue.append(message(1))
    }
    #expect(kept.last == false)
    queue.close()
  }

  @Test("A4: who does not read its results is refused more, but may still interrupt")
  func refusal() async throws {
    let harness = ServerHarness()
    let deaf = StuckTransport()
    harness.server.accept(deaf)
    func ask(_ id: Int64, _ method: String, _ params: JSONValue) {
      deaf.deliver(.request(id: .int(id), method: method, params: params))
    }
    let thread = JSONValue.string(ScriptedAgent.firstThread)
    ask(1, "initialize", ["clientInfo": ["name": "deaf", "version": "1"]])
    ask(2, "thread/resume", ["threadId": thread])
    let text = String(repeating: "x", count: 9 << 20)
    for _ in 0..<2 {
      harness.agent.sink.notify(
        .turnDiffUpdated(.init(threadId: ScriptedAgent.firstThread, turnId: "u", diff: text)),
        thread: ScriptedAgent.firstThread)
    }
    // One of the two may already be on its way, which is not waiting.
    harness.agent.sink.notify(
      .turnDiffUpdated(.init(threadId: ScriptedAgent.firstThread, turnId: "u", diff: text)),
      thread: ScriptedAgent.firstThread)
    ask(3, "thread/list", [:])
    ask(4, "turn/interrupt", ["threadId": thread, "turnId": ""])
    deaf.allow(1_000)
    func errors() -> [(RequestID, RPCError)] {
      deaf.sent.withLock { $0 }.compactMap { message in
        if case .error(let id, let error) = message { (id, error) } else { nil }
      }
    }
    while errors().count < 2 { sched_yield() }
    let errors = errors()
    #expect(errors.map(\.0) == [.int(3), .int(4)])
    #expect(errors.map(\.1) == [.overloaded, .noTurnToInterrupt])
    deaf.close()
  }

  @Test(
    "A4: of one client 128 requests may be unanswered; more are refused at once, until there is room again")
  func unanswered() async throws {
    let harness = ServerHarness()
    let (client, other) = (try await harness.client(), try await harness.client())
    harness.agent.heldLists.withLock { $0 = [] }
    let asked = (0..<200).map { _ in client.ask("thread/list", [:]) }
    for id in asked.dropFirst(128) {
      #expect(await client.response(to: id) == .failure(.overloaded))
    }
    #expect(RPCError.overloaded.code == -32001)
    #expect(RPCError.overloaded.message == "Server overloaded; retry later.")
    // Others are not hindered by it.
    #expect(try await other.call("thread/loaded/list", [:])["data"] != nil)
    let held = harness.agent.heldLists.withLock { held in
      defer { held = nil }
      return held ?? []
    }
    #expect(held.count == 128)
    for answer in held { answer() }
    for id in asked.prefix(128) { _ = try await client.response(to: id).get() }
    _ = try await client.call("thread/list", [:])
  }

  @Test("A4: a turn of 100,000 deltas ends though a client reads nothing; it is let go after half a minute")
  func deafClient() async throws {
    let time = VirtualClock()
    let harness = ServerHarness(nowMs: time.now)
    let deaf = StuckTransport()
    harness.server.accept(deaf)
    deaf.deliver(
      .request(id: .int(1), method: "initialize", params: ["clientInfo": ["name": "deaf", "version": "1"]]))
    deaf.deliver(
      .request(
        id: .int(2), method: "thread/resume", params: ["threadId": .string(ScriptedAgent.firstThread)]))
    let client = try await harness.subscriber()
    for number in 0..<100_000 { harness.delta("\(number) ") }
    func end(_ turn: String) {
      harness.agent.sink.notify(
        .turnCompleted(
          .init(threadId: ScriptedAgent.firstThread, turn: Turn(id: turn, items: [], status: .completed))),
        thread: ScriptedAgent.firstThread)
    }
    end("u1")
    _ = await client.note("turn/completed")
    let text = client.notes("item/agentMessage/delta").compactMap { $0["delta"]?.stringValue }.joined()
    #expect(text == (0..<100_000).map { "\($0) " }.joined())
    #expect(!deaf.closed)
    // 100,000 messages would be more than twice of what makes a client crowded.
    let queues = harness.server.outbox.state.withLock { $0.peers.values.map(\.queue) }
    #expect(queues.count == 2 && queues.allSatisfy { !$0.isCrowded })
    time.set(29_000)
    end("u2")
    #expect(!deaf.closed)
    time.set(30_500)
    end("u3")
    time.set(31_600)
    end("u4")
    #expect(deaf.closed)
    // What had piled up for it was little: deltas were joined.
    #expect(client.notes("turn/completed").count <= 4)
    _ = await client.note("turn/completed", 4)
  }
}
