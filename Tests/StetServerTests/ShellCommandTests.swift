import StetJSON
import StetProtocol
import StetServer
import StetTestSupport
import Testing

/// `thread/shellCommand` over the local transport, with real commands.
@Suite(.timeLimit(.minutes(10))) struct ShellCommandTests {
  private func shell(_ thread: String, _ command: String, _ timeoutMs: Int? = nil) -> JSONValue {
    [
      "threadId": .string(thread), "command": .string(command),
      "timeoutMs": timeoutMs.map { JSONValue($0) } ?? .null,
    ]
  }

  private func commands(_ client: TestClient) -> [JSONValue] {
    client.notes("item/completed").compactMap { $0["item"] }.filter { $0["type"] == "commandExecution" }
  }

  @Test("a turn of its own; the model is not asked, but reads the output later")
  func ownTurn() async throws {
    let house = ModelHouse([.text("ok")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    #expect(
      try await client.call("thread/shellCommand", shell(thread, "echo one | tr a-z A-Z; exit 4")) == [:])
    let turn = await client.note("turn/completed")["turn"]
    #expect(turn?["status"] == "completed" && turn?["items"] == [])
    let item = try #require(commands(client).first)
    #expect(item["source"] == "userShell" && item["status"] == "failed" && item["exitCode"] == 4)
    #expect(item["aggregatedOutput"] == "ONE\n" && item["processId"] == .null)
    #expect(house.model.requests.isEmpty)
    try await client.turn(thread, "q")
    let said = house.model.requests[0].text
    #expect(said.contains("<user_shell_command>") && said.contains("Exit code: 4") && said.contains("ONE"))
    await server.shutdown()
  }

  @Test("an empty command is refused")
  func empty() async throws {
    let house = ModelHouse([])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    #expect(
      await client.error("thread/shellCommand", shell(thread, "  "))?.message == "command must not be empty")
    await server.shutdown()
  }

  @Test("S8: it runs outside the sandbox, in the server's environment less its secrets")
  func s8_environment() async throws {
    let house = ModelHouse([])
    var environment = ServerHarness.environment(house.home, cwd: house.work.path)
    environment.processEnvironment["MY_API_KEY"] = "not for commands"
    environment.processEnvironment["KEPT"] = "yes"
    let server = AppServer(environment: environment)
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path), "sandbox": "read-only"])
    try await client.call(
      "thread/shellCommand", shell(thread, "touch made; env | grep -c MY_API; echo $KEPT"))
    _ = await client.note("turn/completed")
    #expect(house.work.exists("made"))
    #expect(commands(client).first?["aggregatedOutput"] == "0\nyes\n")
    await server.shutdown()
  }

  @Test("in a running turn it joins that turn, and the model reads it with the next request")
  func joins() async throws {
    let gate = Gate()
    let house = ModelHouse([.respond([.text("long answer", chunk: 4, gates: [1: gate])]), .text("two")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    let turn = try await client.begin(thread, "long")
    _ = await client.note("item/agentMessage/delta")
    try await client.call("thread/shellCommand", shell(thread, "echo during"))
    let item = await client.note("item/completed", 2)
    #expect(item["item"]?["type"] == "commandExecution" && item["turnId"] == .string(turn))
    gate.open()
    _ = await client.note("turn/completed")
    #expect(house.model.requests.count == 1)
    try await client.turn(thread, "next")
    #expect(house.model.requests[1].text.contains("during"))
    #expect(house.model.invariantViolations.map(\.description) == [])
    await server.shutdown()
  }

  @Test("turn/interrupt ends the command before the turn")
  func interrupt() async throws {
    let house = ModelHouse([.text("ok")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    try await client.call("thread/shellCommand", shell(thread, "echo begun; sleep 600"))
    _ = await client.note("item/commandExecution/outputDelta")
    try await client.call("turn/interrupt", ["threadId": .string(thread), "turnId": ""])
    #expect(await client.note("turn/completed")["turn"]?["status"] == "interrupted")
    let item = try #require(commands(client).first)
    #expect(item["status"] == "failed" && item["exitCode"] == -1 && item["aggregatedOutput"] == "begun\n")
    #expect(
      isSubsequence(["item/completed", "thread/status/changed", "turn/completed"], of: client.order))
    try await client.turn(thread, "what was it")
    #expect(house.model.requests[0].text.contains("Ended by the user"))
    await server.shutdown()
  }

  @Test("L6: a turn that was interrupted while it went on to ask the model asks nothing; the next one does")
  func l6_interruptedOnItsWay() async throws {
    // A server that never answers is waited for before the first request, a second at most.
    let house = ModelHouse(
      [.text("next")], tail: "[mcp_servers.mute]\ncommand = \"sleep\"\nargs = [\"1000\"]")
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    try await client.call("thread/shellCommand", shell(thread, "while [ ! -e go ]; do sleep 0.02; done"))
    let turn = await client.note("turn/started")["turn"]?["id"] ?? .null
    let said: JSONValue = [["type": "text", "text": "go on"]]
    try await client.call("turn/start", ["threadId": .string(thread), "input": said])
    house.work.write("go", "")
    _ = await client.note("item/completed")
    try await client.call("turn/interrupt", ["threadId": .string(thread), "turnId": turn])
    #expect(await client.note("turn/completed")["turn"]?["status"] == "interrupted")
    let waiting = try await client.call("thread/queue/list", ["threadId": .string(thread)])["data"]?
      .arrayValue
    #expect(waiting?.count == 1, "what was said is not lost")
    try await client.call(
      "thread/queue/delete",
      ["threadId": .string(thread), "queuedSubmissionId": waiting?.first?["id"] ?? .null])
    let next = try await client.begin(thread, "next")
    #expect(.string(next) != turn)
    let ended = await client.note("turn/completed", 2)["turn"]
    #expect(ended?["id"] == .string(next) && ended?["status"] == "completed")
    #expect(house.model.requests.count == 1 && client.items("agentMessage").count == 1)
    await server.shutdown()
  }

  @Test("timeoutMs ends it")
  func timeout() async throws {
    let house = ModelHouse([])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    try await client.call("thread/shellCommand", shell(thread, "sleep 600", 100))
    #expect(await client.note("turn/completed")["turn"]?["status"] == "completed")
    #expect(commands(client).first?["status"] == "failed")
    await server.shutdown()
  }

  @Test("what the user says while it runs is answered when it has ended, in the same turn")
  func steered() async throws {
    let house = ModelHouse([.text("seen")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    let command = "echo begun; while [ ! -e go ]; do sleep 0.05; done; echo over"
    try await client.call("thread/shellCommand", shell(thread, command))
    _ = await client.note("item/commandExecution/outputDelta")
    let own = client.notes("turn/started")[0]["turn"]?["id"]
    #expect(try await client.begin(thread, "and now?") == own?.stringValue)
    house.work.write("go", "")
    #expect(await client.note("turn/completed")["turn"]?["id"] == own)
    let said = house.model.requests[0].text
    #expect(said.contains("over") && said.contains("and now?"))
    await server.shutdown()
  }
}
