import StetJSON
import StetProtocol
import StetTestSupport
import Testing

@Suite struct SubscriptionTests {
  private let thread = JSONValue.string(ScriptedAgent.firstThread)

  @Test("the result of thread/start comes before thread/started, which everyone gets")
  func startOrder() async throws {
    let harness = ServerHarness()
    let (starter, watcher) = (try await harness.client(), try await harness.client())
    let id = starter.ask("thread/start", [:])
    _ = await starter.note("thread/started")
    #expect(isSubsequence(["#\(id)", "thread/started"], of: starter.order))
    #expect(await watcher.note("thread/started")["thread"]?["id"] == thread)
    #expect(try await watcher.call("thread/loaded/list", [:])["data"] == [thread])
  }

  @Test("only subscribers follow a thread; turn/start subscribes nobody")
  func subscribersOnly() async throws {
    let harness = ServerHarness()
    let (starter, other) = (try await harness.client(), try await harness.client())
    try await starter.call("thread/start", [:])
    let id = other.ask("turn/start", ["threadId": thread, "input": [["type": "text", "text": "hi"]]])
    _ = try await other.response(to: id).get()
    _ = await starter.note("turn/started")
    harness.delta("x")
    #expect(await starter.note("item/agentMessage/delta")["delta"] == "x")
    try await other.settle()
    #expect(other.notes("turn/started").isEmpty)
    #expect(other.notes("item/agentMessage/delta").isEmpty)
    // A change of status goes to everyone.
    harness.agent.sink.notify(
      .threadStatusChanged(.init(threadId: ScriptedAgent.firstThread, status: .idle)),
      thread: ScriptedAgent.firstThread)
    #expect(await other.note("thread/status/changed")["status"] == ["type": "idle"])
  }

  @Test("the result of turn/start comes before turn/started")
  func turnOrder() async throws {
    let harness = ServerHarness()
    let client = try await harness.client()
    try await client.call("thread/start", [:])
    let id = client.ask("turn/start", ["threadId": thread, "input": []])
    _ = await client.note("turn/started")
    #expect(isSubsequence(["#\(id)", "turn/started"], of: client.order))
  }

  @Test func unsubscribe() async throws {
    let harness = ServerHarness()
    let client = try await harness.client()
    try await client.call("thread/start", [:])
    func status(_ id: JSONValue) async throws -> JSONValue? {
      try await client.call("thread/unsubscribe", ["threadId": id])["status"]
    }
    #expect(try await status(thread) == "unsubscribed")
    #expect(try await status(thread) == "notSubscribed")
    #expect(try await status(.string(ScriptedAgent.secondThread)) == "notLoaded")
    harness.delta("x")
    try await client.settle()
    #expect(client.notes("item/agentMessage/delta").isEmpty)
  }

  @Test("A5: two clients of one thread see the same sequence, whatever else goes on")
  func sameSequence() async throws {
    let harness = ServerHarness()
    let clients = [try await harness.subscriber(), try await harness.subscriber()]
    let other = try await harness.client()
    // Three writers at once: one for the thread, one for another thread, one client that asks things.
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for number in 0..<500 {
          harness.delta("\(number),", item: "i\(number % 3)")
          if number.isMultiple(of: 50) {
            harness.agent.sink.notify(
              .turnDiffUpdated(.init(threadId: ScriptedAgent.firstThread, turnId: "u", diff: "\(number)")),
              thread: ScriptedAgent.firstThread)
          }
        }
      }
      group.addTask {
        for number in 0..<200 {
          harness.agent.sink.notify(
            .turnDiffUpdated(.init(threadId: ScriptedAgent.secondThread, turnId: "u", diff: "\(number)")),
            thread: ScriptedAgent.secondThread)
        }
      }
      group.addTask { for _ in 0..<50 { other.ask("thread/loaded/list", [:]) } }
    }
    for client in clients { _ = await client.note("turn/diff/updated", 10) }
    for client in clients { try await client.settle() }
    func sequence(_ client: TestClient) -> [JSONValue] {
      client.messages.compactMap { message in
        guard case .notification(let method, let params, _, _) = message,
          method.hasPrefix("item/") || method.hasPrefix("turn/")
        else { return nil }
        return params
      }
    }
    let all = (0..<500).map { "\($0)," }
    for client in clients {
      for item in 0..<3 {
        let text = client.notes("item/agentMessage/delta").filter { $0["itemId"] == .string("i\(item)") }
          .compactMap { $0["delta"]?.stringValue }.joined()
        #expect(text == stride(from: item, to: 500, by: 3).map { all[$0] }.joined())
      }
      #expect(
        client.notes("turn/diff/updated").compactMap { $0["diff"]?.stringValue }
          == (0..<10).map { "\($0 * 50)" })
    }
    // Neither of the two was behind: then they see the very same.
    if sequence(clients[0]).count == sequence(clients[1]).count {
      #expect(sequence(clients[0]) == sequence(clients[1]))
    }
  }

  @Test("an archived thread has no subscribers any more")
  func archive() async throws {
    let harness = ServerHarness()
    let client = try await harness.subscriber()
    try await client.call("thread/archive", ["threadId": thread])
    _ = await client.note("thread/archived")
    harness.delta("x")
    try await client.settle()
    #expect(client.notes("item/agentMessage/delta").isEmpty)
  }

  @Test("the text of one input is limited")
  func inputSize() async throws {
    let client = try await ServerHarness().client()
    func input(_ count: Int) -> JSONValue {
      [
        "threadId": thread,
        "input": [["type": "text", "text": .string(String(repeating: "é", count: count))]],
      ]
    }
    try await client.call("turn/start", input(1_048_576))
    #expect(await client.error("turn/start", input(1_048_577)) == .inputTooLarge(1_048_577))
    #expect(
      await client.error("turn/steer", ["threadId": thread, "expectedTurnId": "u", "input": []])
        == .invalidRequest("input must not be empty"))
  }
}
