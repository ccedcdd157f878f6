import StetJSON
import StetProtocol
import StetServer
import StetTestSupport
import Testing

/// `thread/queue/*`.
@Suite struct ThreadQueueTests {
  private func text(_ text: String) -> JSONValue { [["type": "text", "text": .string(text)]] }

  private func add(_ client: TestClient, _ thread: String, _ words: String, id: String) async throws -> String
  {
    let result = try await client.call(
      "thread/queue/add",
      ["threadId": .string(thread), "clientUserMessageId": .string(id), "input": text(words)])
    return try #require(result["queuedSubmission"]?["id"]?.stringValue)
  }

  private func list(_ client: TestClient, _ thread: String) async throws -> [String] {
    let result = try await client.call("thread/queue/list", ["threadId": .string(thread)])
    return (result["data"]?.arrayValue ?? []).compactMap { $0["input"]?[0]?["text"]?.stringValue }
  }

  private func users(_ client: TestClient) -> [String] {
    client.items("userMessage").compactMap { $0["content"]?[0]?["text"]?.stringValue }
  }

  @Test("the head starts as an ordinary turn when the running one has completed, after queue/changed")
  func headFollows() async throws {
    let gate = Gate()
    let house = ModelHouse([
      .respond([.gate(gate), .text("first")]), .text("second"), .text("third"),
    ])
    let client = try await house.connect(house.server())
    let thread = try await client.thread()
    try await client.begin(thread, "a")
    _ = try await add(client, thread, "b", id: "cm1")
    _ = try await add(client, thread, "c", id: "cm2")
    #expect(try await list(client, thread) == ["b", "c"])
    gate.open()
    _ = await client.note("turn/completed", 3)
    #expect(users(client) == ["a", "b", "c"])
    #expect(client.items("userMessage").map { $0["clientId"] } == [.null, "cm1", "cm2"])
    #expect(try await list(client, thread) == [])
    #expect(
      isSubsequence(
        [
          "turn/completed", "thread/queue/changed", "thread/status/changed", "turn/started", "turn/completed",
        ],
        of: client.order))
    #expect(client.notes("thread/queue/changed").count == 4)
    #expect(house.model.invariantViolations.isEmpty)
  }

  @Test("messages are changed, put into another order and dropped while they wait")
  func edits() async throws {
    let gate = Gate()
    let house = ModelHouse([.respond([.gate(gate), .text("x")]), .text("y"), .text("z")])
    let client = try await house.connect(house.server())
    let thread = try await client.thread()
    try await client.begin(thread, "a")
    let one = try await add(client, thread, "1", id: "1")
    let two = try await add(client, thread, "2", id: "2")
    let three = try await add(client, thread, "3", id: "3")
    let id = JSONValue.string(thread)
    let updated = try await client.call(
      "thread/queue/update",
      ["threadId": id, "queuedSubmissionId": .string(two), "input": text("two")])
    #expect(updated["queuedSubmission"]?["clientUserMessageId"] == "2")
    try await client.call(
      "thread/queue/reorder",
      ["threadId": id, "queuedSubmissionIds": .array([three, one, two].map(JSONValue.string))])
    #expect(try await list(client, thread) == ["3", "1", "two"])
    let deleted: JSONValue = ["threadId": id, "queuedSubmissionId": .string(one)]
    #expect(try await client.call("thread/queue/delete", deleted) == ["deleted": true])
    #expect(try await client.call("thread/queue/delete", deleted) == ["deleted": false])
    let page = try await client.call("thread/queue/list", ["threadId": id, "limit": 1])
    #expect(page["nextCursor"]?.stringValue == three)
    gate.open()
    _ = await client.note("turn/completed", 3)
    #expect(users(client) == ["a", "3", "two"])
  }

  @Test("on an idle thread a message starts at once")
  func idle() async throws {
    let house = ModelHouse([.text("hello")])
    let client = try await house.connect(house.server())
    let thread = try await client.thread()
    _ = try await add(client, thread, "now", id: "c")
    _ = await client.note("turn/completed")
    #expect(users(client) == ["now"])
  }

  @Test("after an interrupt the queue waits for thread/queue/start, also over a restart")
  func held() async throws {
    let house = ModelHouse([.hang(Gate()), .text("two"), .text("one")])
    let first = house.server()
    var client = try await house.connect(first)
    let thread = try await client.thread()
    let turn = try await client.begin(thread, "a")
    _ = try await add(client, thread, "1", id: "1")
    let two = try await add(client, thread, "2", id: "2")
    await house.model.untilRequests(1)
    try await client.call("turn/interrupt", ["threadId": .string(thread), "turnId": .string(turn)])
    _ = await client.note("turn/completed")
    #expect(try await list(client, thread) == ["1", "2"])
    await first.shutdown()
    client = try await house.connect(house.server())
    try await client.call("thread/resume", ["threadId": .string(thread)])
    #expect(try await list(client, thread) == ["1", "2"])
    let started = try await client.call(
      "thread/queue/start", ["threadId": .string(thread), "queuedSubmissionId": .string(two)])
    #expect(started["turn"]?["status"] == "inProgress")
    _ = await client.note("turn/completed", 2)
    #expect(users(client) == ["2", "1"], "what is left follows a turn that completed")
  }

  @Test("L7: steers that the turn ends without taking become queued messages, in order, exactly once")
  func l7_steerIsPutBack() async throws {
    let house = ModelHouse([.call("lookup", [:]), .text("after"), .text("last")])
    let client = try await house.connect(house.server())
    let thread = try await client.thread([
      "dynamicTools": [
        ["type": "function", "name": "lookup", "description": "", "inputSchema": ["type": "object"]]
      ]
    ])
    let turn = try await client.begin(thread, "a")
    _ = await client.request()
    try await client.call(
      "turn/steer",
      [
        "threadId": .string(thread), "expectedTurnId": .string(turn), "input": text("and this"),
        "clientUserMessageId": "s1",
      ])
    try await client.call(
      "turn/steer",
      [
        "threadId": .string(thread), "expectedTurnId": .string(turn), "input": text("and that"),
        "clientUserMessageId": "s2",
      ])
    try await client.call("turn/interrupt", ["threadId": .string(thread), "turnId": .string(turn)])
    _ = await client.note("turn/completed")
    #expect(users(client) == ["a"])
    #expect(
      try await list(client, thread) == ["and this", "and that"], "in the order in which they were said")
    try await client.call("thread/queue/start", ["threadId": .string(thread)])
    _ = await client.note("turn/completed", 3)
    #expect(users(client) == ["a", "and this", "and that"])
    #expect(client.items("userMessage").compactMap { $0["clientId"]?.stringValue }.suffix(2) == ["s1", "s2"])
  }

  @Test("faults are told in the protocol's way")
  func faults() async throws {
    let house = ModelHouse([.hang(Gate())])
    let client = try await house.connect(house.server())
    let thread = try await client.thread()
    let id = JSONValue.string(thread)
    func fault(_ method: String, _ params: JSONObject) async -> String? {
      await client.error("thread/queue/" + method, .object(params))?.message
    }
    #expect(
      await fault("add", ["threadId": id, "input": text("x")])
        == "Invalid request: missing field `clientUserMessageId`")
    #expect(
      await fault("add", ["threadId": id, "clientUserMessageId": "c", "input": []])
        == "input must not be empty")
    #expect(await fault("start", ["threadId": id]) == "the queue is empty")
    try await client.begin(thread, "a")
    _ = try await add(client, thread, "1", id: "1")
    #expect(await fault("start", ["threadId": id])?.contains("active turn") == true)
    #expect(try await list(client, thread) == ["1"], "it keeps its place")
    #expect(
      await fault("update", ["threadId": id, "queuedSubmissionId": "x", "input": text("y")])
        == "queued submission not found: x")
    #expect(await fault("reorder", ["threadId": id, "queuedSubmissionIds": []])?.contains("every") == true)
    let stranger = "01a204cd-34ce-73f1-b1ee-52c2c364110a"
    #expect(
      await fault("list", ["threadId": .string(stranger)]) == "no rollout found for thread id \(stranger)")
    let huge = String(repeating: "x", count: RPCError.maxInputCharacters)
    #expect(
      await client.error(
        "thread/queue/add", ["threadId": id, "clientUserMessageId": "c", "input": text(huge)])?.code
        == RPCError.invalidParamsCode)
  }
}
