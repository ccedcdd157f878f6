import StetConfig
import StetJSON
import Testing

@testable import StetAgent

/// One history for every wire: what a switch of the model makes of it (V5, V8).
struct WireHistoryTests {
  private static let patch: JSONValue = [
    "type": "custom", "name": "apply_patch", "description": "patches",
    "format": ["type": "grammar", "syntax": "lark", "definition": "start: x"],
  ]

  private func custom(_ id: String, _ input: String) -> [JSONValue] {
    [
      [
        "type": "custom_tool_call", "id": "ctc_1", "call_id": .string(id), "name": "apply_patch",
        "input": .string(input), "status": "completed",
      ], ["type": "custom_tool_call_output", "call_id": .string(id), "output": "ok"],
    ]
  }

  @Test("V5: an unflagged endpoint sees functions only, in the tools and in the history")
  func v5_unflagged() throws {
    let bench = WireBench(.responses)
    bench.tools += [
      Self.patch, ["type": "web_search"], ["type": "namespace", "name": "mcp__x", "tools": []],
    ]
    bench.add(Said.user("hi"))
    for item in custom("c1", "*** Begin\n\"x\"") { bench.add(item) }
    let body = try bench.body()
    #expect((body["tools"]?.arrayValue ?? []).map { $0["type"] } == ["function", "function"])
    #expect(body["tools"]?[1]?["parameters"]?["required"] == ["input"])
    #expect(body["input"]?[1]?["type"] == "function_call")
    #expect(body["input"]?[1]?["arguments"] == #"{"input":"*** Begin\n\"x\""}"#)
    #expect(body["input"]?[2]?["type"] == "function_call_output")
    for word in ["custom", "web_search", "namespace", "client_metadata", "prompt_cache_key", "grammar"] {
      #expect(!body.text.contains("\"\(word)"), "\(word)")
    }
  }

  @Test("V5: a flagged endpoint gets the items and tools as they are")
  func v5_flagged() throws {
    var flags = WireFlags()
    (flags.customTools, flags.webSearch, flags.namespaces, flags.promptCacheKey) = (true, true, true, true)
    let bench = WireBench(.responses, flags)
    let further: [JSONValue] = [
      Self.patch, ["type": "web_search"], ["type": "namespace", "name": "mcp__x", "tools": []],
    ]
    bench.tools += further
    for item in [Said.user("hi")] + custom("c1", "x") { bench.add(item) }
    let body = try bench.body()
    #expect(Array((body["tools"]?.arrayValue ?? []).dropFirst()) == further)
    #expect(body["input"]?.arrayValue == [Said.user("hi")] + custom("c1", "x"))
    #expect(body["prompt_cache_key"] == "t")
  }

  @Test("V5: the function call that stands for a freeform tool comes back as what the tool layer expects")
  func v5_mappedBack() throws {
    let names = CallNames(asFunctions: ["apply_patch"])
    let spaced = #"{"input": "*** Begin"}"#
    var decoder = ResponsesDecoder(names: names)
    let call: JSONValue = [
      "type": "function_call", "id": "fc_1", "call_id": "c1", "name": "apply_patch",
      "arguments": .string(spaced),
    ]
    let event: JSONValue = ["type": "response.output_item.done", "output_index": 0, "item": call]
    guard case .itemDone(let item)? = try decoder.decode(event.text).first else {
      Issue.record("no item")
      return
    }
    #expect(item["type"] == "custom_tool_call" && item["input"] == "*** Begin")
    #expect(CallItem(item).map { $0.input() } == .success(.text("*** Begin")))
    // Sent back as the model wrote it, or its own cache would miss it.
    let bench = WireBench(.responses)
    bench.tools.append(Self.patch)
    bench.add(item, ["type": "custom_tool_call_output", "call_id": "c1", "output": "ok"])
    #expect(try bench.list()[0]["arguments"]?.stringValue == spaced)
    // What is no `{input}` is left to the tool layer, which says what is wrong.
    let other = names.item(id: "i", callId: "c", name: "apply_patch", arguments: "{\"a\":1}", notes: [:])
    #expect(other["type"] == "function_call")
  }

  @Test("V8: a thread moves over all three wires and back; the first wire's bytes are what they were")
  func v8_acrossWires() throws {
    let bench = WireBench(.responses)
    bench.model = "one"
    bench.add(Said.developer("base"), Said.user("hi"))
    _ = bench.bytes()
    bench.add(
      ["type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "SECRET-ONE"],
      Said.call("same"),
      Said.output("same", "first result"))
    let first = bench.bytes()

    bench.provider = "there"
    bench.model = "two"
    bench.add(Said.user("go on"), Said.reasoning("thought two", [ItemNotes.signature: "SIG-TWO"]))
    bench.add(Said.call("same"), Said.output("same", "second result"), Said.assistant("done two"))

    let chat = bench.moved(to: .chat, model: "three")
    let said = try chat.list()
    let ids = said.flatMap { $0["tool_calls"]?.arrayValue ?? [] }.compactMap { $0["id"]?.stringValue }
    // The id that two providers gave is sent as two, the same each time.
    #expect(Set(ids).count == 2 && ids.first == "same")
    #expect(said.compactMap { $0["tool_call_id"]?.stringValue } == ids)
    #expect(try chat.list() == said)
    let text = try chat.body().text
    for secret in ["SECRET-ONE", "thought two", "SIG-TWO"] { #expect(!text.contains(secret)) }

    let messages = bench.moved(to: .messages, model: "two")
    messages.provider = "there"
    let turns = try messages.body().text
    #expect(turns.contains("SIG-TWO") && turns.contains("thought two") && !turns.contains("SECRET-ONE"))

    let back = bench.moved(to: .responses, model: "one")
    let input = try back.list()
    #expect(back.bytes().starts(with: first.dropLast(2)))
    #expect(input.filter { $0["type"] == "reasoning" }.count == 1)
    // Items of others come without the ids that their makers gave them.
    #expect(
      input.last == [
        "type": "message", "role": "assistant", "content": [["type": "output_text", "text": "done two"]],
      ])
    #expect(Set(input.compactMap { $0["call_id"]?.stringValue }).count == 2)
  }

  @Test(
    "V8: a call without output gets an error as its result, an output without call is a text",
    arguments: [
      ProviderConfig.WireAPI.responses, .chat, .messages,
    ])
  func v8_orphans(wire: ProviderConfig.WireAPI) throws {
    let bench = WireBench(wire)
    bench.add(Said.user("hi"), Said.call("lost"), Said.user("still there?"))
    bench.add(Said.output("unasked", "a fact"))
    let body = try bench.body().text
    #expect(body.contains("no output of this call was recorded"))
    #expect(body.contains("a fact"))
    if wire != .responses { #expect(!body.contains("unasked")) }
  }

  @Test(
    "V8: ids are made to fit, two never become one",
    arguments: [
      WireFlags.ToolIdFormat.any, .alphanumeric9, .anthropic,
    ])
  func v8_ids(format: WireFlags.ToolIdFormat) {
    let raw =
      (0..<400).map { "functions.read:\($0)|\(String(repeating: "x", count: 60))" } + ["", "a b", "ok"]
    var ids = CallIds(format)
    var again = CallIds(format)
    let made = raw.map { ids.call($0) }
    #expect(Set(made).count == raw.count)
    #expect(raw.map { again.call($0) } == made)
    #expect(raw.map { ids.output($0) } == made)
    for id in made {
      switch format {
      case .any: #expect((1...40).contains(id.utf8.count))
      case .alphanumeric9: #expect(id.utf8.count == 9 && !id.contains("_"))
      case .anthropic: #expect((1...64).contains(id.utf8.count) && !id.contains("|"))
      }
    }
  }

  @Test(
    "P1: what was encoded is kept: a request costs what is new, and a changed history is encoded anew",
    arguments: [ProviderConfig.WireAPI.responses, .chat, .messages])
  func p1_encodedOnce(wire: ProviderConfig.WireAPI) {
    let cache = WireCache()
    let target = WireTarget(wire: wire, origin: "a/b")
    func encoded(_ items: [PromptItem]) -> [EncodedMessage] {
      cache.encode(
        ModelRequest(threadId: "t", turnId: "u", model: "b", input: items, tools: .none), for: target
      ).messages
    }
    func place(_ message: EncodedMessage) -> UnsafePointer<UInt8>? {
      message.bytes.withUnsafeBufferPointer(\.baseAddress)
    }
    let first = (0..<40).map { PromptItem($0 % 2 == 0 ? Said.user("u\($0)") : Said.assistant("a\($0)")) }
    let second = first + [PromptItem(Said.user("more")), PromptItem(Said.assistant("yes"))]
    let before = encoded(first)
    let after = encoded(second)
    #expect(before.count >= 39 && after.count > before.count)
    #expect(zip(before, after).allSatisfy { place($0) == place($1) })
    let other = encoded([PromptItem(Said.user("compacted"))] + second.suffix(4))
    #expect(
      !other.contains { message in after.contains { place($0) == place(message) } } || wire == .responses)
    #expect(other.count < after.count)
  }

  @Test("the bytes of an item do not hold what is kept beside it; its value does")
  func notes() {
    var item = Said.assistant("x")
    let plain = PromptItem(item).bytes
    ItemNotes.add(ItemNotes.origin, "a/b", to: &item)
    #expect(PromptItem(item).bytes == plain)
    #expect(PromptItem(PromptItem(item).value) == PromptItem(item))
  }
}
