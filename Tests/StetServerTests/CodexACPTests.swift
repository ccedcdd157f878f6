import StetJSON
import StetProtocol
import StetRPC
import StetServer
import StetTestSupport
import Testing

/// The calls of an ACP adapter (`codex-acp`, which puts Codex's app-server behind the Agent Client Protocol), in its
/// order and with all of its fields: what an editor session makes of a new thread, prompts, approvals, a cancelled and
/// a steered prompt, and a session that is loaded again.
@Suite("A2: the traffic of an ACP adapter") struct CodexACPTests {
  /// One editor session over one connection.
  private struct Adapter {
    let client: TestClient
    let directory: String

    init(_ house: AgentHouse, _ server: AppServer) async throws {
      let (serverEnd, clientEnd) = LocalTransport.pair()
      server.accept(serverEnd)
      client = TestClient(clientEnd)
      directory = house.work.path
      let answer = try await client.call(
        "initialize",
        [
          "capabilities": ["experimentalApi": true, "requestAttestation": false],
          "clientInfo": ["name": "codex-acp", "version": "1.1.0", "title": "Codex ACP"],
        ])
      client.transport.send(.notification(method: "initialized", params: nil))
      // The version stands behind the first slash; the home is where the adapter looks for files.
      #expect(answer["userAgent"]?.stringValue?.split(separator: "/")[1].hasPrefix("0.163.0 ") == true)
      #expect(answer["codexHome"]?.stringValue?.hasPrefix("/") == true)
      #expect(answer["stet"] == nil)
    }

    private var config: JSONValue { ["projects": [directory: ["trust_level": "trusted"]]] }

    /// What is asked before a session is shown: no login, some model.
    private func prepare() async throws {
      let account = try await client.call("account/read", ["refreshToken": false])
      #expect(account["account"] == .null && account["requiresOpenaiAuth"] == false)
      let settings = try await client.call("config/read", ["includeLayers": false])
      #expect(settings["config"]?["model_provider"] == "mock")
    }

    private func models() async throws {
      let models = try await client.call("model/list", ["cursor": .null, "limit": .null])
      #expect(models["data"]?.arrayValue?.isEmpty == false)
    }

    func newSession() async throws -> JSONValue {
      try await prepare()
      let started = try await client.call(
        "thread/start", ["config": config, "modelProvider": .null, "cwd": .string(directory)])
      try await models()
      #expect(started["model"] == "mock-model")
      return try #require(started["thread"]?["id"])
    }

    func loadSession(_ thread: JSONValue) async throws -> JSONValue {
      try await prepare()
      try await client.call(
        "thread/resume",
        ["config": config, "cwd": .string(directory), "modelProvider": "mock", "threadId": thread])
      try await models()
      return try #require(
        try await client.call("thread/read", ["threadId": thread, "includeTurns": true])["thread"])
    }

    func prompt(_ thread: JSONValue, _ text: String) async throws -> JSONValue {
      let turn = try await client.call(
        "turn/start",
        [
          "threadId": thread, "input": [["type": "text", "text": .string(text), "text_elements": []]],
          "approvalPolicy": "on-request",
          "sandboxPolicy": [
            "type": "workspaceWrite", "writableRoots": [], "networkAccess": false,
            "excludeTmpdirEnvVar": false,
            "excludeSlashTmp": false,
          ],
          "summary": "auto", "effort": "medium", "model": "mock-model", "serviceTier": .null,
        ])
      return try #require(turn["turn"]?["id"])
    }
  }

  /// A command that asks because it is to run outside of the sandbox.
  private func asking(_ command: String) -> FakeModel.Step {
    .call(
      "exec_command",
      [
        "cmd": .string(command), "sandbox_permissions": "require_escalated", "justification": "May I?",
      ])
  }

  private func completed(_ client: TestClient, _ turn: JSONValue, _ count: Int) async -> JSONValue? {
    let note = await client.note("turn/completed", count)["turn"]
    #expect(note?["id"] == turn)
    return note?["status"]
  }

  @Test("a prompt with an approval that is given, one that is refused, and one that stops the turn")
  func approvals() async throws {
    let house = AgentHouse([
      asking("echo one-$((40 + 2))"), .text("Ran."), asking("echo two"), .text("Not run."),
      asking("echo three"),
    ])
    let server = house.server()
    let adapter = try await Adapter(house, server)
    let thread = try await adapter.newSession()
    let expected: [(answer: JSONValue, item: JSONValue, turn: JSONValue)] = [
      ("accept", "completed", "completed"), ("decline", "declined", "completed"),
      ("cancel", "declined", "interrupted"),
    ]
    for (index, expected) in expected.enumerated() {
      let turn = try await adapter.prompt(thread, "go \(index)")
      let request = await adapter.client.request(index + 1)
      #expect(request.method == "item/commandExecution/requestApproval")
      #expect(request.params["threadId"] == thread && request.params["turnId"] == turn)
      #expect(request.params["availableDecisions"]?.arrayValue?.isEmpty == false)
      adapter.client.answer(request.id, ["decision": expected.answer])
      #expect(await completed(adapter.client, turn, index + 1) == expected.turn)
      let item = adapter.client.notes("item/completed").last {
        $0["item"]?["id"] == request.params["itemId"]
      }
      #expect(item?["item"]?["status"] == expected.item)
    }
    #expect(adapter.client.notes("serverRequest/resolved").count == 3)
    #expect(house.model.invariantViolations.isEmpty)
    await server.shutdown()
  }

  @Test("a cancelled prompt ends as interrupted, and the session takes the next")
  func cancel() async throws {
    let gate = Gate()
    let house = AgentHouse([
      .respond([.text("A long answer that is cut.", chunk: 4, gates: [2: gate])]), .text("Next."),
    ])
    let server = house.server()
    let adapter = try await Adapter(house, server)
    let thread = try await adapter.newSession()
    let turn = try await adapter.prompt(thread, "talk")
    _ = await adapter.client.note("item/agentMessage/delta")
    #expect(try await adapter.client.call("turn/interrupt", ["threadId": thread, "turnId": turn]) == [:])
    #expect(await completed(adapter.client, turn, 1) == "interrupted")
    gate.open()
    let next = try await adapter.prompt(thread, "and now")
    #expect(await completed(adapter.client, next, 2) == "completed")
    await server.shutdown()
  }

  @Test("a steered prompt joins the running turn")
  func steer() async throws {
    let gate = Gate()
    let house = AgentHouse([
      .respond([.text("On my way.", chunk: 4, gates: [1: gate])]), .text("Turned as you said."),
    ])
    let server = house.server()
    let adapter = try await Adapter(house, server)
    let thread = try await adapter.newSession()
    let turn = try await adapter.prompt(thread, "walk")
    _ = await adapter.client.note("item/agentMessage/delta")
    let steered = try await adapter.client.call(
      "turn/steer",
      [
        "threadId": thread, "expectedTurnId": turn,
        "input": [["type": "text", "text": "turn left", "text_elements": []]],
      ])
    #expect(steered["turnId"] == turn)
    #expect(await completed(adapter.client, turn, 1) == "completed")
    gate.open()
    let users = adapter.client.notes("item/completed").filter { $0["item"]?["type"] == "userMessage" }
    #expect(users.count == 2 && users.allSatisfy { $0["turnId"] == turn })
    await server.shutdown()
  }

  @Test("a session is listed, loaded by another adapter with its history, closed and removed")
  func load() async throws {
    let house = AgentHouse([.text("First."), .text("Second.")])
    let first = house.server()
    let adapter = try await Adapter(house, first)
    let thread = try await adapter.newSession()
    let turn = try await adapter.prompt(thread, "remember me")
    _ = await completed(adapter.client, turn, 1)
    #expect(
      try await adapter.client.call("thread/unsubscribe", ["threadId": thread])["status"] == "unsubscribed")
    await first.shutdown()

    let second = house.server()
    let again = try await Adapter(house, second)
    let list = try await again.client.call(
      "thread/list",
      [
        "cursor": .null, "modelProviders": [],
        "sourceKinds": ["cli", "vscode", "exec", "appServer", "unknown"], "cwd": .string(house.work.path),
        "sortKey": "updated_at", "sortDirection": "desc",
      ])
    #expect(list["data"]?.arrayValue?.map { $0["id"] } == [thread])
    #expect(list["data"]?[0]?["preview"] == "remember me")
    #expect(list["data"]?[0]?["updatedAt"]?.intValue != nil)
    let loaded = try await again.loadSession(thread)
    let items = loaded["turns"]?[0]?["items"]?.arrayValue ?? []
    #expect(items.map { $0["type"] } == ["userMessage", "agentMessage"])
    let turn2 = try await again.prompt(thread, "still there?")
    #expect(await completed(again.client, turn2, 1) == "completed")
    #expect(try await again.client.call("thread/archive", ["threadId": thread]) == [:])
    #expect(try await again.client.call("thread/list", ["archived": false])["data"] == [])
    #expect(house.model.invariantViolations.isEmpty)
    await second.shutdown()
  }
}
