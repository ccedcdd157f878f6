import StetJSON
import StetProtocol
import StetServer
import StetTestSupport
import Testing

/// Calls of MCP tools where a model reviews approvals: what it may decide and what stays the user's.
@Suite struct MCPReviewTests {
  private static let add = FakeModel.Step.call("mcp__mini__add", ["a": 1, "b": 2])
  private static let allow = FakeModel.Step.text(
    #"{"outcome":"allow","risk_level":"low","user_authorization":"high","rationale":"asked for"}"#)
  private static let user: JSONValue = ["version": 1, "hunkReview": true]
  private static let accept: JSONValue = [
    "action": "accept", "content": [:], "_meta": ["persist": "always"],
  ]

  private func house(_ script: [FakeModel.Step], more: String) -> ModelHouse {
    let house = ModelHouse(script)
    house.addTable(MCPScript.table(house.home, more: more))
    return house
  }

  /// A thread with a reviewer whose server is ready.
  private func thread(_ client: TestClient) async throws -> String {
    let thread = try await client.thread(["approvalsReviewer": "auto_review"])
    _ = await client.note("mcpServer/startupStatus/updated", 2)
    return thread
  }

  @Test(
    "M4: a tool of a server that is not trusted is no model's to allow: the user is asked, else it is a no")
  func m4_untrusted() async throws {
    let house = house([Self.add, .text("1"), Self.add, .text("2")], more: "")
    let server = house.server()
    let user = try await house.connect(server, stet: Self.user)
    let first = try await thread(user)
    try await user.begin(first, "add")
    let asked = await user.request()
    #expect(asked.method == "mcpServer/elicitation/request")
    user.answer(asked.id, ["action": "accept", "content": [:]])
    _ = await user.note("turn/completed")
    #expect(user.items("mcpToolCall").first?["status"] == "completed")
    await server.shutdown()

    let again = house.server()
    let program = try await house.connect(again)
    let second = try await thread(program)
    try await program.turn(second, "add")
    #expect(program.items("mcpToolCall").first?["status"] == "failed")
    #expect(program.messages.compactMap(\.serverRequest).isEmpty)
    #expect(house.model.requests.count == 4, "no model was asked")
    await again.shutdown()
  }

  @Test(
    "M5: a tool that changed since it was allowed goes to the user; until then a trusted one may be reviewed")
  func m5_changed() async throws {
    let prompting = "trusted = true\ndefault_tools_approval_mode = \"prompt\""
    let house = house(
      [Self.add, Self.allow, .text("1"), Self.add, .text("2"), Self.add, .text("3")], more: prompting)
    var server = house.server()
    var client = try await house.connect(server, stet: Self.user)
    try await client.turn(try await thread(client), "add")
    #expect(client.messages.compactMap(\.serverRequest).isEmpty, "the model decided")
    #expect(client.items("mcpToolCall").first?["status"] == "completed")
    #expect(house.model.requests.count == 3)

    let asking = try await client.thread(["approvalsReviewer": "user"])
    _ = await client.note("mcpServer/startupStatus/updated", 4)
    try await client.begin(asking, "add")
    client.answer(await client.request().id, Self.accept)
    _ = await client.note("turn/completed", 2)
    await server.shutdown()

    house.home.write("mini.py", MCPScript.source.replacing("adds two numbers", with: "adds, and more"))
    server = house.server()
    client = try await house.connect(server, stet: Self.user)
    try await client.begin(try await thread(client), "add")
    client.answer(await client.request().id, ["action": "decline"])
    _ = await client.note("turn/completed")
    #expect(client.items("mcpToolCall").first?["status"] == "failed")
    #expect(house.model.requests.count == 7, "no model was asked")
    await server.shutdown()
  }
}
