import StetJSON
import Testing

@testable import StetAgent

/// What the Anthropic Messages wire is sent.
struct MessagesBodyTests {
  private func opened(_ flags: WireFlags = WireFlags()) -> WireBench {
    let bench = WireBench(.messages, flags)
    bench.add(Said.developer("base"), Said.developer("rules"), Said.user("context"), Said.user("hi"))
    return bench
  }

  private func types(_ message: JSONValue) -> [String] {
    (message["content"]?.arrayValue ?? []).compactMap { $0["type"]?.stringValue }
  }

  @Test("V1: system texts, tools with their schema, a limit of the answer, alternating turns")
  func v1_body() throws {
    let bench = opened()
    let body = try bench.body()
    #expect(body["system"] == [["type": "text", "text": "base"], ["type": "text", "text": "rules"]])
    #expect(body["tools"]?[0]?["input_schema"]?["properties"]?["path"] == ["type": "string"])
    #expect(body["max_tokens"]?.intValue == 8_192)
    #expect(body["messages"]?.arrayValue?.count == 1)
    #expect(types(try bench.list()[0]) == ["text", "text"])
  }

  @Test("V1: results come first in the user's turn; blank texts are never sent")
  func v1_resultsFirst() throws {
    let bench = opened()
    _ = bench.bytes()
    bench.add(Said.assistant(" \n"), Said.call("c1"), Said.call("c2"), Said.user("  "))
    bench.add(Said.output("c1", ""), Said.output("c2"), Said.user("steer"), Said.developer("rule"))
    let list = try bench.list()
    #expect(types(list[1]) == ["tool_use", "tool_use"])
    #expect(types(list[2]) == ["tool_result", "tool_result", "text", "text"])
    #expect(list[2]["content"]?[0]?["content"] == "(no output)")
    #expect(list[2]["content"]?[3]?["text"] == "<context>\nrule\n</context>")
    #expect(list[1]["content"]?[0]?["input"] == ["path": "a"])
  }

  @Test("V1: images of the user and of results are blocks")
  func v1_images() throws {
    let bench = WireBench(.messages)
    let picture: JSONValue = ["type": "input_image", "image_url": "data:image/png;base64,AAAA"]
    bench.add(MessageItem.user([picture, ["type": "input_image", "image_url": "https://x/y.png"]]))
    bench.add(Said.call("c"), Said.output("c", [MessageItem.inputText("seen"), picture]))
    let list = try bench.list()
    #expect(
      list[0]["content"]?[0]?["source"] == ["type": "base64", "media_type": "image/png", "data": "AAAA"])
    #expect(list[0]["content"]?[1]?["source"] == ["type": "url", "url": "https://x/y.png"])
    let result = list[2]["content"]?[0]?["content"]
    #expect(result?[0]?["text"] == "seen" && result?[1]?["type"] == "image")
  }

  @Test("P10: thinking goes back with its proof to the same provider and model, redacted as it came")
  func p10_thinking() throws {
    let bench = opened()
    _ = bench.bytes()
    bench.add(
      Said.reasoning("hm", [ItemNotes.signature: "EqQB"]), Said.reasoning("", [ItemNotes.redacted: "Ej=="]),
      Said.reasoning("unproven"), Said.call("c"), Said.output("c"))
    let answer = try bench.list()[1]
    #expect(answer["content"]?[0] == ["type": "thinking", "thinking": "hm", "signature": "EqQB"])
    #expect(answer["content"]?[1] == ["type": "redacted_thinking", "data": "Ej=="])
    #expect(types(answer) == ["thinking", "redacted_thinking", "tool_use"])
    #expect(types(try bench.moved(to: .messages, model: "other").list()[1]) == ["tool_use"])
  }

  @Test("V8: ids that another server made are sent as the wire takes them")
  func v8_ids() throws {
    let bench = opened()
    bench.add(Said.call("functions.read:0"), Said.output("functions.read:0"))
    let list = try bench.list()
    let id = list[1]["content"]?[0]?["id"]?.stringValue ?? ""
    #expect(id.hasPrefix("call_") && !id.contains("."))
    #expect(list[2]["content"]?[0]?["tool_use_id"]?.stringValue == id)
  }

  @Test("V9: at most four breakpoints: the tools, the system, the last two turns of the user")
  func v9_breakpoints() throws {
    var flags = WireFlags()
    flags.cacheControl = true
    let bench = opened(flags)
    let mark: JSONValue = ["type": "ephemeral"]
    for turn in 0..<4 {
      let body = try bench.body()
      #expect(body["tools"]?[0]?["cache_control"] == mark)
      #expect(body["system"]?[1]?["cache_control"] == mark)
      let marked = (body["messages"]?.arrayValue ?? []).enumerated().filter { _, message in
        message["content"]?.arrayValue?.last?["cache_control"] == mark
      }
      #expect(marked.map(\.offset) == (turn == 0 ? [0] : [turn * 2 - 2, turn * 2]))
      #expect(body.text.split(separator: "cache_control").count - 1 <= 4)
      bench.add(Said.call("c\(turn)"), Said.output("c\(turn)"))
    }
  }

  @Test("V9: from the second request on the cache has what the one before marked")
  func v9_cacheReads() throws {
    var flags = WireFlags()
    flags.cacheControl = true
    let bench = opened(flags)
    var stored: Set<String> = []
    for turn in 0..<6 {
      let (all, marked) = MessagesCache.prefixes(try bench.body())
      let hit = all.filter { stored.contains($0) }.map(\.utf8.count).max() ?? 0
      if turn > 0 { #expect(hit > (all.last?.utf8.count ?? 0) / 2, "request \(turn)") }
      stored.formUnion(marked)
      bench.add(Said.reasoning("hm \(turn)", [ItemNotes.signature: "S"]), Said.call("c\(turn)"))
      bench.add(Said.output("c\(turn)", .string("result \(turn)")))
      if turn == 3 { bench.add(Said.user("and a steer")) }
    }
  }

  @Test("P1: without breakpoints a request begins with the bytes of the one before")
  func p1_bytes() throws {
    let bench = opened()
    var before = bench.bytes()
    for items in [
      [Said.call("c"), Said.output("c")], [Said.assistant("fine")], [Said.user("next")],
      [Said.user("<turn_aborted>"), Said.user("other")],
    ] {
      for item in items { bench.add(item) }
      let now = bench.bytes()
      #expect(now.starts(with: before.dropLast(2)))
      before = now
      let list = try JSONValue(parsing: now)["messages"]?.arrayValue ?? []
      #expect(list.enumerated().allSatisfy { ($1["role"] == "user") == ($0 % 2 == 0) })
    }
  }

  @Test("thinking is asked for as the model takes it, and leaves room for the answer")
  func thinking() throws {
    var flags = WireFlags()
    flags.thinking = .budget
    let bench = opened(flags)
    let body = try bench.body()
    let budget = body["thinking"]?["budget_tokens"]?.intValue ?? 0
    #expect(budget >= 1_024 && budget < body["max_tokens"]?.intValue ?? 0)
    bench.change = { $0.effort = "none" }
    #expect(try bench.body().objectValue?.keys.contains("thinking") == false)
    bench.flags.thinking = .adaptive
    bench.change = { $0.effort = "xhigh" }
    #expect(try bench.body()["thinking"] == ["type": "adaptive"])
    #expect(try bench.body()["output_config"]?["effort"] == "max")
  }

  @Test("C2: none may be called, the tools stay as they are")
  func c2_noCalls() throws {
    let bench = opened()
    bench.change = { $0.mayCallTools = false }
    #expect(try bench.body()["tool_choice"] == ["type": "none"])
    bench.change = { $0.parallelToolCalls = false }
    #expect(try bench.body()["tool_choice"]?["disable_parallel_tool_use"] == true)
    #expect(try bench.body()["tools"]?.arrayValue?.count == 1)
  }
}

/// What Anthropic's cache would have of a request: prefixes end at blocks.
enum MessagesCache {
  static func prefixes(_ body: JSONValue) -> (all: [String], marked: [String]) {
    var text = ""
    var all: [String] = []
    var marked: [String] = []
    let lists = [body["tools"], body["system"]] + (body["messages"]?.arrayValue ?? []).map { $0["content"] }
    for list in lists {
      for block in list?.arrayValue ?? [] {
        var plain = block
        plain["cache_control"] = nil
        text += plain.text
        all.append(text)
        if block.objectValue?.keys.contains("cache_control") == true { marked.append(text) }
      }
    }
    return (all, marked)
  }
}
