import Glibc
import StetJSON
import StetProtocol
import StetRPC
import StetServer
import StetTestSupport
import Testing

/// The server with the real agent and a scripted model behind real HTTP.
@Suite struct RealAgentTests {
  private func text(_ text: String) -> JSONValue { [["type": "text", "text": .string(text)]] }

  @Test("a first turn: results before what follows from them, idle before turn/completed")
  func firstTurn() async throws {
    let house = AgentHouse([.text("Hello there, friend.", chunk: 5)])
    let server = house.server()
    let client = try await house.connect(server)
    let start = client.ask("thread/start", ["cwd": .string(house.work.path)])
    let thread = try #require(try await client.response(to: start).get()["thread"]?["id"])
    let turn = client.ask("turn/start", ["threadId": thread, "input": text("hi")])
    let completed = await client.note("turn/completed")
    #expect(completed["turn"]?["status"] == "completed")
    #expect(
      isSubsequence(
        [
          "#\(start)", "thread/started", "#\(turn)", "thread/status/changed", "turn/started", "item/started",
          "item/completed", "item/started", "item/agentMessage/delta", "item/agentMessage/delta",
          "item/completed", "thread/tokenUsage/updated", "thread/status/changed", "turn/completed",
        ], of: client.order))
    #expect(client.notes("thread/status/changed").map { $0["status"]?["type"] } == ["active", "idle"])
    let deltas = client.notes("item/agentMessage/delta").compactMap { $0["delta"]?.stringValue }
    #expect(deltas.joined() == "Hello there, friend.")
    #expect(client.notes("item/completed").last?["item"]?["text"] == "Hello there, friend.")
    await server.shutdown()
    await client.closed()
  }

  @Test("after a restart the thread is listed, and resumed with the same items")
  func restart() async throws {
    let house = AgentHouse([.text("First answer."), .text("Second answer.")])
    let first = house.server()
    var client = try await house.connect(first)
    let thread = try #require(
      try await client.call("thread/start", ["cwd": .string(house.work.path)])["thread"]?["id"])
    try await client.call("turn/start", ["threadId": thread, "input": text("question")])
    _ = await client.note("turn/completed")
    let live = client.notes("item/completed").compactMap { $0["item"]?["id"] }
    await first.shutdown()

    let second = house.server()
    client = try await house.connect(second)
    #expect(try await client.call("thread/list", [:])["data"]?.arrayValue?.map { $0["id"] } == [thread])
    let resumed = try await client.call("thread/resume", ["threadId": thread])
    let items = resumed["thread"]?["turns"]?[0]?["items"]?.arrayValue ?? []
    #expect(items.compactMap { $0["id"] } == live)
    #expect(items.compactMap { $0["text"]?.stringValue } == ["First answer."])
    _ = await client.note("thread/goal/cleared")
    try await client.call("turn/start", ["threadId": thread, "input": text("again")])
    _ = await client.note("turn/completed")
    #expect(house.model.invariantViolations.isEmpty)
    await second.shutdown()
  }

  @Test("unknown threads are errors with Codex's texts")
  func unknownThread() async throws {
    let house = AgentHouse([])
    let server = house.server()
    let client = try await house.connect(server)
    let id = ScriptedAgent.firstThread
    let cases: [(String, JSONValue, RPCError)] = [
      ("turn/start", ["input": text("x")], .threadNotFound(id)),
      ("turn/steer", ["expectedTurnId": "x", "input": text("x")], .threadNotFound(id)),
      ("turn/interrupt", ["turnId": "x"], .threadNotFound(id)),
      ("thread/resume", [:], .noRollout(id)), ("thread/read", [:], .threadNotLoaded(id)),
      ("thread/archive", [:], .noRollout(id)), ("thread/unarchive", [:], .noArchivedRollout(id)),
      ("thread/name/set", ["name": "n"], .noRollout(id)),
    ]
    for (method, rest, expected) in cases {
      var params = rest
      params["threadId"] = .string(id)
      #expect(await client.error(method, params) == expected, "\(method)")
    }
    #expect(try await client.call("thread/unsubscribe", ["threadId": .string(id)])["status"] == "notLoaded")
    await server.shutdown()
  }

  @Test("two clients of one thread see the same turn, and one can stop what the other began")
  func twoClients() async throws {
    let gate = Gate()
    let house = AgentHouse([
      .respond([.text("A long answer that is stopped.", chunk: 5, gates: [2: gate])])
    ])
    let server = house.server()
    let (first, second) = (try await house.connect(server), try await house.connect(server))
    let thread = try #require(
      try await first.call("thread/start", ["cwd": .string(house.work.path)])["thread"]?["id"])
    try await second.call("thread/resume", ["threadId": thread])
    try await first.call("turn/start", ["threadId": thread, "input": text("go")])
    _ = await second.note("item/agentMessage/delta", 2)
    #expect(try await second.call("turn/interrupt", ["threadId": thread, "turnId": ""]) == [:])
    for client in [first, second] {
      #expect(await client.note("turn/completed")["turn"]?["status"] == "interrupted")
    }
    func turnMessages(_ client: TestClient) -> [String] {
      client.order.filter { $0.hasPrefix("turn/") || $0.hasPrefix("item/") }
    }
    #expect(turnMessages(first) == turnMessages(second))
    gate.open()
    await server.shutdown()
  }
}

/// The server over real pipes, as `stet app-server` has it.
@Suite struct PipeTests {
  @Test("what was asked before the input ended is answered; then the end is told and the pipe closed")
  func scriptedInput() async throws {
    let home = TempDirectory("home")
    let server = AppServer(environment: ServerHarness.environment(home))
    var there: [Int32] = [0, 0]
    var back: [Int32] = [0, 0]
    try #require(pipe(&there) == 0 && pipe(&back) == 0)
    let transport = try StreamTransport(input: there[0], output: back[1], ownsDescriptors: true)
    let ended = Gate()
    server.accept(transport) { ended.open() }
    let input = """
      {"id":1,"method":"initialize","params":{"clientInfo":{"name":"a","version":"1"}}}
      not json

      [1]
      {"id":null,"method":"thread/list","params":{}}
      {"id":"z","method":"thread/list","params":{}}
      {"id":2,"method":
      """
    #expect(write(there[1], input, input.utf8.count) == input.utf8.count)
    close(there[1])
    await ended.opened()
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = read(back[0], &buffer, buffer.count), count > 0 { output += buffer.prefix(count) }
    close(back[0])
    var lines = JSONLines()
    let messages = try lines.feed(output).map { try $0.get() }
    let ids = messages.compactMap { message -> RequestID? in
      if case .result(let id, _) = message { id } else { nil }
    }
    #expect(ids == [.int(1), .string("z")])
    #expect(messages.count == 3)
    await server.shutdown()
  }
}
