import StetJSON
import Testing

@testable import StetAgent

/// What the Chat Completions wire is sent.
struct ChatBodyTests {
  private func opened(_ flags: WireFlags = WireFlags()) -> WireBench {
    let bench = WireBench(.chat, flags)
    bench.add(Said.developer("base"), Said.developer("rules"), Said.user("context"), Said.user("hi"))
    return bench
  }

  private func roles(_ list: [JSONValue]) -> [String] { list.compactMap { $0["role"]?.stringValue } }

  @Test("V1: one leading system message, then the user's words in one message")
  func v1_opening() throws {
    let list = try opened().list()
    #expect(
      list == [
        ["role": "system", "content": "base\n\nrules"], ["role": "user", "content": "context\n\nhi"],
      ])
  }

  @Test("V1: a later developer item is a user text in a tag, or a developer message where that is known")
  func v1_laterDeveloper() throws {
    for known in [false, true] {
      var flags = WireFlags()
      flags.developerRole = known
      let bench = opened(flags)
      _ = bench.bytes()
      bench.add(Said.assistant("hello"), Said.developer("new rules"), Said.user("more"))
      let list = try bench.list()
      let tail = Array(list.dropFirst(3))
      #expect(list[0]["role"]?.stringValue == (known ? "developer" : "system"))
      #expect(
        tail
          == (known
            ? [["role": "developer", "content": "new rules"], ["role": "user", "content": "more"]]
            : [["role": "user", "content": "<context>\nnew rules\n</context>\n\nmore"]]))
    }
  }

  @Test("V1: text and calls of an answer are one message; results follow in the order of their outputs")
  func v1_calls() throws {
    let bench = opened()
    _ = bench.bytes()
    bench.add(Said.assistant("I look."), Said.call("c1"), Said.call("c2", "read", "{broken"))
    bench.add(Said.output("c1"), Said.output("c2", ""))
    let tail = Array(try bench.list().dropFirst(2))
    #expect(roles(tail) == ["assistant", "tool", "tool"])
    #expect(tail[0]["content"]?.stringValue == "I look.")
    let arguments = (tail[0]["tool_calls"]?.arrayValue ?? []).map {
      $0["function"]?["arguments"]?.stringValue
    }
    // A template that reads the arguments must not fail on them.
    #expect(arguments == [#"{"path":"a"}"#, #"{"unreadable":"{broken"}"#])
    #expect(tail[2] == ["role": "tool", "tool_call_id": "c2", "content": "(no output)"])
  }

  @Test("V1: images are parts; those of a result follow in a user message; a blind model gets words")
  func v1_images() throws {
    let url: JSONValue = "data:image/png;base64,AAAA"
    let bench = WireBench(.chat)
    bench.add(MessageItem.user([MessageItem.inputText("see"), ["type": "input_image", "image_url": url]]))
    _ = bench.bytes()
    bench.add(Said.call("c"), Said.output("c", [["type": "input_image", "image_url": url]]))
    let list = try bench.list()
    #expect(
      list[0]["content"] == [
        ["type": "text", "text": "see"], ["type": "image_url", "image_url": ["url": url]],
      ])
    #expect(list[2]["content"] == "(an image)")
    #expect(list[3]["content"]?[1]?["image_url"]?["url"] == url)
    bench.images = false
    #expect(!(try bench.body().text).contains("base64"))
    #expect(try bench.list()[0]["content"] == "see\n\n[an image that this model can't be sent]")
  }

  @Test("P10: reasoning goes back under the endpoint's name to the model that it came from, never empty")
  func p10_reasoning() throws {
    var flags = WireFlags()
    flags.reasoningField = .reasoningContent
    let bench = opened(flags)
    _ = bench.bytes()
    bench.add(
      Said.reasoning("hm"), Said.call("c"), Said.output("c"), Said.reasoning(""), Said.assistant("so"))
    let list = try bench.list()
    #expect(list[2]["reasoning_content"] == "hm")
    #expect(list[4]["content"] == "so" && list[4].objectValue?.keys.contains("reasoning_content") == false)
    #expect(!(try bench.moved(to: .chat, model: "other", flags).body().text).contains("hm"))
  }

  @Test("what an endpoint wants back with its items comes back as it was, to its model only")
  func verbatimExtras() throws {
    let signature: JSONValue = ["google": ["thought_signature": "CiQB"]]
    let details: JSONValue = [["type": "reasoning.encrypted", "data": "gA"]]
    let bench = opened()
    var call = Said.call("c")
    ItemNotes.add(ItemNotes.extraContent, signature, to: &call)
    bench.add(Said.reasoning("hm", [ItemNotes.reasoningDetails: details]), call, Said.output("c"))
    let message = try bench.list()[2]
    #expect(message["tool_calls"]?[0]?["extra_content"] == signature)
    #expect(message["reasoning_details"] == details)
    #expect(!(try bench.moved(to: .chat, model: "other").body().text).contains("CiQB"))
    #expect(!(try bench.moved(to: .responses, model: "other").body().text).contains("stet"))
  }

  @Test("P1: what was sent is never joined to what comes later, and roles alternate")
  func p1_boundaries() throws {
    let bench = opened()
    var before = bench.bytes()
    let steps: [[JSONValue]] = [
      // The answer never came, and the user says more.
      [Said.user("<turn_aborted>"), Said.user("again")],
      // A steer, with nothing said before it.
      [Said.user("faster")],
      // The stream broke after a whole message.
      [Said.assistant("half")],
      [Said.assistant("other half"), Said.call("c"), Said.output("c"), Said.user("steer")],
      [Said.reasoning("only thoughts")], [Said.user("well?")],
    ]
    for items in steps {
      for item in items { bench.add(item) }
      let now = bench.bytes()
      #expect(now.starts(with: before.dropLast(2)))
      before = now
      let list = try JSONValue(parsing: now)["messages"]?.arrayValue ?? []
      for (one, next) in zip(list, list.dropFirst()) where one["role"] != "tool" {
        #expect(one["role"] != next["role"], "\(list)")
      }
      #expect(list.last?["role"] == "user")
    }
  }

  @Test("Mistral: an answer stands between results and the user's words; ids have nine letters")
  func mistral() throws {
    var flags = WireFlags()
    flags.assistantAfterTool = true
    flags.toolIdFormat = .alphanumeric9
    let bench = opened(flags)
    _ = bench.bytes()
    bench.add(Said.call("call_long_1"), Said.output("call_long_1"), Said.user("and?"))
    let tail = Array(try bench.list().dropFirst(2))
    #expect(roles(tail) == ["assistant", "tool", "assistant", "user"])
    #expect(tail[0]["content"] == "")
    let id = tail[0]["tool_calls"]?[0]?["id"]?.stringValue ?? ""
    #expect(id.utf8.count == 9 && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
    #expect(tail[1]["tool_call_id"]?.stringValue == id)
  }

  @Test("V4: the head holds what the endpoint is flagged for, and nothing else")
  func v4_head() throws {
    let bench = opened()
    bench.change = { request in
      request.effort = "high"
      request.outputSchema = ["type": "object"]
    }
    #expect(
      try bench.body().objectValue?.keys == ["model", "stream", "stream_options", "tools", "messages"])
    (bench.flags.reasoningEffort, bench.flags.jsonSchema, bench.flags.promptCacheKey) = (true, true, true)
    (bench.flags.storeFlag, bench.flags.parallelField, bench.flags.streamUsage) = (true, true, false)
    let body = try bench.body()
    #expect(body["reasoning_effort"] == "high" && body["prompt_cache_key"] == "t" && body["store"] == false)
    #expect(body["response_format"]?["json_schema"]?["schema"] == ["type": "object"])
    #expect(body["parallel_tool_calls"] == true)
    #expect(body.objectValue?.keys.contains("stream_options") == false)
  }

  @Test("V1: half a surrogate pair, as a broken tool writes it, never reaches an endpoint")
  func v1_loneSurrogates() throws {
    let broken = try JSONValue(parsing: #"{"type":"function_call_output","call_id":"c","output":"a\ud83dz"}"#)
    let bench = opened()
    _ = bench.bytes()
    bench.add(Said.call("c"), broken)
    let text = try bench.list().last?["content"]?.stringValue
    #expect(text == "a\u{FFFD}z")
    #expect(!String(decoding: bench.bytes(), as: UTF8.self).lowercased().contains("\\ud83d"))
  }

  @Test("C2: none may be called, the tools stay as they are; without tools there is no empty list")
  func c2_noCalls() throws {
    let bench = opened()
    let tools = try bench.body()["tools"]
    bench.change = { $0.mayCallTools = false }
    #expect(try bench.body()["tools"] == tools)
    #expect(try bench.body()["tool_choice"] == "none")
    bench.tools = []
    #expect(try bench.body().objectValue?.keys.contains("tools") == false)
    #expect(try bench.body().objectValue?.keys.contains("tool_choice") == false)
  }
}
