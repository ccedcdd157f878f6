import StetJSON
import StetProtocol
import StetServer
import StetTestSupport
import Testing

/// `review/start` over the local transport: the plain order of protocol.md §4.
@Suite(.timeLimit(.minutes(10))) struct ReviewStartTests {
  private static let answer: JSONValue = [
    "findings": [
      [
        "title": "[P1] Bug", "body": "It breaks.\nAlways.", "confidence_score": 0.9, "priority": 1,
        "code_location": ["absolute_file_path": "/w/a.txt", "line_range": ["start": 1, "end": 2]],
      ]
    ], "overall_correctness": "patch is incorrect", "overall_explanation": "Not good.",
    "overall_confidence_score": 0.8,
  ]
  private static let text =
    "Not good.\n\nReview comment:\n\n- [P1] Bug — /w/a.txt:1-2\n  It breaks.\n  Always."

  private func start(_ thread: String, _ target: JSONValue, _ delivery: String? = nil) -> JSONValue {
    ["threadId": .string(thread), "target": target, "delivery": delivery.map(JSONValue.string) ?? .null]
  }

  private func house(_ script: [FakeModel.Step]) throws -> ModelHouse {
    let house = ModelHouse(script)
    let repository = try TempRepository(in: house.work)
    house.work.write("a.txt", "hello\n")
    try repository.commitAll("first")
    house.work.write("a.txt", "changed\n")
    return house
  }

  private func types(_ client: TestClient, _ method: String = "item/completed") -> [String] {
    client.notes(method).compactMap { $0["item"]?["type"]?.stringValue }
  }

  @Test("one turn: entered, question, commands, exited, message; findings are rendered")
  func order() async throws {
    let house = try house([
      .call("exec_command", ["cmd": "cat a.txt"]), .text(Self.answer.text), .text("next"),
    ])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    let result = try await client.call("review/start", start(thread, ["type": "uncommittedChanges"]))
    #expect(result["reviewThreadId"] == .string(thread))
    #expect(result["turn"]?["items"]?[0]?["content"]?[0]?["text"] == "current changes")
    let turn = result["turn"]?["id"]
    #expect(await client.note("turn/completed")["turn"]?["id"] == turn)
    #expect(client.notes("turn/started").count == 1)
    #expect(
      types(client) == [
        "enteredReviewMode", "userMessage", "commandExecution", "exitedReviewMode", "agentMessage",
      ])
    #expect(types(client, "item/started") == types(client))
    #expect(client.notes("item/completed").allSatisfy { $0["turnId"] == turn })
    let reports = client.notes("item/completed").suffix(2).compactMap { note in
      note["item"]?["review"] ?? note["item"]?["text"]
    }
    #expect(reports == [.string(Self.text), .string(Self.text)])
    // The reviewer is sent the diff, may not write, and is offered nothing that does.
    #expect(house.model.requests[0].text.contains("+changed"))
    #expect(house.model.requests[0].text.contains("Sandbox: read-only"))
    #expect(!house.tools(0).contains("edit") && house.tools(0).contains("exec_command"))
    try await client.turn(thread, "fix it")
    let next = house.model.requests[2].text
    #expect(
      next.contains("It breaks.") && next.contains("<user_action>") && !next.contains("overall_correctness"))
    await server.shutdown()
  }

  @Test("text that is no JSON is the report as it is")
  func plainText() async throws {
    let house = try house([.text("all fine (no json)")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    try await client.call(
      "review/start", start(thread, ["type": "custom", "instructions": "Look at naming"]))
    let turn = await client.note("turn/completed")["turn"]
    #expect(turn?["items"]?[0]?["text"] == "all fine (no json)")
    #expect(client.notes("item/completed")[0]["item"]?["review"] == "Look at naming")
    await server.shutdown()
  }

  @Test("against a branch the merge base is named, and a commit's own changes are shown")
  func targets() async throws {
    let house = try house([.text("{}"), .text("{}")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    try await client.call("review/start", start(thread, ["type": "baseBranch", "branch": "main"]))
    _ = await client.note("turn/completed")
    #expect(house.model.requests[0].text.contains("The merge base commit for this comparison is "))
    try await client.call("review/start", start(thread, ["type": "commit", "sha": "HEAD", "title": "first"]))
    _ = await client.note("turn/completed", 2)
    #expect(house.model.requests[1].text.contains("+hello"))
    await server.shutdown()
  }

  @Test("empty instructions, branch and commit are refused")
  func refused() async throws {
    let house = ModelHouse([])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    let cases: [(JSONValue, String)] = [
      (["type": "custom", "instructions": " "], "instructions"),
      (["type": "baseBranch", "branch": ""], "branch"), (["type": "commit", "sha": ""], "sha"),
    ]
    for (target, name) in cases {
      #expect(
        await client.error("review/start", start(thread, target))?.message == "\(name) must not be empty")
    }
    await server.shutdown()
  }

  @Test("it takes no steer, and an interrupt closes it")
  func steerAndInterrupt() async throws {
    let gate = Gate()
    let house = try house([.hang(gate)])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    let result = try await client.call("review/start", start(thread, ["type": "uncommittedChanges"]))
    await house.model.untilRequests(1)
    let turn = try #require(result["turn"]?["id"])
    let steer: JSONValue = [
      "threadId": .string(thread), "expectedTurnId": turn, "input": [["type": "text", "text": "x"]],
    ]
    let error = await client.error("turn/steer", steer)
    #expect(error?.data?["codexErrorInfo"] == ["activeTurnNotSteerable": ["turnKind": "review"]])
    try await client.call("turn/interrupt", ["threadId": .string(thread), "turnId": turn])
    #expect(await client.note("turn/completed")["turn"]?["status"] == "interrupted")
    #expect(types(client).last == "exitedReviewMode")
    gate.open()
    await server.shutdown()
  }

  @Test("detached, it has a thread of its own, to which the caller is subscribed")
  func detached() async throws {
    let house = try house([.text(Self.answer.text)])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    let result = try await client.call(
      "review/start", start(thread, ["type": "uncommittedChanges"], "detached"))
    let own = try #require(result["reviewThreadId"]?.stringValue)
    #expect(own != thread)
    let completed = await client.note("turn/completed")
    #expect(
      completed["threadId"] == .string(own) && completed["turn"]?["items"]?[0]?["text"] == .string(Self.text))
    await server.shutdown()
  }

  @Test("S12: nothing that the repository configures is run for the diff")
  func s12_harmlessGit() async throws {
    let house = try house([.text("{}")])
    let repository = try TempRepository(in: house.work)
    for (key, value) in [
      ("core.fsmonitor", "touch ran-fsmonitor"), ("diff.external", "touch ran-external"),
      ("diff.evil.textconv", "touch ran-textconv"), ("filter.evil.clean", "touch ran-filter; cat"),
      ("core.pager", "touch ran-pager"),
    ] { try repository.git("config", key, value) }
    house.work.write(".gitattributes", "*.txt diff=evil filter=evil\n")
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    try await client.call("review/start", start(thread, ["type": "uncommittedChanges"]))
    _ = await client.note("turn/completed")
    #expect(house.model.requests[0].text.contains("+changed"))
    for name in ["fsmonitor", "external", "textconv", "filter", "pager"] {
      #expect(!house.work.exists("ran-\(name)"), "\(name)")
    }
    await server.shutdown()
  }
}
