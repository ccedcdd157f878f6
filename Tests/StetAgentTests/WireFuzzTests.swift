import StetConfig
import StetJSON
import Testing

@testable import StetAgent

/// Whatever a history holds and whatever a server sends: requests stay well formed, decoders do not trap.
struct WireFuzzTests {
  @Test(
    "V8: any history gives a request that the wire accepts, and what was sent is never changed (P1)",
    arguments: [ProviderConfig.WireAPI.chat, .messages], 0..<40)
  func v8_anyHistory(wire: ProviderConfig.WireAPI, seed: UInt64) throws {
    var random = SplitMix(state: seed &* 7_919)
    var flags = WireFlags()
    flags.toolIdFormat = [.any, .alphanumeric9, .anthropic][Int(random.next() % 3)]
    flags.reasoningField = .reasoning
    let bench = WireBench(wire, flags)
    bench.add(Said.developer("base"), Said.user("hi"))
    var before = bench.bytes()
    for _ in 0..<12 {
      for _ in 0..<(random.next() % 5) { bench.add(item(&random)) }
      let now = bench.bytes()
      let isPrefix = now.starts(with: before.dropLast(2))
      #expect(isPrefix, "seed \(seed)")
      before = now
      let list = try JSONValue(parsing: now)["messages"]?.arrayValue ?? []
      check(Array(list.drop { $0["role"] == "system" }), "seed \(seed)")
    }
  }

  /// Any item; ids and outputs fit together by chance only.
  private func item(_ random: inout SplitMix) -> JSONValue {
    let id = "id\(random.next() % 3)"
    switch random.next() % 11 {
    case 0: return Said.user("u")
    case 1: return Said.developer("d")
    case 2: return Said.assistant(random.next() % 4 == 0 ? " " : "a")
    case 3: return Said.reasoning("r", [ItemNotes.signature: "S"])
    case 4, 5: return Said.call(id, "read", ["{}", "", "[1]", "{cut"][Int(random.next() % 4)])
    case 6, 7: return Said.output(id, random.next() % 3 == 0 ? "" : "done")
    case 8: return ["type": "compaction", "encrypted_content": "x"]
    case 9: return MessageItem.user([JSONValue]())
    default: return ["type": "web_search_call", "id": .string(id)]
    }
  }

  /// Roles alternate, every call has one result right behind it, no result is without its call, no block is blank.
  private func check(_ list: [JSONValue], _ place: Comment) {
    #expect(list.first?["role"] != "tool" && list.last?["role"] != "assistant", place)
    var index = 0
    var seen: Set<String> = []
    var lastRole = ""
    while index < list.count {
      let message = list[index]
      let role = message["role"]?.stringValue ?? ""
      #expect(role != lastRole, place)
      lastRole = role
      index += 1
      let blocks = message["content"]?.arrayValue ?? []
      #expect(
        blocks.allSatisfy { $0["type"] != "text" || $0["text"]?.stringValue?.contains { $0 != " " } == true })
      let calls =
        (message["tool_calls"]?.arrayValue ?? []).map { $0["id"]?.stringValue ?? "" }
        + blocks.filter { $0["type"] == "tool_use" }.map { $0["id"]?.stringValue ?? "" }
      for id in calls { #expect(seen.insert(id).inserted, place) }
      var results: [String] = []
      while index < list.count, let id = list[index]["tool_call_id"]?.stringValue {
        results.append(id)
        index += 1
        lastRole = "tool"
      }
      if results.isEmpty, index < list.count {
        let next = list[index]["content"]?.arrayValue ?? []
        results = next.prefix { $0["type"] == "tool_result" }.map { $0["tool_use_id"]?.stringValue ?? "" }
        #expect(next.dropFirst(results.count).allSatisfy { $0["type"] != "tool_result" }, place)
      }
      #expect(results.sorted() == calls.sorted(), place)
    }
  }

  @Test(
    "V1: a damaged stream is decoded or refused, never trapped on",
    arguments: GoldenStreamTests.chat + GoldenStreamTests.messages)
  func v1_damaged(name: String) throws {
    let bytes = try GoldenStream.bytes(name)
    guard !bytes.isEmpty else { return }
    var random = SplitMix(state: UInt64(bytes.count))
    for _ in 0..<6 {
      var damaged = bytes
      for _ in 0..<4 {
        let place = Int(random.next() % UInt64(damaged.count))
        switch random.next() % 3 {
        case 0: damaged[place] = UInt8(random.next() % 256)
        case 1: damaged.removeSubrange(place..<min(place + 9, damaged.count - 1))
        default: damaged.insert(contentsOf: damaged[place..<min(place + 30, damaged.count)], at: place)
        }
      }
      let decoders: [any WireDecoder] = [
        ChatDecoder(textCalls: TextCalls(PromptTools([["type": "function", "name": "read"]]))),
        MessagesDecoder(), ResponsesDecoder(),
      ]
      for decoder in decoders { #expect(GoldenStream.lines([damaged], decoder).last != nil) }
    }
  }
}
