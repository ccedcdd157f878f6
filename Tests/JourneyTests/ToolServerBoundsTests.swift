import StetJSON
import StetProcess
import StetTestSupport
import Testing

/// `stet mcp-server` against callers that want more than the user gave, and clients that send anything.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct ToolServerBoundsTests {
  private static let open = "approval_policy = \"on-request\""

  /// A call of `stet` that has to fail; gives its words.
  private func refusal(
    _ server: ToolServerProcess, _ id: Int64, _ arguments: JSONValue, tool: String = "stet"
  ) async throws -> String {
    server.call(id, tool, arguments)
    let result = try await server.result(id)
    #expect(result["isError"] == true, "\(arguments.text)")
    return result["content"]?[0]?["text"]?.stringValue ?? ""
  }

  @Test("S14: a caller gets no wider sandbox or policy than the user said, and makes no directory trusted")
  func s14_bounds() async throws {
    let house = House([.text("done"), .text("done")])
    let before = house.home.text("config.toml")
    let server = try ToolServerProcess(house)
    let calls: [JSONValue] = [
      ["prompt": "x", "sandbox": "danger-full-access"], ["prompt": "x", "sandbox": "none"],
      ["prompt": "x", "approval-policy": "never"], ["prompt": "x", "approval-policy": "on-request"],
      ["prompt": "x", "config": ["a": 1]], ["prompt": " "], ["cwd": "/"], ["prompt": 1], [1], "x",
    ]
    for (number, arguments) in calls.enumerated() {
      _ = try await refusal(server, Int64(number + 1), arguments)
    }
    _ = try await refusal(server, 50, ["prompt": "x"], tool: "no-such")
    _ = try await refusal(server, 51, ["threadId": "nope", "prompt": "x"], tool: "stet-reply")
    server.call(52, "stet", ["prompt": "x", "sandbox": "workspace-write", "approval-policy": "untrusted"])
    #expect(try await server.result(52)["isError"] == false)
    #expect(house.home.text("config.toml") == before)
    #expect(house.model.requests.count == 1)
    _ = try await server.end()
  }

  @Test("S14: a caller writes where the server was started or the user trusts, elsewhere it only reads")
  func s14_places() async throws {
    let house = House([.text("read"), .text("below"), .text("trusted")], settings: Self.open)
    let other = TempDirectory("tool-server-other")
    let server = try ToolServerProcess(house)
    let elsewhere = JSONValue.string(other.path)
    let words = try await refusal(
      server, 1, ["prompt": "x", "cwd": elsewhere, "sandbox": "workspace-write"])
    #expect(words.contains("stet trust"))
    house.work.makeDirectory("sub")
    other.makeDirectory("target")
    _ = try await refusal(server, 2, ["prompt": "x", "cwd": "../..", "sandbox": "workspace-write"])
    _ = try await refusal(server, 3, ["prompt": "x", "cwd": "missing"])
    server.call(4, "stet", ["prompt": "x", "cwd": elsewhere])
    #expect(try await server.result(4)["content"]?[0]?["text"] == "read")
    server.call(5, "stet", ["prompt": "x", "cwd": "sub", "sandbox": "workspace-write"])
    #expect(try await server.result(5)["content"]?[0]?["text"] == "below")
    house.home.write(
      "config.toml",
      (house.home.text("config.toml") ?? "") + "\n[projects.\"\(other.path)\"]\ntrust_level = \"trusted\"\n")
    server.call(6, "stet", ["prompt": "x", "cwd": elsewhere, "sandbox": "workspace-write"])
    #expect(try await server.result(6)["content"]?[0]?["text"] == "trusted")
    _ = try await server.end()
  }

  @Test("S14: a reply to a thread with more rights than the server gives is refused, and does nothing")
  func s14_replies() async throws {
    let house = House([.text("begun"), .text("begun"), .text("wide")], settings: Self.open)
    func begin(_ arguments: [String]) async throws -> JSONValue {
      let result = try await ProcessSession.run(
        Command(
          argv: [Program.folder + "/stet", "exec", "--json"] + arguments + ["begin"], cwd: house.work.path,
          environment: Program.environment(home: house.home)))
      let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
      let started = try lines.map { try JSONValue(parsing: String($0)) }.first { $0["thread_id"] != nil }
      return try #require(started?["thread_id"])
    }
    let wide = try await begin(["-s", "danger-full-access"])
    let roots = try await begin(["-s", "workspace-write", "--add-dir", house.home.path])
    let requests = house.model.requests.count
    let server = try ToolServerProcess(house)
    #expect(
      try await refusal(server, 1, ["threadId": wide, "prompt": "x"], tool: "stet-reply")
        .contains("workspace-write at most"))
    #expect(
      try await refusal(server, 2, ["threadId": roots, "prompt": "x"], tool: "stet-reply").contains(
        "to write in"))
    #expect(house.model.requests.count == requests)
    _ = try await server.end()

    // Whose user gave the server as much may go on with it.
    let free = try ToolServerProcess(house, ["--sandbox", "danger-full-access"])
    free.call(1, "stet-reply", ["threadId": wide, "prompt": "x"])
    #expect(try await free.result(1)["content"]?[0]?["text"] == "wide")
    _ = try await free.end()
  }

  @Test(
    "issue 9: a thread is let go with its call: another process opens it while the server lives, then the server again"
  )
  func letGo() async throws {
    let house = House([.text("one"), .text("two"), .text("three")], settings: Self.open)
    let server = try ToolServerProcess(house)
    server.call(1, "stet", ["prompt": "x"])
    let thread = try #require(try await server.result(1)["structuredContent"]?["threadId"]?.stringValue)
    // The answer comes before the thread is closed: the ones that come too early are told so.
    let command = Command(
      argv: [Program.folder + "/stet", "exec", "resume", thread, "more"], cwd: house.work.path,
      environment: Program.environment(home: house.home))
    var isOpen = false
    for _ in 0..<500 where !isOpen { isOpen = try await ProcessSession.run(command).status.isSuccess }
    #expect(isOpen)
    server.call(2, "stet-reply", ["threadId": .string(thread), "prompt": "x"])
    #expect(try await server.result(2)["content"]?[0]?["text"] == "three")
    _ = try await server.end()
  }

  @Test("issue 9: garbage, unknown methods, ids used twice and calls before the greeting do no harm")
  func hostileClients() async throws {
    let gate = Gate()
    let house = House([.hang(gate), .text("fine")], settings: Self.open)
    let server = try ToolServerProcess(house)
    for line in [
      "", "{", "[]", "[{\"id\":1}]", "{\"id\":{}}", "null", String(repeating: "[", count: 100_000), "\u{0}",
    ] {
      server.session.write(Array((line + "\n").utf8))
    }
    server.session.write([0xFF, 0xFE, 0x0A])
    server.send(["jsonrpc": "2.0", "id": 90, "method": "initialize", "params": nil])
    #expect(try await server.message { $0["id"] == 90 }["error"] != nil)
    server.send(["jsonrpc": "2.0", "id": 91, "method": "tools/call"])
    #expect(try await server.result(91)["isError"] == true)
    server.send(["jsonrpc": "2.0", "method": "notifications/cancelled", "params": [["requestId": 1]]])
    server.send(["jsonrpc": "2.0", "id": 12345, "result": ["action": "accept"]])
    server.call(1, "stet", ["prompt": "x"])
    await house.model.untilRequests(1)
    server.call(1, "stet", ["prompt": "x"])
    #expect(try await server.result(1)["isError"] == true)
    server.call(2, "stet", ["prompt": "x"])
    #expect(try await server.result(2)["content"]?[0]?["text"] == "fine")
    gate.open()
    #expect(try await server.end() == StetProcess.ExitStatus(code: 0, signal: nil))

    let early = try ToolServerProcess(house, greets: false)
    early.send(["jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": ["name": "stet"]])
    #expect(try await early.message { $0["id"] == 1 }["error"] != nil)
    _ = try await early.end()
  }
}
