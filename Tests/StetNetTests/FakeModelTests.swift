import StetJSON
import StetNet
import StetTestSupport
import Testing

/// The scripted model, asked as the agent asks it.
@Suite struct FakeModelTests {
  let client = HTTPClient(environment: [:])

  private func post(_ model: FakeModel, _ body: JSONValue) -> HTTPRequest {
    HTTPRequest(method: "POST", url: model.url + "/responses", body: body.serialized())
  }

  private func request(_ input: JSONValue..., key: String = "t1", tools: JSONValue = [["name": "x"]])
    -> JSONValue
  {
    ["model": "mock-model", "input": .array(input), "tools": tools, "prompt_cache_key": .string(key)]
  }

  private func events(_ model: FakeModel, _ body: JSONValue) async throws -> [JSONValue] {
    var parser = SSEParser()
    var events: [JSONValue] = []
    for try await event in client.stream(post(model, body)) {
      guard case .bytes(let bytes) = event else { continue }
      for event in try parser.feed(bytes) {
        let value = try JSONValue(parsing: event.data)
        #expect(value["type"]?.stringValue == event.event)
        events.append(value)
      }
    }
    return events
  }

  @Test func aResponseHasItsItemsInOrder() async throws {
    let model = FakeModel(script: [
      .respond(
        [
          .reasoning("hm"), .text("hello world", chunk: 4), .call("ls", ["path": "."]),
          .custom("patch", "*** Begin"),
        ],
        usage: .init(input: 100, cached: 90, output: 10))
    ])
    let events = try await events(model, request(["role": "user"]))
    let deltas = events.filter { $0["type"] == "response.output_text.delta" }.compactMap {
      $0["delta"]?.stringValue
    }
    #expect(deltas == ["hell", "o wo", "rld"])
    let done = events.filter { $0["type"] == "response.output_item.done" }.compactMap { $0["item"] }
    #expect(done.map { $0["type"] } == ["reasoning", "message", "function_call", "custom_tool_call"])
    #expect(done[2]["call_id"] == "call_0001_0")
    #expect(done[3]["call_id"] == "call_0001_1")
    #expect(done[2]["arguments"] == #"{"path":"."}"#)
    let response = events.last?["response"]
    #expect(response?["status"] == "completed")
    #expect(response?["output"]?.arrayValue == done)
    #expect(response?["usage"]?["total_tokens"] == 110)
    #expect(events.compactMap { $0["sequence_number"]?.intValue } == Array(0..<events.count))
    #expect(model.invariantViolations.isEmpty)
  }

  @Test func cutsKeepWhatWasSent() async throws {
    let model = FakeModel(script: [.drop("abcdef", after: 2, chunk: 2), .respond([.call("ls", [:]), .cut])])
    for expected in ["response.output_text.delta", "response.output_item.done"] {
      var text = ""
      await #expect(throws: NetError.self) {
        for try await event in client.stream(post(model, request())) {
          if case .bytes(let bytes) = event { text += String(decoding: bytes, as: UTF8.self) }
        }
      }
      #expect(text.contains(expected))
      #expect(!text.contains("response.completed"))
    }
  }

  @Test func gatesHoldAStream() async throws {
    let gate = Gate()
    let model = FakeModel(script: [.respond([.text("abc", chunk: 1, gates: [1: gate])])])
    var text = ""
    for try await event in client.stream(post(model, request())) {
      guard case .bytes(let bytes) = event else { continue }
      text += String(decoding: bytes, as: UTF8.self)
      if text.contains(#""delta":"a""#) && !gate.isOpen {
        #expect(!text.contains(#""delta":"b""#))
        gate.open()
      }
    }
    #expect(text.contains("response.completed"))
  }

  @Test func errorsHangsAndRawStreams() async throws {
    let (gate, asked) = (Gate(), Gate())
    let model = FakeModel(script: [
      .status(503, headers: [("Retry-After", "2")]), .raw(": hi\n\n"), .invalidJSON, .hang(gate),
      .respond([.failed(code: "rate_limit_exceeded", message: "try again in 1.5s")]),
      .respond([.incomplete(reason: "max_output_tokens")]), .respond([.text("x"), .endWithoutCompleted]),
    ])
    let refused = try await client.fetch(post(model, request()), maxBytes: 1000)
    #expect((refused.status, refused.headers["retry-after"]) == (503, "2"))
    #expect(try await client.fetch(post(model, request()), maxBytes: 100).body == Array(": hi\n\n".utf8))
    await #expect(throws: JSONError.self) { try await events(model, request()) }
    let client = client
    let hanging = post(model, request())
    let task = Task { () async throws(NetError) in
      asked.open()
      return try await client.fetch(hanging, maxBytes: 10)
    }
    await model.untilRequests(4)
    gate.open()
    let result = await task.result
    #expect(throws: NetError.self) { try result.get() }
    #expect(try await events(model, request()).last?["response"]?["error"]?["code"] == "rate_limit_exceeded")
    #expect(try await events(model, request()).last?["type"] == "response.incomplete")
    #expect(try await events(model, request()).last?["type"] == "response.output_item.done")
    #expect(model.stepsLeft == 0)
  }

  @Test func requestsAreKeptAndModelsListed() async throws {
    let model = FakeModel(script: [.text("title")], side: "a title")
    let models = try await client.fetch(HTTPRequest(url: model.url + "/models"), maxBytes: 1000)
    #expect(try JSONValue(parsing: models.body)["data"]?[0]?["id"] == "mock-model")
    let body = request(["role": "user"], tools: [])
    #expect(try await events(model, body).contains { $0["text"] == "a title" })
    #expect(model.requests == [body])
    #expect(model.bodies == [body.serialized()])
    #expect(model.stepsLeft == 1)
  }

  @Test func brokenRequestsAreViolations() async throws {
    let model = FakeModel(script: Array(repeating: .text("ok"), count: 8))
    let user: JSONValue = ["type": "message", "role": "user"]
    let call: JSONValue = ["type": "function_call", "call_id": "1"]
    let output: JSONValue = ["type": "function_call_output", "call_id": "1", "output": "x"]
    let second: JSONValue = ["type": "function_call", "call_id": "2"]
    let late: JSONValue = ["type": "function_call_output", "call_id": "2", "output": "y"]
    for body in [
      request(user), request(user, call, output), request(user, call, output, call, second, late, output),
      request(user, call, key: "t2"), request(output, key: "t3"), request(call, output, output, key: "t4"),
      request(user, user, key: "t5"), request(user, call, output, key: "t5", tools: [["name": "y"]]),
      request(user),
    ] {
      _ = try await client.fetch(post(model, body), maxBytes: 100_000)
    }
    #expect(
      model.invariantViolations.map { "\($0.request) \($0.kind)" } == [
        "2 outputOrder", "3 callWithoutOutput", "4 orphanOutput", "5 outputTwice", "7 headChanged",
        "7 prefixChanged", "8 prefixChanged", "8 scriptExhausted",
      ])
  }
}
