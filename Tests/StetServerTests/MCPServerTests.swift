import StetJSON
import StetProtocol
import StetServer
import StetTestSupport
import Testing

/// MCP servers over stdio: start, walls, lists, and what clients ask of them.
@Suite struct MCPServerTests {
  private func house(
    _ script: [FakeModel.Step] = [], more: String = "default_tools_approval_mode = \"approve\"",
    arguments: String = ""
  ) -> ModelHouse {
    let house = ModelHouse(script)
    house.addTable(MCPScript.table(house.home, more: more, arguments: arguments))
    return house
  }

  private func ready(_ client: TestClient, _ count: Int = 2) async -> JSONValue {
    await client.note("mcpServer/startupStatus/updated", count)
  }

  @Test("the status list has what the server said of itself, with and without a thread")
  func statusList() async throws {
    let house = house()
    let server = house.server()
    let client = try await house.connect(server)
    for _ in 0..<2 {
      let list = try await client.call("mcpServerStatus/list", [:])
      let row = try #require(list["data"]?[0])
      #expect(row["name"] == "mini")
      #expect(row["serverInfo"]?["version"] == "1")
      #expect(row["tools"]?["add"]?["annotations"] == ["readOnlyHint": true])
      #expect(row["authStatus"] == "unsupported")
      #expect(row["resources"]?[0]?["uri"] == "f://x")
      #expect(list["nextCursor"] == .null)
      _ = try await client.thread()
    }
    let short = try await client.call(
      "mcpServerStatus/list", ["detail": "toolsAndAuthOnly", "serverName": "other"])
    #expect(short["data"] == [])
    await server.shutdown()
  }

  @Test("a client calls a tool and reads a resource by itself")
  func clientCalls() async throws {
    let house = house()
    let server = house.server()
    let client = try await house.connect(server)
    let thread = JSONValue.string(try await client.thread())
    let sum = try await client.call(
      "mcpServer/tool/call",
      ["threadId": thread, "server": "mini", "tool": "add", "arguments": ["a": 2, "b": 2]])
    #expect(sum["content"] == [["type": "text", "text": "sum=4"]])
    #expect(sum["isError"] == nil)
    let read = try await client.call(
      "mcpServer/resource/read", ["threadId": thread, "server": "mini", "uri": "f://x"])
    #expect(read["contents"]?[0]?["text"] == "inside")
    #expect(
      await client.error("mcpServer/tool/call", ["threadId": thread, "server": "no", "tool": "x"])?.message
        == "unknown MCP server 'no'")
    #expect(
      await client.error("mcpServer/oauth/login", ["name": "mini"])?.message.contains("OAuth") == true)
    await server.shutdown()
  }

  @Test(
    "M8: the server gets the allow-list environment and its own variables, and writes only where commands may"
  )
  func m8_walls() async throws {
    let house = house(more: "default_tools_approval_mode = \"approve\"\nenv = { MINE = \"yes\" }")
    let server = house.server(["STET_SECRET_TOKEN": "x"])
    let client = try await house.connect(server)
    let thread = JSONValue.string(try await client.thread())
    func call(_ tool: String, _ arguments: JSONValue) async throws -> String {
      let result = try await client.call(
        "mcpServer/tool/call",
        ["threadId": thread, "server": "mini", "tool": .string(tool), "arguments": arguments])
      return result["content"]?[0]?["text"]?.stringValue ?? ""
    }
    let environment = try JSONValue(parsing: try await call("env", [:]))
    #expect(environment["MINE"] == "yes")
    #expect(environment["STET_SECRET_TOKEN"] == nil)
    #expect(try await call("wall", ["path": .string(house.home.path("out.txt"))]).hasPrefix("refused"))
    #expect(try await call("wall", ["path": .string(house.work.path("in.txt"))]) == "wrote")
    await server.shutdown()
  }

  @Test("M8: when the sandbox policy changes, the server is started anew behind the new walls")
  func m8_policyChanges() async throws {
    let house = house(
      [.text("1"), .text("2")], more: "default_tools_approval_mode = \"approve\"")
    let server = house.server()
    let client = try await house.connect(server)
    let id = try await client.thread()
    let path = house.work.path("in.txt")
    func write() async throws -> String {
      let result = try await client.call(
        "mcpServer/tool/call",
        ["threadId": .string(id), "server": "mini", "tool": "wall", "arguments": ["path": .string(path)]])
      return result["content"]?[0]?["text"]?.stringValue ?? ""
    }
    try await client.turn(id, "a")
    #expect(try await write() == "wrote")
    try await client.turn(id, "b", ["sandboxPolicy": ["type": "readOnly"]])
    #expect(try await write().hasPrefix("refused"))
    await server.shutdown()
  }

  @Test("P2: a tool that comes after the first request is announced, found and called; the array stays")
  func p2_lateTool() async throws {
    let house = house([
      .call("mcp__mini__grow", [:]), .text("1"), .call("tool_search", ["query": "late"]),
      .call("call_tool", ["name": "mcp__mini__late_one", "arguments": [:]]), .text("2"),
    ])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    _ = await ready(client)
    try await client.turn(thread, "a")
    // The list is read again behind the answer.
    var listed = false
    for _ in 0..<1_000 where !listed {
      let list = try await client.call("mcpServerStatus/list", ["threadId": .string(thread)])
      listed = list["data"]?[0]?["tools"]?["late_one"] != nil
    }
    try await client.turn(thread, "b")
    let told = (house.model.requests[2]["input"]?.arrayValue ?? []).compactMap {
      $0["content"]?[0]?["text"]?.stringValue
    }
    #expect(told.contains { $0.contains("mcp__mini__late_one") && $0.contains("tool_search") })
    #expect(house.outputs(3)["call_0003_0"]?.stringValue?.contains("came later") == true)
    #expect(client.items("mcpToolCall").last?["tool"] == "late_one")
    #expect(house.model.requests[4]["tools"] == house.model.requests[0]["tools"])
    #expect(house.model.invariantViolations.isEmpty)
    await server.shutdown()
  }

  @Test("M3: odd names are made fit, and a model's other spellings are understood")
  func m3_names() async throws {
    let house = house([.calls(("mini.add", ["a": 1, "b": 1]), ("add", ["a": 2, "b": 1])), .text("1")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    _ = await ready(client)
    try await client.turn(thread, "a")
    let odd = house.tools(0).filter { $0.hasPrefix("mcp__mini__read_thing_x_y") }
    #expect(odd.count == 1)
    #expect(odd.first != "mcp__mini__read_thing_x_y", "a changed name ends with a piece of its hash")
    #expect(client.items("mcpToolCall").map { $0["status"] } == ["completed", "completed"])
    await server.shutdown()
  }

  @Test("what can't be started says why, and the turn goes on without it")
  func failures() async throws {
    let house = ModelHouse([.text("fine")])
    house.addTable(
      """
      [mcp_servers."bad name"]
      command = "true"
      [mcp_servers.gone]
      command = "no-such-program-here"
      [mcp_servers.quits]
      command = "true"
      [mcp_servers.remote]
      url = "http://127.0.0.1:1/"
      [mcp_servers.silent]
      command = "sleep"
      args = ["1000"]
      startup_timeout_ms = 300
      [mcp_servers.unused]
      command = "true"
      enabled = false
      """)
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    #expect(try await client.turn(thread, "a")["status"] == "completed")
    _ = await ready(client, 10)
    let failed = client.notes("mcpServer/startupStatus/updated").filter { $0["status"] == "failed" }
    func reason(_ name: String) -> String {
      failed.first { $0["name"]?.stringValue == name }?["error"]?.stringValue ?? ""
    }
    #expect(reason("bad name").contains("must match pattern"))
    #expect(reason("gone").contains("gone"))
    #expect(reason("quits").contains("sandbox"))
    #expect(reason("remote").contains("can't be used: "))
    #expect(reason("silent").contains("startup_timeout_sec"))
    #expect(failed.count == 5)
    await server.shutdown()
  }

  @Test("M2: the first turn does not wait for a server that hangs")
  func m2_slowServer() async throws {
    let house = ModelHouse([.text("fine"), .text("again")])
    house.addTable("[mcp_servers.hangs]\ncommand = \"sleep\"\nargs = [\"1000\"]")
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    #expect(try await client.turn(thread, "a")["status"] == "completed")
    let states = client.notes("mcpServer/startupStatus/updated").map { $0["status"] }
    #expect(states == ["starting"], "the turn is over, the server is not there")
    #expect(house.tools(0).contains("tool_search"), "what comes later is reached through it (P2)")
    await server.shutdown()
  }

  @Test("reload starts what was added and stops what was removed")
  func reload() async throws {
    let house = house()
    let server = house.server()
    let client = try await house.connect(server)
    _ = try await client.thread()
    _ = await ready(client)
    house.addTable(MCPScript.table(house.home, name: "second"))
    try await client.call("config/mcpServer/reload", nil)
    #expect(await ready(client, 4)["name"] == "second")
    let list = try await client.call("mcpServerStatus/list", [:])
    #expect(list["data"]?.arrayValue?.compactMap { $0["name"] } == ["second"])
    await server.shutdown()
  }

  @Test("the servers end with the process that started them")
  func shutdown() async throws {
    let house = house(arguments: ", \"\"")
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    _ = await ready(client)
    await server.shutdown()
    let again = house.server()
    let other = try await house.connect(again)
    try await other.call("thread/resume", ["threadId": .string(thread)])
    #expect(await ready(other)["status"] == "ready", "a resumed thread has its servers again")
    await again.shutdown()
  }
}
