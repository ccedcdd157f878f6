import StetJSON
import StetProtocol
import StetServer
import StetTestSupport
import Testing

/// MCP servers over streamable HTTP (M1).
@Suite(.timeLimit(.minutes(10)))
struct MCPHTTPTests {
  private func house(_ far: MCPHTTPServer, _ script: [FakeModel.Step] = [], more: String = "") -> ModelHouse {
    let house = ModelHouse(script)
    house.addTable(
      """
      [mcp_servers.far]
      url = "\(far.url)"
      default_tools_approval_mode = "approve"
      \(more)
      """)
    return house
  }

  private func call(_ client: TestClient, _ thread: String, _ tool: String) async throws -> JSONValue? {
    try await client.call(
      "mcpServer/tool/call",
      ["threadId": .string(thread), "server": "far", "tool": .string(tool), "arguments": [:]])["content"]?[
        0]?["text"]
  }

  @Test("M1: the tools of a server over HTTP are offered and called; its session goes along and is ended")
  func m1_http() async throws {
    let far = try MCPHTTPServer()
    let house = house(far, [.call("mcp__far__plain", [:]), .text("done")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    _ = await client.note("mcpServer/startupStatus/updated", 2)
    #expect(try await client.turn(thread, "go")["status"] == "completed")
    #expect(house.tools(0).contains("mcp__far__plain"))
    #expect(house.outputs(1).values.first?.text.contains("plainly") == true)
    await server.shutdown()
    #expect(far.asked.contains("POST notifications/initialized") && far.asked.last == "DELETE ")
  }

  @Test("M1: a stream that is cut is resumed behind its last event; the call runs once")
  func m1_resume() async throws {
    let far = try MCPHTTPServer()
    let house = house(far)
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    #expect(try await call(client, thread, "cut") == "whole")
    #expect(far.asked.filter { $0 == "POST tools/call" }.count == 1)
    #expect(far.asked.contains("GET  after e1"))
    await server.shutdown()
  }

  @Test("M1: a server that forgot the session gets a new one, and the call once more")
  func m1_newSession() async throws {
    let far = try MCPHTTPServer()
    let house = house(far)
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    #expect(try await call(client, thread, "plain") == "plainly")
    far.forget()
    #expect(try await call(client, thread, "plain") == "plainly")
    #expect(far.asked.filter { $0 == "POST initialize" }.count == 2)
    await server.shutdown()
  }

  @Test("M1: a server that could not begin a session anew gets another try with the next call")
  func m1_renewalFails() async throws {
    let far = try MCPHTTPServer()
    let house = house(far)
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    #expect(try await call(client, thread, "plain") == "plainly")
    far.forget()
    far.refuseOnce()
    await #expect(throws: (any Error).self) { try await call(client, thread, "plain") }
    #expect(try await call(client, thread, "plain") == "plainly")
    #expect(far.asked.filter { $0 == "POST initialize" }.count == 3)
    await server.shutdown()
  }

  @Test("M1: a server hears that it is initialized before it is asked for anything")
  func m1_initializedFirst() async throws {
    for _ in 0..<20 {
      let far = try MCPHTTPServer()
      let house = house(far)
      let server = house.server()
      let client = try await house.connect(server)
      _ = try await client.thread()
      #expect(await client.note("mcpServer/startupStatus/updated", 2)["status"] == "ready")
      await server.shutdown()
    }
  }

  @Test("M1: what the server says by itself is heard: its tools are read anew")
  func m1_listens() async throws {
    let far = try MCPHTTPServer()
    let house = house(far)
    let server = house.server()
    let client = try await house.connect(server)
    _ = try await client.thread()
    _ = await client.note("mcpServer/startupStatus/updated", 2)
    #expect(far.asked.filter { $0 == "POST tools/list" }.count == 1)
    far.news.open()
    _ = try await eventually("the tools are read again") {
      far.asked.filter { $0 == "POST tools/list" }.count > 1 ? true : nil
    }
    await server.shutdown()
  }

  @Test("M1: the bearer token comes from the environment; without it the words say what to set")
  func m1_token() async throws {
    let far = try MCPHTTPServer(token: "t0ken")
    let house = house(far, more: "bearer_token_env_var = \"FAR_TOKEN\"")
    let server = house.server(["FAR_TOKEN": "t0ken"])
    let client = try await house.connect(server)
    let thread = try await client.thread()
    #expect(try await call(client, thread, "plain") == "plainly")
    await server.shutdown()
    for (variables, words) in [([:], "FAR_TOKEN"), (["FAR_TOKEN": "wrong"], "HTTP 401")]
      as [([String: String], String)]
    {
      let other = house.server(variables)
      let stranger = try await house.connect(other)
      _ = try await stranger.thread()
      let note = await stranger.note("mcpServer/startupStatus/updated", 2)
      #expect(note["status"] == "failed" && note["error"]?.stringValue?.contains(words) == true)
      await other.shutdown()
    }
  }
}
