import StetJSON
import StetProcess
import StetTestSupport
import Testing

/// `stet mcp-server` in raw JSON-RPC: its calls and what it asks.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct ToolServerTests {
  private static let touch: FakeModel.Step = .call("exec_command", ["cmd": "touch made"])

  @Test("issue 9: mcp-server says what it is, lists its tools, and writes nothing but JSON-RPC 2.0")
  func handshake() async throws {
    let house = House()
    let server = try ToolServerProcess(house)
    #expect(try await server.result(0)["protocolVersion"] == "2025-06-18")
    #expect(try await server.result(0)["serverInfo"]?["name"] == "stet")
    server.send(["jsonrpc": "2.0", "id": 1, "method": "tools/list"])
    let tools = try await server.result(1)["tools"]?.arrayValue ?? []
    #expect(tools.map { $0["name"] } == ["stet", "stet-reply"])
    #expect(tools[0]["inputSchema"]?["required"] == ["prompt"])
    server.send(["jsonrpc": "2.0", "id": "two", "method": "resources/list"])
    let error = try await server.message { $0["id"] == "two" }
    #expect(error["error"]?["code"] == -32601)
    #expect(try await server.end() == StetProcess.ExitStatus(code: 0, signal: nil))
    let messages = server.seen.value.messages
    #expect(messages.allSatisfy { $0["jsonrpc"] == "2.0" } && server.seen.value.rest.isEmpty)
  }

  @Test("issue 9: a call is a turn with progress and a last message; a reply goes on with its thread")
  func turns() async throws {
    let house = House(
      [.call("exec_command", ["cmd": "echo hi"]), .text("It says hi."), .text("Twice.")],
      settings: "approval_policy = \"never\"\nsandbox_mode = \"danger-full-access\"")
    let server = try ToolServerProcess(house)
    server.call(1, "stet", ["prompt": "say hi"], token: "p")
    let first = try await server.result(1)
    #expect(first["isError"] == false && first["content"]?[0]?["text"] == "It says hi.")
    let thread = try #require(first["structuredContent"]?["threadId"]?.stringValue)
    #expect(first["structuredContent"]?["content"] == "It says hi.")
    let progress = server.seen.value.messages.filter { $0["method"] == "notifications/progress" }
    #expect(progress.allSatisfy { $0["params"]?["progressToken"] == "p" })
    #expect(progress.first?["params"]?["message"] == "runs echo hi")
    #expect(progress.compactMap { $0["params"]?["progress"]?.intValue } == Array(1...max(1, progress.count)))
    server.call(2, "stet-reply", ["threadId": .string(thread), "prompt": "again"])
    #expect(try await server.result(2)["content"]?[0]?["text"] == "Twice.")
    _ = try await server.end()

    // A thread of an earlier process too.
    house.model.extend(.text("Thrice."))
    let later = try ToolServerProcess(house)
    later.call(1, "stet-reply", ["threadId": .string(thread), "prompt": "and again"])
    #expect(try await later.result(1)["content"]?[0]?["text"] == "Thrice.")
    #expect(String(decoding: house.model.bodies.last ?? [], as: UTF8.self).contains("say hi"))
    _ = try await later.end()
  }

  @Test("issue 9: an approval is put to the client's user; only a word that was offered is a yes")
  func elicitation() async throws {
    let house = House([Self.touch, Self.touch, Self.touch, .text("done")])
    let server = try ToolServerProcess(house, elicitation: [:])
    server.call(1, "stet", ["prompt": "go"])
    let question = try await server.answer(0, ["action": "accept", "content": ["decision": "yes"]])
    #expect(question["message"]?.stringValue?.hasPrefix("stet wants to run: touch made") == true)
    #expect(question["requestedSchema"]?["properties"]?["decision"]?["enum"]?[0] == "allow")
    _ = try await server.answer(1, ["action": "decline"])
    #expect(!house.work.exists("made"))
    _ = try await server.answer(2, ["action": "accept", "content": ["decision": "allow"]])
    let result = try await server.result(1)
    #expect(result["content"]?[0]?["text"] == "done" && house.work.exists("made"))
    #expect(result["structuredContent"]?["declined"] == nil)
    _ = try await server.end()
  }

  @Test("issue 9: where the client takes no questions an approval is declined, and the result says so")
  func declined() async throws {
    let house = House([Self.touch, .text("I could not.")])
    let server = try ToolServerProcess(house)
    server.call(1, "stet", ["prompt": "go"])
    let result = try await server.result(1)
    #expect(!house.work.exists("made"))
    #expect(result["structuredContent"]?["declined"] == ["run: touch made"])
    #expect(result["content"]?[0]?["text"]?.stringValue?.contains("nobody could be asked") == true)
    _ = try await server.end()
  }

  @Test("issue 9: a call that is cancelled stops its turn and is not answered; a failed turn is an error")
  func cancelled() async throws {
    let gate = Gate()
    let house = House([.hang(gate), .status(400, body: #"{"error":{"message":"bad thing"}}"#)])
    let server = try ToolServerProcess(house)
    server.call(1, "stet", ["prompt": "wait"])
    await house.model.untilRequests(1)
    server.send([
      "jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": 1, "reason": "enough"],
    ])
    server.call(2, "stet", ["prompt": "fail"])
    let failed = try await server.result(2)
    #expect(failed["isError"] == true)
    #expect(failed["content"]?[0]?["text"]?.stringValue?.contains("bad thing") == true)
    gate.open()
    #expect(try await server.end() == StetProcess.ExitStatus(code: 0, signal: nil))
    #expect(!server.seen.value.messages.contains { $0["id"] == 1 })
  }

  private static func patch(_ path: String) -> FakeModel.Step {
    let patch = "*** Begin Patch\n*** Add File: \(path)\n+one\n+two\u{1B}[2J\n*** End Patch\n"
    return .call("exec_command", ["cmd": .string("apply_patch <<'EOF'\n\(patch)EOF")])
  }

  @Test(
    "issue 9: an edit is asked about with its paths and its change; what asks each time can't be remembered")
  func edits() async throws {
    let house = House([Self.patch("new.txt"), Self.patch(".claude/settings.json"), .text("done")])
    let server = try ToolServerProcess(house, elicitation: ["form": [:]])
    server.call(1, "stet", ["prompt": "go"])
    let first = try await server.answer(0, ["action": "accept", "content": ["decision": "allow"]])
    let words = try #require(first["message"]?.stringValue)
    #expect(words.contains("- add \(house.work.path)/new.txt") && words.contains("+one"))
    #expect(words.contains("+two^[[2J"), "\(words)")
    let choices = first["requestedSchema"]?["properties"]?["decision"]?["enum"]
    #expect(choices == ["allow", "allow for this thread", "deny"])
    let second = try await server.answer(
      1, ["action": "accept", "content": ["decision": "allow for this thread"]])
    #expect(second["message"]?.stringValue?.contains(".claude/settings.json") == true)
    #expect(second["requestedSchema"]?["properties"]?["decision"]?["enum"] == ["allow", "deny"])
    _ = try await server.result(1)
    #expect(house.work.exists("new.txt") && !house.work.exists(".claude/settings.json"))
    _ = try await server.end()
  }

  @Test("issue 9: who takes addresses only is not asked; a question too long to be shown is declined")
  func unaskable() async throws {
    let long = "echo " + String(repeating: "x", count: 20_000)
    let house = House([Self.touch, .text("no"), .call("exec_command", ["cmd": .string(long)]), .text("no")])
    let first = try ToolServerProcess(house, elicitation: ["url": [:]])
    first.call(1, "stet", ["prompt": "go"])
    #expect(try await first.result(1)["structuredContent"]?["declined"] == ["run: touch made"])
    _ = try await first.end()
    let second = try ToolServerProcess(house, elicitation: [:])
    second.call(1, "stet", ["prompt": "go"])
    let declined = try await second.result(1)["structuredContent"]?["declined"]?.arrayValue
    #expect(declined?.count == 1 && declined?[0].stringValue?.hasPrefix("run: echo xxx") == true)
    _ = try await second.end()
  }

  @Test("issue 9: the question of a call that is cancelled is taken back")
  func questionTakenBack() async throws {
    let house = House([Self.touch, .text("done")])
    let server = try ToolServerProcess(house, elicitation: [:])
    server.call(1, "stet", ["prompt": "go"])
    let question = try await server.message { $0["method"] == "elicitation/create" }
    server.send(["jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": 1]])
    let taken = try await server.message { $0["method"] == "notifications/cancelled" }
    #expect(taken["params"]?["requestId"] == question["id"])
    // Too late: the turn is over.
    server.send([
      "jsonrpc": "2.0", "id": question["id"] ?? .null,
      "result": ["action": "accept", "content": ["decision": "allow"]],
    ])
    #expect(try await server.end() == StetProcess.ExitStatus(code: 0, signal: nil))
    #expect(
      !house.work.exists("made")
        && !server.seen.value.messages.contains { $0["id"] == 1 && $0["method"] == nil })
  }

  @Test("issue 9: a call that is silent for long still tells that it is under way, and a long answer is cut")
  func signsOfLife() async throws {
    let gate = Gate()
    let long = String(repeating: "long ", count: 60_000)
    let house = House([.respond([.gate(gate), .text(long, chunk: 300_000)])])
    let server = try ToolServerProcess(house)
    server.call(1, "stet", ["prompt": "go"], token: 7)
    let sign = try await server.message { $0["method"] == "notifications/progress" }
    #expect(sign["params"]?["progressToken"] == 7 && sign["params"]?["message"] == "begins")
    gate.open()
    let text = try #require(try await server.result(1)["content"]?[0]?["text"]?.stringValue)
    #expect(text.utf8.count < 110_000 && text.hasSuffix("[cut: the answer was longer]"))
    _ = try await server.end()
  }
}
