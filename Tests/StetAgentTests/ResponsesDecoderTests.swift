import StetJSON
import StetNet
import Testing

@testable import StetAgent

/// The Responses wire: what a stream means, however it is cut into pieces.
struct ResponsesDecoderTests {
  private static let stream = """
    event: response.created
    data: {"type":"response.created","response":{"id":"resp_1"}}

    : keep-alive

    data: {"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[]}}

    data: {"type":"response.reasoning_summary_part.added","item_id":"rs_1","summary_index":0}

    data: {"type":"response.reasoning_summary_text.delta","item_id":"rs_1","summary_index":0,"delta":"Hm, 字"}

    data: {"type":"response.reasoning_text.delta","item_id":"rs_1","content_index":0,"delta":"raw"}

    data: {"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm, 字"}],"encrypted_content":"gA=="}}

    data: {"type":"response.output_item.added","output_index":1,"item":{"type":"message","id":"msg_1"}}

    data: {"type":"response.output_text.delta","output_index":1,"delta":"Hé"}

    data: {"type":"response.something.new","x":1}

    data: {"type":"response.output_item.done","output_index":1,"item":{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"Hé"}]}}

    data: {"type":"response.function_call_arguments.delta","item_id":"fc_1","delta":"{}"}

    data: {"type":"response.custom_tool_call_input.delta","item_id":"ctc_1","delta":"*** Begin"}

    data: {"type":"response.completed","response":{"usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":7},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":15}}}

    data: [DONE]


    """

  private func events(_ pieces: [[UInt8]]) throws -> [ModelEvent] {
    var parser = SSEParser()
    var decoder = ResponsesDecoder()
    return try pieces.flatMap { piece in
      try parser.feed(piece).flatMap { try decoder.decode($0.data) }
    }
  }

  @Test("V1: an item that the server never names has one id from its first delta to its last")
  func v1_noIds() throws {
    let lines = [
      #"{"type":"response.output_text.delta","output_index":0,"delta":"a"}"#,
      #"{"type":"response.output_text.delta","output_index":0,"delta":"b"}"#,
      #"{"type":"response.output_item.added","output_index":1,"item":{"type":"message"}}"#,
      #"{"type":"response.output_text.delta","output_index":1,"delta":"c"}"#,
    ]
    let events = try events([Array(lines.map { "data: \($0)\n\n" }.joined().utf8)])
    #expect(
      events == [
        .textDelta(itemId: "item-1", delta: "a"), .textDelta(itemId: "item-1", delta: "b"),
        .itemAdded(["type": "message", "id": "item-2"]), .textDelta(itemId: "item-2", delta: "c"),
      ])
  }

  @Test("V1: a golden stream")
  func v1_golden() throws {
    let events = try events([Array(Self.stream.utf8)])
    #expect(
      events == [
        .created(responseId: "resp_1"),
        .itemAdded(["type": "reasoning", "id": "rs_1", "summary": []]),
        .reasoningPartAdded(itemId: "rs_1", index: 0),
        .reasoningSummaryDelta(itemId: "rs_1", index: 0, delta: "Hm, 字"),
        .reasoningTextDelta(itemId: "rs_1", index: 0, delta: "raw"),
        .itemDone([
          "type": "reasoning", "id": "rs_1", "summary": [["type": "summary_text", "text": "Hm, 字"]],
          "encrypted_content": "gA==",
        ]),
        .itemAdded(["type": "message", "id": "msg_1"]),
        .textDelta(itemId: "msg_1", delta: "Hé"),
        .itemDone([
          "type": "message", "id": "msg_1", "role": "assistant",
          "content": [["type": "output_text", "text": "Hé"]],
        ]),
        .callInputDelta(itemId: "fc_1", delta: "{}"),
        .callInputDelta(itemId: "ctc_1", delta: "*** Begin"),
        .completed(ModelUsage(input: 10, cachedInput: 7, output: 5, reasoning: 2, total: 15)),
      ])
  }

  @Test("V1: the same events when the stream is split at any byte")
  func v1_splitAnywhere() throws {
    let bytes = Array(Self.stream.utf8)
    let whole = try events([bytes])
    for cut in 0...bytes.count {
      #expect(try events([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole)
    }
    #expect(try events(bytes.map { [$0] }) == whole)
  }

  @Test("failures carry the provider's code and the wait that its text names")
  func failures() throws {
    func failure(_ data: String) -> ModelError? {
      var decoder = ResponsesDecoder()
      do {
        _ = try decoder.decode(data)
        return nil
      } catch {
        return error
      }
    }
    let limit = failure(
      #"{"type":"response.failed","response":{"error":{"code":"rate_limit_exceeded","message":"Please try again in 1.5s."}}}"#
    )
    #expect(limit?.kind == .event(code: "rate_limit_exceeded"))
    #expect(limit?.retryAfterMs == 1_500)
    #expect(failure(#"{"type":"error","message":"boom","code":"server_error"}"#)?.message == "boom")
    #expect(failure(#"{"error":{"message":"bare"}}"#)?.message == "bare")
    #expect(failure("{broken")?.kind == .malformed)
    #expect(failure(#"{"type":"response.failed","response":null}"#)?.kind == .event(code: "unknown"))
  }

  @Test("hostile events are skipped, not trapped on")
  func hostile() throws {
    var decoder = ResponsesDecoder()
    for data in [
      "null", "[]", "1", #"{"type":7}"#, #"{"type":"response.output_item.done"}"#,
      #"{"type":"response.output_item.done","item":"x"}"#,
      #"{"type":"response.reasoning_summary_text.delta","summary_index":-5,"delta":"x"}"#,
      #"{"type":"response.reasoning_summary_text.delta","summary_index":9223372036854775807,"delta":"x"}"#,
      #"{"type":"response.completed","response":{"usage":{"input_tokens":-4,"output_tokens":1e300}}}"#,
    ] {
      var items = StreamedItems()
      var ids = ItemIds()
      for event in try decoder.decode(data) { _ = items.apply(event, ids: &ids) }
    }
  }

  @Test(
    "waits in sentences",
    arguments: [
      ("try again in 20ms", 20), ("Please try again in 1.25s", 1_250), ("TRY AGAIN IN 2 minutes", 120_000),
      ("try again in 1h", 3_600_000), ("try again in soon", nil), ("try again later", nil),
    ] as [(String, Int?)])
  func waits(text: String, ms: Int?) {
    #expect(ResponsesFault.waitInText(text) == ms)
  }

  @Test("L10: overflow is recognised in many words, rate limits are not overflow")
  func l10_overflowWords() {
    func http(_ status: Int, _ text: String) -> Bool {
      ContextOverflow.matches(
        ResponsesFault.http(status: status, body: Array(text.utf8), retryAfterMs: nil, host: "h"))
    }
    #expect(http(400, #"{"error":{"code":"context_length_exceeded","message":"x"}}"#))
    #expect(http(400, #"{"error":{"message":"This model's maximum context length is 8192 tokens."}}"#))
    #expect(http(400, "the request exceeds the available context size"))
    #expect(http(413, #"{"error":"prompt is too long: 210000 tokens > 200000 maximum"}"#))
    #expect(!http(429, #"{"error":{"message":"Rate limit: prompt is too long for this minute"}}"#))
    #expect(!http(400, #"{"error":{"message":"Unknown parameter"}}"#))
  }

  @Test(
    "V1: an answer has a limit on every wire, whatever its parts are",
    arguments: ["responses", "chat", "messages"])
  func v1_endless(wire: String) {
    // Half of what is allowed, twice: no event of it is read as one.
    let half = String(repeating: "x", count: ChatDecoder.limit / 2 + 1)
    func refusal(_ decoder: inout some WireDecoder) -> String? {
      do throws(ModelError) {
        _ = try decoder.decode(half)
        return nil
      } catch {
        return error.message
      }
    }
    func check(_ decoder: some WireDecoder) {
      var decoder = decoder
      #expect(refusal(&decoder)?.contains("is not JSON") == true)
      #expect(refusal(&decoder) == "The model server sent more than 64 MiB.")
    }
    switch wire {
    case "responses": check(ResponsesDecoder())
    case "chat": check(ChatDecoder())
    default: check(MessagesDecoder())
    }
  }
}
