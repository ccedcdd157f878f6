import Glibc
import StetJSON
import StetProtocol
import StetRPC
import Synchronization
import Testing

@testable import StetServer

@Suite struct ClientQueueTests {
  private let time = VirtualClock()

  private func delta(_ text: String, item: String = "i", index: Int? = nil) -> TextDelta {
    let notification: ServerNotification =
      if let index {
        .reasoningSummaryTextDelta(
          .init(threadId: "t", turnId: "u", itemId: item, delta: text, summaryIndex: index))
      } else {
        .agentMessageDelta(.init(threadId: "t", turnId: "u", itemId: item, delta: text))
      }
    guard let delta = TextDelta(notification, emittedAtMs: 0) else { preconditionFailure("no delta") }
    return delta
  }

  private func text(_ messages: [Message], item: String = "i") -> String {
    messages.compactMap { message -> String? in
      guard case .notification(_, let params?, _, _) = message, params["itemId"] == .string(item) else {
        return nil
      }
      return params["delta"]?.stringValue
    }.joined()
  }

  @Test("A6: a client that keeps up gets every delta as it was")
  func noMergingWhileKeepingUp() {
    let transport = StuckTransport()
    transport.allow(1_000)
    let queue = ClientQueue(transport: transport, clock: { 0 })
    for number in 0..<50 { #expect(queue.append(delta("\(number)"))) }
    queue.finish(withinMs: 60_000)
    #expect(transport.sent.withLock { $0.count } == 50)
  }

  @Test("A6: no delta is held back for others to join it")
  func nothingIsHeldBack() {
    let transport = StuckTransport()
    let queue = ClientQueue(transport: transport, clock: { 0 })
    for number in 1...200 {
      // One that reads: each delta is through before the next one comes, and no clock has moved.
      transport.allow(1)
      #expect(queue.append(delta("\(number)")))
      while transport.sent.withLock({ $0.count }) < number { sched_yield() }
    }
    queue.close()
  }

  @Test("A4, A6: deltas for a client that is behind are merged without loss, in bounded space")
  func merging() {
    let transport = StuckTransport()
    let queue = ClientQueue(transport: transport, clock: { 0 })
    var expected = ["i": "", "j": ""]
    for number in 0..<100_000 {
      let item = number.isMultiple(of: 2) ? "i" : "j"
      #expect(queue.append(delta("\(number) ", item: item)))
      expected[item]? += "\(number) "
    }
    transport.allow(100_000)
    queue.finish(withinMs: 60_000)
    let sent = transport.sent.withLock { $0 }
    #expect(sent.count <= 1_030)
    #expect(text(sent, item: "i") == expected["i"])
    #expect(text(sent, item: "j") == expected["j"])
  }

  @Test("nothing is merged over another message of the item, nor over another part")
  func barriers() {
    let transport = StuckTransport()
    let queue = ClientQueue(
      transport: transport, clock: { 0 },
      limits: ClientQueue.Limits(mergeFrom: 0, capacity: 0))
    _ = queue.append(delta("a"))
    _ = queue.append(delta("b"))
    _ = queue.append(.notification(method: "item/completed", params: ["itemId": "i"]), itemId: "i")
    _ = queue.append(delta("c"))
    _ = queue.append(delta("0", item: "r", index: 0))
    _ = queue.append(delta("1", item: "r", index: 1))
    _ = queue.append(delta("00", item: "r", index: 0))
    transport.allow(100)
    queue.finish(withinMs: 60_000)
    let sent = transport.sent.withLock { $0 }
    let deltas = sent.map { message -> String in
      if case .notification(let method, let params, _, _) = message {
        params?["delta"]?.stringValue ?? method
      } else {
        ""
      }
    }
    // "a" may have been on its way already when "b" came.
    #expect(
      deltas == ["ab", "item/completed", "c", "0", "1", "00"]
        || deltas == ["a", "b", "item/completed", "c", "0", "1", "00"])
  }

  @Test("A4: starts, completions and requests are never dropped")
  func nothingElseIsDropped() {
    let transport = StuckTransport()
    let queue = ClientQueue(transport: transport, clock: { 0 })
    for number in 0..<5_000 {
      #expect(queue.append(.result(id: .int(Int64(number)), [:])))
    }
    transport.allow(5_000)
    queue.finish(withinMs: 60_000)
    #expect(transport.sent.withLock { $0 }.count == 5_000)
  }

  @Test("A4: a client that takes nothing for half a minute is let go")
  func letGo() {
    let transport = StuckTransport()
    let queue = ClientQueue(transport: transport, clock: time.now)
    func append(at ms: Int64) -> Bool {
      time.set(ms)
      return queue.append(.notification(method: "n", params: nil))
    }
    #expect(append(at: 0))
    #expect(append(at: 29_999))
    // The first sight of the stall may be a process that was stopped: a second look decides.
    #expect(append(at: 40_000))
    #expect(append(at: 40_900))
    #expect(!append(at: 41_000))
    queue.close()
    #expect(transport.closed)
  }

  @Test("a client that takes something in time is kept")
  func slowIsKept() {
    let transport = StuckTransport()
    let queue = ClientQueue(transport: transport, clock: time.now)
    for second in 0..<20 {
      time.set(Int64(second) * 20_000)
      #expect(queue.append(.notification(method: "n", params: nil)))
      transport.allow(1)
      while transport.sent.withLock({ $0.count }) <= second { sched_yield() }
    }
    queue.close()
  }

  @Test("a queue without end lets its client go")
  func hardEnd() {
    let transport = StuckTransport()
    let queue = ClientQueue(
      transport: transport, clock: { 0 }, limits: ClientQueue.Limits(most: 10))
    let kept = (0..<20).map { _ in queue.append(.notification(method: "n", params: nil)) }
    #expect(kept.first == true)
    #expect(kept.last == false)
    queue.close()
  }
}

@Suite struct SlowClientTests {
  @Test("a client that reads nothing is let go; the turn and the other client go on")
  func slowClientHarmsNobody() async throws {
    let time = VirtualClock()
    let harness = ServerHarness(nowMs: time.now)
    let deaf = StuckTransport()
    harness.server.accept(deaf)
    deaf.deliver(
      .request(
        id: .int(1), method: "initialize", params: ["clientInfo": ["name": "deaf", "version": "1"]]))
    deaf.deliver(
      .request(
        id: .int(2), method: "thread/resume", params: ["threadId": .string(ScriptedAgent.firstThread)]))
    let client = try await harness.subscriber()
    for number in 0..<2_000 {
      time.set(Int64(number) * 20)
      harness.delta("\(number) ")
    }
    #expect(deaf.closed)
    harness.agent.sink.notify(
      .turnDiffUpdated(.init(threadId: ScriptedAgent.firstThread, turnId: "u", diff: "end")),
      thread: ScriptedAgent.firstThread)
    _ = await client.note("turn/diff/updated")
    let text = client.notes("item/agentMessage/delta").compactMap { $0["delta"]?.stringValue }.joined()
    #expect(text == (0..<2_000).map { "\($0) " }.joined())
  }
}
