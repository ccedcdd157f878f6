import StetJSON

/// Writes one step as the Anthropic Messages API would stream it.
final class FakeMessagesStream: FakeModelStream {
  private var index = 0
  private var calls = 0

  override func opened() {
    let usage: JSONValue = ["input_tokens": 1, "output_tokens": 1]
    send([
      "type": "message_start",
      "message": [
        "id": identifier("msg"), "type": "message", "role": "assistant", "content": [],
        "model": .string(FakeModel.modelName), "stop_reason": nil, "usage": usage,
      ],
    ])
    send(["type": "ping"])
  }

  override func failed(_ code: String, _ message: String) {
    send(["type": "error", "error": ["type": .string(code), "message": .string(message)]])
  }

  override func incomplete(_ reason: String) {
    stopped(reason == "max_output_tokens" ? "max_tokens" : reason, ["output_tokens": 1])
  }

  override func messageBegins() { begin(["type": "text", "text": ""]) }
  override func messageGrows(_ text: String) { delta(["type": "text_delta", "text": .string(text)]) }

  override func messageEnds(_ text: String) {
    end()
    note(.string(text))
  }

  override func reasoning(_ text: String) {
    begin(["type": "thinking", "thinking": "", "signature": ""])
    delta(["type": "thinking_delta", "thinking": .string(text)])
    delta(["type": "signature_delta", "signature": .string("SIG-\(number)-\(index)")])
    end()
    note(.string(text))
  }

  override func call(_ name: String, _ arguments: String) {
    begin(["type": "tool_use", "id": nextCallID(), "name": .string(name), "input": [:]])
    let half = arguments.index(arguments.startIndex, offsetBy: arguments.count / 2)
    for piece in [arguments[..<half], arguments[half...]] {
      delta(["type": "input_json_delta", "partial_json": .string(String(piece))])
    }
    end()
    calls += 1
    note(.string(arguments))
  }

  /// The wire has no freeform tools.
  override func custom(_ name: String, _ input: String) {
    call(name, JSONValue.object(["input": .string(input)]).text)
  }

  override func complete(_ usage: FakeModel.Usage) {
    let (input, written) = counts(usage)
    stopped(
      calls > 0 ? "tool_use" : "end_turn",
      [
        "input_tokens": JSONValue(max(0, input - usage.cached)),
        "cache_read_input_tokens": JSONValue(usage.cached), "output_tokens": JSONValue(written),
      ])
    exchange.end()
  }

  // MARK: Events

  private func begin(_ block: JSONValue) {
    send(["type": "content_block_start", "index": JSONValue(index), "content_block": block])
  }

  private func delta(_ delta: JSONValue) {
    send(["type": "content_block_delta", "index": JSONValue(index), "delta": delta])
  }

  private func end() {
    send(["type": "content_block_stop", "index": JSONValue(index)])
    index += 1
  }

  private func stopped(_ reason: String, _ usage: JSONValue) {
    send([
      "type": "message_delta", "delta": ["stop_reason": .string(reason), "stop_sequence": nil],
      "usage": usage,
    ])
    send(["type": "message_stop"])
  }
}
