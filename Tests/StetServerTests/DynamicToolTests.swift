import StetJSON
import StetProtocol
import StetServer
import StetTestSupport
import Testing

/// `item/tool/call`: tools that the client runs.
@Suite struct DynamicToolTests {
  private static let lookup: JSONValue = [
    "type": "function", "name": "lookup", "description": "d",
    "inputSchema": ["type": "object", "properties": ["q": ["type": "string"]]],
  ]

  private func params(_ tools: JSONValue...) -> JSONObject { ["dynamicTools": .array(tools)] }

  @Test("the item starts, the client is asked, its answer reaches the model and closes the item")
  func call() async throws {
    let house = ModelHouse([.call("lookup", ["q": "x"]), .text("done")])
    let client = try await house.connect(house.server())
    let thread = try await client.thread(params(Self.lookup))
    let turn = try await client.begin(thread, "go")
    let asked = await client.request()
    #expect(asked.method == "item/tool/call")
    #expect(
      asked.params == [
        "threadId": .string(thread), "turnId": .string(turn), "callId": "call_0001_0", "namespace": nil,
        "tool": "lookup", "arguments": ["q": "x"],
      ])
    client.answer(asked.id, ["contentItems": [["type": "inputText", "text": "found it"]], "success": true])
    _ = await client.note("turn/completed")
    let item = try #require(client.items("dynamicToolCall").first)
    #expect(item["status"] == "completed")
    #expect(item["success"] == true)
    #expect(item["contentItems"]?[0]?["text"] == "found it")
    #expect(house.outputs(1)["call_0001_0"] == "found it")
    #expect(client.notes("serverRequest/resolved").isEmpty, "as Codex does")
    let statuses = client.notes("thread/status/changed").compactMap { $0["status"]?["type"] }
    #expect(statuses == ["active", "idle"], "it waits for a program, no flag shows it")
    #expect(house.model.invariantViolations.isEmpty)
  }

  @Test("P2: the client's tools follow the built-in ones, by name; a restart keeps them")
  func p2_sortedAndKept() async throws {
    let house = ModelHouse([.text("one"), .call("lookup", ["q": "x"]), .text("two")])
    let first = house.server()
    var client = try await house.connect(first)
    let space: JSONValue = [
      "type": "namespace", "name": "crm", "description": "d",
      "tools": [["type": "function", "name": "find", "description": "f", "inputSchema": ["type": "object"]]],
    ]
    let thread = try await client.thread(params(Self.lookup, space))
    try await client.turn(thread, "a")
    #expect(house.tools(0).suffix(2) == ["crm__find", "lookup"])
    await first.shutdown()
    let second = house.server()
    client = try await house.connect(second)
    try await client.call("thread/resume", ["threadId": .string(thread)])
    try await client.begin(thread, "b")
    let asked = await client.request()
    client.answer(asked.id, ["contentItems": [], "success": false])
    _ = await client.note("turn/completed")
    #expect(client.items("dynamicToolCall").first?["status"] == "failed")
    #expect(house.model.requests[1]["tools"] == house.model.requests[0]["tools"])
    await second.shutdown()
  }

  @Test("a namespaced tool is called by its own name and namespace")
  func namespaced() async throws {
    let house = ModelHouse([.call("crm__find", [:]), .text("done")])
    let client = try await house.connect(house.server())
    let space: JSONValue = [
      "type": "namespace", "name": "crm", "description": "d",
      "tools": [["name": "find", "inputSchema": ["type": "object"]]],
    ]
    let thread = try await client.thread(params(space))
    try await client.begin(thread, "go")
    let asked = await client.request()
    #expect(asked.params["namespace"] == "crm")
    #expect(asked.params["tool"] == "find")
    client.answer(asked.id, ["contentItems": [["type": "inputText", "text": "ok"]], "success": true])
    _ = await client.note("turn/completed")
    #expect(client.items("dynamicToolCall").first?["namespace"] == "crm")
  }

  @Test(
    "S5: an error, an empty object or nonsense fails the call, and the turn goes on",
    arguments: ["error", "{}", "nonsense"])
  func s5_badAnswers(_ kind: String) async throws {
    let house = ModelHouse([.call("lookup", ["q": "x"]), .text("done")])
    let client = try await house.connect(house.server())
    let thread = try await client.thread(params(Self.lookup))
    try await client.begin(thread, "go")
    let asked = await client.request()
    switch kind {
    case "error": client.transport.send(.error(id: asked.id, .internalError("broken")))
    case "{}": client.answer(asked.id, [:])
    default: client.answer(asked.id, ["contentItems": "x", "success": 3])
    }
    let turn = await client.note("turn/completed")["turn"]
    #expect(turn?["status"] == "completed")
    #expect(client.items("dynamicToolCall").first?["status"] == "failed")
    #expect(house.outputs(1)["call_0001_0"]?.stringValue?.hasPrefix("lookup failed") == true)
  }

  @Test("an interrupt closes the item; a late answer is ignored")
  func interrupt() async throws {
    let house = ModelHouse([.call("lookup", ["q": "x"]), .text("next")])
    let client = try await house.connect(house.server())
    let thread = try await client.thread(params(Self.lookup))
    let turn = try await client.begin(thread, "go")
    let asked = await client.request()
    try await client.call("turn/interrupt", ["threadId": .string(thread), "turnId": .string(turn)])
    #expect(await client.note("turn/completed")["turn"]?["status"] == "interrupted")
    #expect(client.items("dynamicToolCall").first?["status"] == "failed")
    client.answer(asked.id, ["contentItems": [], "success": true])
    let next = try await client.turn(thread, "again")
    #expect(next["status"] == "completed")
  }

  @Test("tools that can't be offered are refused with the reason")
  func refused() async throws {
    let house = ModelHouse([])
    let client = try await house.connect(house.server())
    func fault(_ tools: JSONValue...) async -> String? {
      await client.error("thread/start", ["dynamicTools": .array(tools)])?.message
    }
    func tool(_ name: String, _ schema: JSONValue = ["type": "object"]) -> JSONValue {
      ["type": "function", "name": .string(name), "description": "", "inputSchema": schema]
    }
    #expect(await fault(tool("a b"))?.contains("a b") == true)
    #expect(await fault(tool(""))?.contains("name") == true)
    #expect(await fault(tool("x", 3))?.contains("schema") == true)
    #expect(await fault(tool("x"), tool("x")) == "duplicate dynamic tool name: x")
    #expect(await fault(.array([]))?.isEmpty == false)
  }
}
