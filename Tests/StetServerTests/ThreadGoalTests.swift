import StetJSON
import StetProtocol
import StetServer
import StetTestSupport
import Testing

/// `thread/goal/*`.
@Suite struct ThreadGoalTests {
  private func set(
    _ client: TestClient, _ thread: String, _ params: JSONObject
  ) async throws -> JSONValue {
    var params = params
    params["threadId"] = .string(thread)
    return try await client.call("thread/goal/set", .object(params))["goal"] ?? .null
  }

  private func get(_ client: TestClient, _ thread: String) async throws -> JSONValue {
    try await client.call("thread/goal/get", ["threadId": .string(thread)])["goal"] ?? .null
  }

  @Test("an active goal on an idle thread starts turns by itself until the model says that it is reached")
  func pursues() async throws {
    let house = ModelHouse([
      .text("first"), .text("step one"), .call("update_goal", ["status": "complete"]), .text("done"),
    ])
    let client = try await house.connect(house.server())
    let thread = try await client.thread()
    try await client.turn(thread, "x")
    #expect(try await get(client, thread) == .null)
    let goal = try await set(client, thread, ["objective": " do it ", "status": "active"])
    #expect(goal["objective"] == "do it")
    #expect(goal["status"] == "active")
    #expect(goal["tokensUsed"] == 0)
    _ = await client.note("turn/completed", 3)
    try await client.settle()
    #expect(try await get(client, thread)["status"] == "complete")
    #expect(client.items("userMessage").count == 1, "a turn of the goal has no message of the user")
    let text = house.model.requests[1]["input"]?.arrayValue?.last?["content"]?[0]?["text"]?.stringValue ?? ""
    #expect(text.contains("do it"))
    #expect(
      isSubsequence(
        [
          "thread/goal/updated", "thread/status/changed", "turn/started", "turn/completed", "turn/started",
          "thread/goal/updated", "turn/completed",
        ], of: client.order))
    #expect(client.notes("thread/goal/updated").first?["turnId"] == .null)
    #expect(house.model.stepsLeft == 0)
    #expect(house.model.invariantViolations.isEmpty)
  }

  @Test("clear answers whether there was one, and tells everyone if so; a resume repeats what is true")
  func clearAndResume() async throws {
    let house = ModelHouse([])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    let id: JSONValue = ["threadId": .string(thread)]
    #expect(try await client.call("thread/goal/clear", id) == ["cleared": false])
    _ = try await set(client, thread, ["objective": "later", "status": "paused", "tokenBudget": 500])
    await server.shutdown()
    let again = house.server()
    let other = try await house.connect(again)
    try await other.call("thread/resume", id)
    let told = await other.note("thread/goal/updated")
    #expect(told["goal"]?["objective"] == "later")
    #expect(told["goal"]?["status"] == "paused")
    #expect(told["goal"]?["tokenBudget"] == 500)
    let watcher = try await house.connect(again)
    #expect(try await other.call("thread/goal/clear", id) == ["cleared": true])
    _ = await watcher.note("thread/goal/cleared")
    try await other.call("thread/resume", id)
    _ = await other.note("thread/goal/cleared", 2)
    #expect(house.model.requests.isEmpty)
    await again.shutdown()
  }

  @Test("the budget ends it: budgetLimited, and no further turn starts by itself")
  func budget() async throws {
    let house = ModelHouse([.text("a"), .text("never")])
    let client = try await house.connect(house.server())
    let thread = try await client.thread()
    _ = try await set(client, thread, ["objective": "o", "tokenBudget": 1])
    _ = await client.note("turn/completed")
    try await client.settle()
    let goal = try await get(client, thread)
    #expect(goal["status"] == "budgetLimited")
    #expect((goal["tokensUsed"]?.intValue ?? 0) > 0)
    #expect(house.model.stepsLeft == 1)
  }

  @Test("an interrupt pauses the goal")
  func interrupt() async throws {
    let house = ModelHouse([
      .hang(Gate()), .text("go on"), .call("update_goal", ["status": "blocked"]), .text("b"),
    ])
    let client = try await house.connect(house.server())
    let thread = try await client.thread()
    _ = try await set(client, thread, ["objective": "o"])
    await house.model.untilRequests(1)
    try await client.call("turn/interrupt", ["threadId": .string(thread), "turnId": ""])
    _ = await client.note("turn/completed")
    try await client.settle()
    #expect(try await get(client, thread)["status"] == "paused")
    #expect(house.model.requests.count == 1)
    _ = try await set(client, thread, ["status": "active"])
    _ = await client.note("turn/completed", 3)
    #expect(try await get(client, thread)["status"] == "blocked")
  }

  @Test("a model that only talks is stopped after some turns")
  func idleTurns() async throws {
    let house = ModelHouse([.text("1"), .text("2"), .text("3"), .text("4")])
    let client = try await house.connect(house.server())
    let thread = try await client.thread()
    _ = try await set(client, thread, ["objective": "o"])
    _ = await client.note("turn/completed", 3)
    try await client.settle()
    #expect(try await get(client, thread)["status"] == "blocked")
    #expect(house.model.stepsLeft == 1)
    #expect(client.notes("warning").contains { $0["message"]?.stringValue?.contains("blocked") == true })
  }

  @Test("the model makes a goal when asked to, not over another one")
  func modelTools() async throws {
    let house = ModelHouse([
      .call("create_goal", ["objective": "mine", "token_budget": 100_000]),
      .calls(("create_goal", ["objective": "other"]), ("get_goal", [:]), ("update_goal", ["status": "odd"])),
      .call("update_goal", ["status": "complete"]), .text("done"),
    ])
    let client = try await house.connect(house.server())
    let thread = try await client.thread()
    let turn = try await client.turn(thread, "set a goal")
    #expect(turn["status"] == "completed")
    let outputs = house.outputs(3)
    #expect(outputs["call_0002_0"]?.stringValue?.contains("has a goal already: mine") == true)
    #expect(outputs["call_0002_1"]?.stringValue?.contains(#""objective":"mine""#) == true)
    #expect(outputs["call_0002_2"]?.stringValue?.contains("complete or blocked") == true)
    #expect(
      client.notes("thread/goal/updated").map { $0["goal"]?["status"] }.prefix(2) == ["active", "complete"])
    #expect(client.notes("thread/goal/updated").allSatisfy { $0["turnId"] == turn["id"] })
  }

  @Test("faults: no goal, no words, no budget")
  func faults() async throws {
    let house = ModelHouse([])
    let client = try await house.connect(house.server())
    let thread = try await client.thread()
    func fault(_ params: JSONObject) async -> String? {
      var params = params
      params["threadId"] = .string(thread)
      return await client.error("thread/goal/set", .object(params))?.message
    }
    #expect(await fault(["status": "paused"]) == "cannot update goal for thread \(thread): no goal exists")
    #expect(await fault(["objective": "  "]) == "goal objective must not be empty")
    #expect(
      await fault(["objective": "x", "tokenBudget": 0]) == "goal budgets must be positive when provided")
    #expect(
      await fault(["objective": .string(String(repeating: "x", count: 4_001))])?.contains("4000") == true)
    #expect(try await get(client, thread) == .null)
  }
}
