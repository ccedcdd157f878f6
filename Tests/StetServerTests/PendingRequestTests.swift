import StetAgent
import StetJSON
import StetProtocol
import StetTestSupport
import Synchronization
import Testing

@Suite struct PendingRequestTests {
  private let thread = JSONValue.string(ScriptedAgent.firstThread)

  /// What the agent hears of its questions.
  private final class Outcomes: Sendable {
    let results = Mutex<[Result<JSONValue, RPCError>]>([])
    let gate = Gate()
  }

  private func ask(_ harness: ServerHarness, stet: Bool = false) -> (any PendingRequestToken, Outcomes) {
    let outcomes = Outcomes()
    let review = StetReviewRequest(reviewId: "r", state: .proposed, files: [])
    let token = harness.agent.sink.request(
      .fileChangeRequestApproval(
        .init(
          threadId: ScriptedAgent.firstThread, turnId: "u", itemId: "call_1", startedAtMs: 1,
          stet: stet ? review : nil)), thread: ScriptedAgent.firstThread
    ) { result in
      outcomes.results.withLock { $0.append(result) }
      outcomes.gate.open()
    }
    return (token, outcomes)
  }

  @Test("A7: all subscribers are asked with one id, the first valid answer wins, all are told")
  func firstAnswerWins() async throws {
    let harness = ServerHarness()
    let clients = [try await harness.subscriber(), try await harness.subscriber()]
    let outsider = try await harness.client()
    let (_, first) = ask(harness)
    let (_, second) = ask(harness)
    for client in clients {
      #expect(await client.request(1).id == .int(0))
      #expect(await client.request(2).id == .int(1))
      #expect(await client.request(1).method == "item/fileChange/requestApproval")
    }
    // The second question is answered first, by the other client.
    clients[1].answer(.int(1), ["decision": "decline", "extra": true])
    await second.gate.opened()
    clients[0].answer(.int(1), ["decision": "accept"])
    clients[0].answer(.int(0), ["decision": "accept"])
    await first.gate.opened()
    for client in clients {
      #expect(await client.note("serverRequest/resolved", 1) == ["threadId": thread, "requestId": 1])
      #expect(await client.note("serverRequest/resolved", 2) == ["threadId": thread, "requestId": 0])
    }
    #expect(second.results.withLock { $0 } == [.success(["decision": "decline", "extra": true])])
    #expect(first.results.withLock { $0 } == [.success(["decision": "accept"])])
    try await outsider.settle()
    #expect(outsider.messages.allSatisfy { $0.serverRequest == nil })
    #expect(outsider.notes("serverRequest/resolved").isEmpty)
  }

  @Test("the clients are told before the agent goes on")
  func resolvedComesFirst() async throws {
    let harness = ServerHarness()
    let client = try await harness.subscriber()
    let sink = harness.agent.sink
    _ = sink.request(
      .commandExecutionRequestApproval(
        .init(threadId: ScriptedAgent.firstThread, turnId: "u", itemId: "c", startedAtMs: 1)),
      thread: ScriptedAgent.firstThread
    ) { _ in harness.delta("after") }
    client.answer(await client.request().id, ["decision": "accept"])
    _ = await client.note("item/agentMessage/delta")
    #expect(isSubsequence(["serverRequest/resolved", "item/agentMessage/delta"], of: client.order))
  }

  @Test(
    "an answer that is none fails closed when nobody else can answer",
    arguments: [
      "{}", #"{"decision":"approved"}"#, #"{"decision":{"stetReview":{"files":[]}}}"#,
    ])
  func invalidAnswer(text: String) async throws {
    let harness = ServerHarness()
    let client = try await harness.subscriber()
    let (_, outcomes) = ask(harness)
    client.answer(await client.request().id, try JSONValue(parsing: text))
    await outcomes.gate.opened()
    guard case .failure? = outcomes.results.withLock({ $0.first }) else {
      Issue.record("\(text) passed")
      return
    }
    _ = await client.note("serverRequest/resolved")
  }

  @Test("with a second subscriber an invalid answer or an error leaves the question to that one")
  func invalidThenValid() async throws {
    let harness = ServerHarness()
    let (clumsy, careful) = (try await harness.subscriber(), try await harness.subscriber())
    let (_, outcomes) = ask(harness)
    let id = await clumsy.request().id
    clumsy.transport.send(.error(id: id, .internalError("no user here")))
    try await clumsy.settle()
    #expect(outcomes.results.withLock { $0.isEmpty })
    careful.answer(id, ["decision": "accept"])
    await outcomes.gate.opened()
    #expect(outcomes.results.withLock { $0 } == [.success(["decision": "accept"])])
  }

  @Test("when the one who could still answer leaves the thread, the question fails")
  func lastHopeLeaves() async throws {
    let harness = ServerHarness()
    let (clumsy, other) = (try await harness.subscriber(), try await harness.subscriber())
    let (_, outcomes) = ask(harness)
    clumsy.answer(await clumsy.request().id, [:])
    try await clumsy.settle()
    _ = await other.request()
    try await other.call("thread/unsubscribe", ["threadId": thread])
    await outcomes.gate.opened()
    guard case .failure? = outcomes.results.withLock({ $0.first }) else {
      Issue.record("the question is still open")
      return
    }
  }

  @Test("A7: a question outlives its clients and is asked again, with its id, of whoever joins")
  func survivesDisconnect() async throws {
    let harness = ServerHarness()
    let first = try await harness.subscriber()
    let (_, outcomes) = ask(harness)
    let asked = await first.request()
    first.transport.close()
    await first.closed()

    let second = try await harness.client()
    let resume = second.ask("thread/resume", ["threadId": thread])
    let again = await second.request()
    #expect(again.id == asked.id)
    #expect(again.params == asked.params)
    // It is the last of what a resume brings.
    #expect(
      isSubsequence(
        ["#\(resume)", "thread/goal/cleared", "item/fileChange/requestApproval"], of: second.order))
    second.answer(again.id, ["decision": "cancel"])
    await outcomes.gate.opened()
    #expect(outcomes.results.withLock { $0 } == [.success(["decision": "cancel"])])
  }

  @Test("without a subscriber a question waits for the next one")
  func waitsForSubscriber() async throws {
    let harness = ServerHarness()
    let (_, outcomes) = ask(harness)
    let client = try await harness.subscriber()
    client.answer(await client.request().id, ["decision": "accept"])
    await outcomes.gate.opened()
  }

  @Test("the end of the turn ends the question: clients are told, an answer comes too late")
  func turnEnds() async throws {
    let harness = ServerHarness()
    let client = try await harness.subscriber()
    let (token, outcomes) = ask(harness)
    let id = await client.request().id
    token.resolve()
    token.resolve()
    _ = await client.note("serverRequest/resolved")
    client.answer(id, ["decision": "accept"])
    try await client.settle()
    #expect(client.notes("serverRequest/resolved").count == 1)
    #expect(outcomes.results.withLock { $0.isEmpty })
  }

  @Test("an answer of a client that was not asked is ignored")
  func strangerAnswers() async throws {
    let harness = ServerHarness()
    let (client, stranger) = (try await harness.subscriber(), try await harness.client())
    let (_, outcomes) = ask(harness)
    let id = await client.request().id
    stranger.answer(id, ["decision": "accept"])
    try await stranger.settle()
    #expect(outcomes.results.withLock { $0.isEmpty })
    client.answer(id, ["decision": "decline"])
    await outcomes.gate.opened()
    #expect(outcomes.results.withLock { $0 } == [.success(["decision": "decline"])])
  }

  @Test("the review goes to those who asked for it only; a plain accept by another ends it")
  func mixedReview() async throws {
    let harness = ServerHarness()
    let reviewer = try await harness.subscriber(stet: ["version": 1, "hunkReview": true])
    let plain = try await harness.subscriber()
    #expect(harness.agent.sink.hasHunkReview(thread: ScriptedAgent.firstThread))
    let (_, outcomes) = ask(harness, stet: true)
    #expect(await reviewer.request().params["stet"]?["reviewId"] == "r")
    #expect(await plain.request().params["stet"] == nil)
    plain.answer(await plain.request().id, ["decision": "accept"])
    await outcomes.gate.opened()
    _ = await reviewer.note("serverRequest/resolved")

    let (_, next) = ask(harness, stet: true)
    let decision: JSONValue = [
      "stetReview": ["files": [["path": "/a", "baseHash": nil, "decision": "accept"]]]
    ]
    reviewer.answer(await reviewer.request(2).id, ["decision": decision])
    await next.gate.opened()
    #expect(next.results.withLock { $0 } == [.success(["decision": decision])])

    reviewer.transport.close()
    await reviewer.closed()
    // The server notices the end on a thread of its own.
    while harness.agent.sink.hasHunkReview(thread: ScriptedAgent.firstThread) { await Task.yield() }
  }

  @Test("a tool call of the client ends without serverRequest/resolved, as with Codex")
  func toolCall() async throws {
    let harness = ServerHarness()
    let client = try await harness.subscriber()
    let outcomes = Outcomes()
    _ = harness.agent.sink.request(
      .toolCall(
        .init(
          threadId: ScriptedAgent.firstThread, turnId: "u", callId: "c", tool: "lookup", arguments: ["q": 1])),
      thread: ScriptedAgent.firstThread
    ) { result in
      outcomes.results.withLock { $0.append(result) }
      outcomes.gate.open()
    }
    client.answer(await client.request().id, ["contentItems": [], "success": true])
    await outcomes.gate.opened()
    try await client.settle()
    #expect(client.notes("serverRequest/resolved").isEmpty)
  }
}
