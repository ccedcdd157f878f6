import StetJSON
import StetProtocol
import StetServer
import StetTestSupport
import Testing

/// MCP servers over stdio: their tools in a turn.
@Suite struct MCPTests {
  /// A house whose config.toml has the server; its thread is asked for nothing unless the server is not trusted.
  private func house(
    _ script: [FakeModel.Step], more: String = "trusted = true", arguments: String = ""
  ) -> ModelHouse {
    let house = ModelHouse(script)
    house.addTable(MCPScript.table(house.home, more: more, arguments: arguments))
    return house
  }

  private func ready(_ client: TestClient, _ count: Int = 2) async -> JSONValue {
    await client.note("mcpServer/startupStatus/updated", count)
  }

  @Test("status starting and ready; the tool is offered by its name, and its call is an item (M1, M3, M6)")
  func call() async throws {
    let house = house([.call("mcp__mini__add", ["a": 1, "b": 2]), .text("done")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    #expect(await ready(client, 1)["status"] == "starting")
    let status = await ready(client)
    #expect(
      status == [
        "threadId": .string(thread), "name": "mini", "status": "ready", "error": nil, "failureReason": nil,
      ])
    let turn = try await client.turn(thread, "add")
    #expect(turn["status"] == "completed")
    let item = try #require(client.items("mcpToolCall").first)
    #expect(item["server"] == "mini")
    #expect(item["tool"] == "add")
    #expect(item["status"] == "completed")
    #expect(item["readOnlyHint"] == true)
    #expect(item["arguments"] == ["a": 1, "b": 2])
    #expect(item["result"]?["content"]?[0]?["text"] == "sum=3", "the client gets both")
    #expect(item["result"]?["structuredContent"] == ["sum": 3])
    #expect(item["error"] == .null)
    #expect(house.outputs(1)["call_0001_0"] == #"{"sum":3}"#, "the model gets the structured one (M6)")
    #expect(
      client.messages.compactMap(\.serverRequest).isEmpty, "a trusted server's readOnlyHint counts (M4)")
    #expect(house.tools(0).contains("mcp__mini__add"))
    #expect(house.model.invariantViolations.isEmpty)
    await server.shutdown()
  }

  @Test("M4: the hint of a server that is not trusted counts for nothing; once, session, declined, cancelled")
  func m4_asks() async throws {
    let add = FakeModel.Step.call("mcp__mini__add", ["a": 1, "b": 2])
    let house = house([add, .text("1"), add, .text("2"), add, .text("3"), add, .text("4"), add], more: "")
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    _ = await ready(client)
    func answered(_ count: Int, _ answer: JSONValue) async throws -> JSONValue {
      let before = client.notes("turn/completed").count
      try await client.begin(thread, "add")
      let asked = await client.request(count)
      #expect(asked.method == "mcpServer/elicitation/request")
      #expect(asked.params["serverName"] == "mini")
      #expect(asked.params["mode"] == "form")
      #expect(asked.params["_meta"]?["codex_approval_kind"] == "mcp_tool_call")
      #expect(asked.params["_meta"]?["tool_params"] == ["a": 1, "b": 2])
      #expect(asked.params["_meta"]?["persist"] == ["session", "always"])
      client.answer(asked.id, answer)
      return await client.note("turn/completed", before + 1)["turn"] ?? .null
    }
    _ = try await answered(1, ["action": "decline"])
    #expect(client.items("mcpToolCall").last?["status"] == "failed")
    #expect(house.outputs(1)["call_0001_0"] == "user rejected MCP tool call")
    _ = try await answered(2, ["action": "accept", "content": [:]])
    #expect(client.items("mcpToolCall").last?["status"] == "completed")
    _ = try await answered(3, ["action": "accept", "content": [:], "_meta": ["persist": "session"]])
    try await client.turn(thread, "add")
    #expect(client.messages.compactMap(\.serverRequest).count == 3)
    #expect(client.items("mcpToolCall").count == 4)
    let other = try await client.thread()
    _ = await ready(client, 4)
    try await client.begin(other, "add")
    let asked = await client.request(4)
    client.answer(asked.id, ["action": "cancel"])
    #expect(await client.note("turn/completed", 5)["turn"]?["status"] == "interrupted")
    await server.shutdown()
  }

  @Test("M5: always is kept over a restart, and asked anew when the tool has changed")
  func m5_always() async throws {
    let add = FakeModel.Step.call("mcp__mini__add", ["a": 1, "b": 2])
    let house = house([add, .text("1"), add, .text("2"), add, .text("3")], more: "")
    var server = house.server()
    var client = try await house.connect(server)
    var thread = try await client.thread()
    _ = await ready(client)
    try await client.begin(thread, "add")
    var asked = await client.request()
    client.answer(asked.id, ["action": "accept", "content": [:], "_meta": ["persist": "always"]])
    _ = await client.note("turn/completed")
    await server.shutdown()
    server = house.server()
    client = try await house.connect(server)
    thread = try await client.thread()
    _ = await ready(client)
    try await client.turn(thread, "add")
    #expect(client.messages.compactMap(\.serverRequest).isEmpty)
    await server.shutdown()
    house.home.write("mini.py", MCPScript.source.replacing("adds two numbers", with: "adds, and more"))
    server = house.server()
    client = try await house.connect(server)
    thread = try await client.thread()
    _ = await ready(client)
    try await client.begin(thread, "add")
    asked = await client.request()
    client.answer(asked.id, ["action": "decline"])
    _ = await client.note("turn/completed")
    await server.shutdown()
  }

  @Test(
    "S5: an error, an empty object or an unknown word fails the call, and the turn goes on",
    arguments: ["error", "{}", "approved"])
  func s5_badAnswers(_ kind: String) async throws {
    let house = house([.call("mcp__mini__add", ["a": 1, "b": 2]), .text("done")], more: "")
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    _ = await ready(client)
    try await client.begin(thread, "add")
    let asked = await client.request()
    switch kind {
    case "error": client.transport.send(.error(id: asked.id, .internalError("no")))
    case "{}": client.answer(asked.id, [:])
    default: client.answer(asked.id, ["action": "approved"])
    }
    #expect(await client.note("turn/completed")["turn"]?["status"] == "completed")
    #expect(client.items("mcpToolCall").first?["status"] == "failed")
    #expect(house.outputs(1)["call_0001_0"]?.stringValue?.contains("approval request failed") == true)
    await server.shutdown()
  }

  @Test("never: nobody is asked, the tool is not called; with the user's own word in the configuration it is")
  func never() async throws {
    let add = FakeModel.Step.call("mcp__mini__add", ["a": 1, "b": 2])
    let house = house(
      [add, .text("1"), .call("mcp__mini__env", [:]), .text("2")],
      more: "[mcp_servers.mini.tools.env]\napproval_mode = \"approve\"")
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["approvalPolicy": "never"])
    _ = await ready(client)
    try await client.turn(thread, "add")
    #expect(client.items("mcpToolCall").first?["status"] == "failed")
    try await client.turn(thread, "env")
    #expect(client.items("mcpToolCall").last?["status"] == "completed")
    #expect(client.messages.compactMap(\.serverRequest).isEmpty)
    await server.shutdown()
  }

  @Test("M7: a server that dies is started again once; the calls fail with one line and the turn survives")
  func m7_restart() async throws {
    let die = FakeModel.Step.call("mcp__mini__die", [:])
    let house = house(
      [
        die, .call("mcp__mini__add", ["a": 2, "b": 2]), .text("1"), die, .text("2"),
        .call("mcp__mini__add", ["a": 1, "b": 1]), .text("3"),
      ], more: "default_tools_approval_mode = \"approve\"")
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    _ = await ready(client)
    #expect(try await client.turn(thread, "a")["status"] == "completed")
    #expect(client.items("mcpToolCall").map { $0["status"] } == ["failed", "completed"])
    #expect(house.outputs(1)["call_0001_0"]?.stringValue?.contains("the server stopped") == true)
    try await client.turn(thread, "b")
    #expect(await ready(client, 5)["status"] == "failed")
    try await client.turn(thread, "c")
    #expect(
      client.items("mcpToolCall").last?["error"]?["message"]?.stringValue?.contains("stopped again") == true)
    await server.shutdown()
  }

  @Test("M6: texts as texts, bytes as a file; a tool's own error is a failed item with its words")
  func m6_files() async throws {
    let house = house(
      [.call("mcp__mini__pic", [:]), .call("mcp__mini__fail", [:]), .text("done")],
      more: "default_tools_approval_mode = \"approve\"")
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    _ = await ready(client)
    try await client.turn(thread, "pic")
    let output = try #require(house.outputs(1)["call_0001_0"])
    let text = output.stringValue ?? output.text
    #expect(text.contains("two"))
    #expect(text.contains("f://x: 5 bytes in "))
    #expect(client.items("mcpToolCall").last?["status"] == "failed", "isError")
    #expect(house.outputs(2)["call_0002_0"] == "it broke")
    await server.shutdown()
  }

  @Test("progress is passed on while the call runs (M1)")
  func progress() async throws {
    let house = house(
      [.call("mcp__mini__slow", [:]), .text("done")], more: "default_tools_approval_mode = \"approve\"")
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    _ = await ready(client)
    try await client.turn(thread, "go")
    #expect(client.notes("item/mcpToolCall/progress").first?["message"] == "half")
    #expect(client.notes("item/mcpToolCall/progress").first?["itemId"] == "call_0001_0")
    await server.shutdown()
  }

  @Test("M9: a question of the server reaches the user and its answer the server; never declines at once")
  func m9_elicitation() async throws {
    let house = house(
      [.call("mcp__mini__ask", [:]), .text("1"), .call("mcp__mini__ask", [:]), .text("2")],
      more: "default_tools_approval_mode = \"approve\"")
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    _ = await ready(client)
    try await client.begin(thread, "ask")
    let asked = await client.request()
    #expect(asked.params["message"] == "Which?")
    #expect(asked.params["requestedSchema"]?["properties"] == ["color": ["type": "string"]])
    client.answer(asked.id, ["action": "accept", "content": ["color": "red"]])
    _ = await client.note("turn/completed")
    let output = house.outputs(1)["call_0001_0"]?.stringValue ?? ""
    #expect(try JSONValue(parsing: output) == ["action": "accept", "content": ["color": "red"]])
    try await client.turn(thread, "ask", ["approvalPolicy": "never"])
    #expect(
      try JSONValue(parsing: house.outputs(3)["call_0003_0"]?.stringValue ?? "") == ["action": "decline"])
    #expect(client.messages.compactMap(\.serverRequest).count == 1)
    await server.shutdown()
  }
}
