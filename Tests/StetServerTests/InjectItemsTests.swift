import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// `thread/inject_items` over the local transport.
@Suite struct InjectItemsTests {
  @Test("the model reads them with the next request; no client sees them; what is no item is refused")
  func inject() async throws {
    let house = ModelHouse([.text("ok")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    let item: JSONValue = [
      "type": "message", "role": "user", "content": [["type": "input_text", "text": "injected words"]],
    ]
    #expect(
      try await client.call("thread/inject_items", ["threadId": .string(thread), "items": [item]]) == [:])
    for items: JSONValue in [[], [5], [["type": 7]]] {
      let error = await client.error("thread/inject_items", ["threadId": .string(thread), "items": items])
      #expect(error?.code == -32600, "\(items.text)")
    }
    try await client.turn(thread, "q")
    #expect(house.model.requests[0].text.contains("injected words"))
    #expect(!client.messages.contains { "\($0)".contains("injected words") })
    let page = try await client.call("thread/turns/list", ["threadId": .string(thread), "itemsView": "full"])
    #expect(page["data"]?.arrayValue?.count == 1 && !page.text.contains("injected words"))
    let gone = await client.error(
      "thread/inject_items", ["threadId": .string(ScriptedAgent.firstThread), "items": [item]])
    #expect(gone?.message == "thread not found: \(ScriptedAgent.firstThread)")
    await server.shutdown()
  }
}
