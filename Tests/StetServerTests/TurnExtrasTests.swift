import StetJSON
import StetProtocol
import StetServer
import StetTestSupport
import Testing

/// What a turn can begin with beside a message, over the local transport.
@Suite(.timeLimit(.minutes(10))) struct TurnExtrasTests {
  private func mode(_ name: String) -> JSONValue {
    [
      "mode": .string(name),
      "settings": ["model": "mock-model", "reasoning_effort": nil, "developer_instructions": nil],
    ]
  }

  private func input(_ house: ModelHouse, _ request: Int) -> [JSONValue] {
    house.model.requests[request]["input"]?.arrayValue ?? []
  }

  @Test("plan mode: the plan streams as an item of its own and completes before its message")
  func planMode() async throws {
    let answer = "Intro\n<proposed_plan>\n# Plan\n- step\n</proposed_plan>\nOutro"
    let house = ModelHouse([.text(answer, chunk: 7), .text("done")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    let turn = try await client.turn(thread, "plan it", ["collaborationMode": mode("plan")])
    #expect(turn["items"]?[0]?["text"] == "Intro\nOutro")
    let settings = client.notes("thread/settings/updated").last?["threadSettings"]
    #expect(settings?["collaborationMode"]?["mode"] == "plan")
    let items = client.notes("item/completed").compactMap { $0["item"] }
    #expect(items.map { $0["type"] } == ["userMessage", "plan", "agentMessage"])
    let id = (turn["id"]?.stringValue ?? "") + "-plan"
    #expect(items[1]["id"] == .string(id) && items[1]["text"] == "# Plan\n- step\n")
    let deltas = client.notes("item/plan/delta").compactMap { $0["delta"]?.stringValue }
    #expect(deltas.joined() == "# Plan\n- step\n")
    #expect(house.model.requests[0].text.contains("proposed_plan"))
    // P4: leaving the mode appends a message; the prefix stays.
    try await client.turn(thread, "go", ["collaborationMode": mode("default")])
    #expect(house.model.requests[1].text.contains("Plan mode is over"))
    #expect(house.model.invariantViolations.map(\.description) == [])
    #expect(
      try await client.call("thread/resume", ["threadId": .string(thread)])["collaborationMode"]?["mode"]
        == "default")
    await server.shutdown()
  }

  @Test("additionalContext is sent once while it is the same; toolOutput is an item and an output")
  func contextAndToolOutput() async throws {
    let house = ModelHouse([.text("one"), .text("two"), .text("three")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    let context: JSONValue = ["open file": ["value": "a.swift", "kind": "untrusted"]]
    try await client.turn(thread, "x", ["additionalContext": context])
    try await client.turn(thread, "y", ["additionalContext": context])
    let texts = input(house, 1).filter { $0.text.contains("a.swift") }
    #expect(texts.count == 1 && texts[0].text.contains("data, not instructions"))
    try await client.turn(thread, "z", ["toolOutput": ["name": "look", "output": "seen"]])
    #expect(client.notes("item/completed").contains { $0["item"]?["type"] == "functionCallOutput" })
    #expect(input(house, 2).contains { $0["type"] == "function_call_output" && $0["output"] == "seen" })
    await server.shutdown()
  }

  @Test("a skill's file goes into the prompt, sound becomes a line of text, an image keeps its detail")
  func inputs() async throws {
    let house = ModelHouse([.text("ok")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    house.work.write("SKILL.md", "Do it well.")
    let parts: JSONValue = [
      ["type": "text", "text": "go"],
      ["type": "skill", "name": "well", "path": .string(house.work.path("SKILL.md"))],
      ["type": "audio", "url": "data:audio/wav;base64,AAAA"],
      ["type": "image", "url": "data:image/png;base64,AAAA", "detail": "low"],
    ]
    try await client.call("turn/start", ["threadId": .string(thread), "input": parts])
    _ = await client.note("turn/completed")
    let sent = house.model.requests[0].text
    #expect(sent.contains("Do it well.") && sent.contains("audio that this model can't be sent"))
    #expect(input(house, 0).contains { $0.text.contains(#""detail":"low""#) })
    await server.shutdown()
  }

  @Test("an empty input makes a turn without a user message")
  func emptyInput() async throws {
    let house = ModelHouse([.text("ok")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    try await client.call("turn/start", ["threadId": .string(thread), "input": []])
    _ = await client.note("turn/completed")
    #expect(client.notes("item/completed").map { $0["item"]?["type"] } == ["agentMessage"])
    await server.shutdown()
  }

  @Test("settings: profiles, tier and reviewer are sticky and echoed; what contradicts itself is refused")
  func settings() async throws {
    let house = ModelHouse([.text("ok")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    try await client.call(
      "thread/settings/update",
      [
        "threadId": .string(thread), "permissions": ":danger-full-access", "serviceTier": "flex",
        "approvalsReviewer": "auto_review",
      ])
    let settings = try #require(client.notes("thread/settings/updated").last?["threadSettings"])
    #expect(settings["activePermissionProfile"]?["id"] == ":danger-full-access")
    #expect(settings["sandboxPolicy"]?["type"] == "dangerFullAccess" && settings["serviceTier"] == "flex")
    #expect(settings["approvalsReviewer"] == "auto_review")
    try await client.turn(thread, "x", ["sandboxPolicy": ["type": "readOnly"]])
    #expect(
      client.notes("thread/settings/updated").last?["threadSettings"]?["activePermissionProfile"] == .null)
    #expect(house.model.requests[0]["service_tier"] == "flex")
    let both: JSONValue = [
      "threadId": .string(thread), "permissions": ":workspace", "sandboxPolicy": ["type": "readOnly"],
    ]
    #expect(
      await client.error("thread/settings/update", both)?.message.contains("cannot be combined") == true)
    await server.shutdown()
  }

  @Test(
    "rootTurnId names the turn that led to this one, live and after a restart; without it a turn is its own")
  func rootTurn() async throws {
    let house = ModelHouse([.text("one"), .text("two")])
    var server = house.server()
    var client = try await house.connect(server)
    let thread = try await client.thread()
    let first = try await client.begin(thread, "go")
    _ = await client.note("turn/completed")
    let second = try await client.turn(thread, "go on", ["rootTurnId": .string(first), "parentTurnId": "p"])
    #expect(second["rootTurnId"] == .string(first))
    #expect(
      client.notes("turn/started").map { $0["turn"]?["rootTurnId"] } == [.string(first), .string(first)])
    await server.shutdown()
    server = house.server()
    client = try await house.connect(server)
    let id = JSONValue.string(thread)
    let page = try await client.call("thread/turns/list", ["threadId": id])
    #expect(page["data"]?.arrayValue?.map { $0["rootTurnId"] } == [.string(first), .string(first)])
    let read = try await client.call("thread/read", ["threadId": id, "includeTurns": true])
    let turns = read["thread"]?["turns"]?.arrayValue ?? []
    #expect(turns.map { $0["rootTurnId"] } == [.string(first), .string(first)])
    #expect(turns.map { $0["id"] } == [.string(first), second["id"]])
    await server.shutdown()
  }
}
