import StetJSON
import StetProtocol
import StetServer
import StetTestSupport
import Testing

/// `item/tool/requestUserInput`.
@Suite struct RequestUserInputTests {
  private static let questions: JSONValue = [
    "questions": [
      [
        "id": "color", "header": "Color", "question": "Which?",
        "options": [
          ["label": "Red (Recommended)", "description": "warm"], ["label": "Blue", "description": "cold"],
        ],
      ]
    ]
  ]
  private static let plan: JSONObject = [
    "collaborationMode": [
      "mode": "plan",
      "settings": ["model": "mock-model", "reasoning_effort": nil, "developer_instructions": nil],
    ]
  ]

  @Test(
    "in plan mode: status, request without an item, answer, resolved, status; free text is always offered")
  func ask() async throws {
    let house = ModelHouse([.call("request_user_input", Self.questions), .text("done")])
    let client = try await house.connect(house.server())
    let thread = try await client.thread()
    try await client.begin(thread, "ask", Self.plan)
    let asked = await client.request()
    #expect(asked.method == "item/tool/requestUserInput")
    let question = asked.params["questions"]?[0]
    #expect(question?["id"] == "color")
    #expect(question?["isOther"] == true)
    #expect(question?["options"]?[1]?["label"] == "Blue")
    #expect(asked.params["isBlocking"] == true)
    client.answer(asked.id, ["answers": ["color": ["answers": ["Blue"]]]])
    _ = await client.note("turn/completed")
    #expect(house.outputs(1)["call_0001_0"] == #"{"answers":{"color":{"answers":["Blue"]}}}"#)
    let waiting = client.notes("thread/status/changed").map { $0["status"]?["activeFlags"] ?? .null }
    #expect(waiting == [[], ["waitingOnUserInput"], [], .null])
    #expect(client.items("dynamicToolCall").isEmpty)
    #expect(
      isSubsequence(
        [
          "thread/status/changed", "item/tool/requestUserInput", "serverRequest/resolved",
          "thread/status/changed", "turn/completed",
        ], of: client.order))
  }

  @Test("in the default mode the model gets a text and nobody is asked; the tools stay the same (P3)")
  func p3_defaultMode() async throws {
    let house = ModelHouse([
      .text("planned"), .call("request_user_input", Self.questions), .text("done"),
    ])
    let client = try await house.connect(house.server())
    let thread = try await client.thread()
    try await client.turn(thread, "plan", Self.plan)
    #expect(
      client.notes("thread/settings/updated").last?["threadSettings"]?["collaborationMode"]?["mode"] == "plan"
    )
    var mode = Self.plan
    mode["collaborationMode"] = ["mode": "default", "settings": ["model": "mock-model"]]
    try await client.turn(thread, "go", mode)
    #expect(client.messages.compactMap(\.serverRequest).isEmpty)
    #expect(house.outputs(2)["call_0002_0"]?.stringValue?.contains("unavailable in Default mode") == true)
    #expect(house.model.requests[2]["tools"] == house.model.requests[0]["tools"])
  }

  @Test(
    "S5: skipped, refused or unreadable, the turn goes on without an answer",
    arguments: ["skipped", "error", "{}"])
  func s5_noAnswer(_ kind: String) async throws {
    let house = ModelHouse([.call("request_user_input", Self.questions), .text("done")])
    let client = try await house.connect(house.server())
    let thread = try await client.thread()
    try await client.begin(thread, "ask", Self.plan)
    let asked = await client.request()
    switch kind {
    case "skipped": client.answer(asked.id, ["answers": [:]])
    case "error": client.transport.send(.error(id: asked.id, .internalError("nobody here")))
    default: client.answer(asked.id, [:])
    }
    #expect(await client.note("turn/completed")["turn"]?["status"] == "completed")
    #expect(house.outputs(1)["call_0001_0"]?.stringValue?.contains("Decide yourself") == true)
  }

  @Test("the mode holds for later turns and after a restart")
  func modeIsSticky() async throws {
    let house = ModelHouse([.text("a"), .call("request_user_input", Self.questions), .text("b")])
    let first = house.server()
    var client = try await house.connect(first)
    let thread = try await client.thread()
    try await client.turn(thread, "plan", Self.plan)
    await first.shutdown()
    client = try await house.connect(house.server())
    let resumed = try await client.call("thread/resume", ["threadId": .string(thread)])
    #expect(resumed["collaborationMode"]?["mode"] == "plan")
    try await client.begin(thread, "more")
    let asked = await client.request()
    client.answer(asked.id, ["answers": ["color": ["answers": ["Red"]]]])
    _ = await client.note("turn/completed")
  }

  @Test("bad questions are answered to the model, not shown")
  func badQuestions() async throws {
    let house = ModelHouse([
      .call("request_user_input", ["questions": []]),
      .call("request_user_input", ["questions": [["id": "a", "header": "h", "options": []]]]), .text("done"),
    ])
    let client = try await house.connect(house.server())
    let thread = try await client.thread()
    try await client.turn(thread, "ask", Self.plan)
    #expect(client.messages.compactMap(\.serverRequest).isEmpty)
    #expect(house.outputs(1)["call_0001_0"]?.stringValue?.contains("1 to 3") == true)
    #expect(house.outputs(2)["call_0002_0"]?.stringValue?.contains("no `question`") == true)
  }
}
