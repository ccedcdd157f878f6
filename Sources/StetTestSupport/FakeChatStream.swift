import StetJSON

/// Writes one step as the Chat Completions API would stream it.
final class FakeChatStream: FakeModelStream {
  private var calls = 0

  override func opened() { chunk(["role": "assistant", "content": ""]) }

  override func failed(_ code: String, _ message: String) {
    line(["error": ["code": .string(code), "message": .string(message)]])
  }

  override func incomplete(_ reason: String) {
    chunk([:], finish: reason == "max_output_tokens" ? "length" : reason)
    exchange.chunk("data: [DONE]\n\n")
  }

  override func messageBegins() {}
  override func messageGrows(_ delta: String) { chunk(["content": .string(delta)]) }
  override func messageEnds(_ text: String) { note(.string(text)) }

  override func reasoning(_ text: String) {
    chunk(["reasoning_content": .string(text)])
    note(.string(text))
  }

  override func call(_ name: String, _ arguments: String) {
    let head: JSONValue = [
      "index": JSONValue(calls), "id": nextCallID(), "type": "function",
      "function": ["name": .string(name), "arguments": ""],
    ]
    chunk(["tool_calls": [head]])
    // In two pieces, as models write.
    let half = arguments.index(arguments.startIndex, offsetBy: arguments.count / 2)
    for piece in [arguments[..<half], arguments[half...]] {
      let delta: JSONValue = [
        "index": JSONValue(calls), "function": ["arguments": .string(String(piece))],
      ]
      chunk(["tool_calls": [delta]])
    }
    calls += 1
    note(.string(arguments))
  }

  /// The wire has no freeform tools.
  override func custom(_ name: String, _ input: String) {
    call(name, JSONValue.object(["input": .string(input)]).text)
  }

  override func complete(_ usage: FakeModel.Usage) {
    chunk([:], finish: calls > 0 ? "tool_calls" : "stop")
    let (input, written) = counts(usage)
    var last = head
    last["choices"] = []
    last["usage"] = [
      "prompt_tokens": JSONValue(input), "completion_tokens": JSONValue(written),
      "total_tokens": JSONValue(input + written),
      "prompt_tokens_details": ["cached_tokens": JSONValue(usage.cached)],
    ]
    line(.object(last))
    exchange.chunk("data: [DONE]\n\n")
    exchange.end()
  }

  override func send(_ event: JSONValue) { line(event) }

  // MARK: Chunks

  private var head: JSONObject {
    [
      "id": identifier("chatcmpl"), "object": "chat.completion.chunk", "created": 0,
      "model": .string(FakeModel.modelName),
    ]
  }

  private func chunk(_ delta: JSONValue, finish: String? = nil) {
    var chunk = head
    chunk["choices"] = [
      ["index": 0, "delta": delta, "finish_reason": finish.map { .string($0) } ?? .null]
    ]
    line(.object(chunk))
  }

  private func line(_ value: JSONValue) { exchange.chunk("data: \(value.text)\n\n") }
}
