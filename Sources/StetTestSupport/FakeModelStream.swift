import StetJSON

/// Writes one step as the Responses API would stream it. The other wires' streams override what a piece looks like.
class FakeModelStream {
  let exchange: LoopbackExchange
  let number: Int
  private let model: String
  private var sequence = 0
  private(set) var output: [JSONValue] = []
  private var calls = 0

  init(_ exchange: LoopbackExchange, number: Int, model: String = FakeModel.modelName) {
    self.exchange = exchange
    self.number = number
    self.model = model
  }

  func play(_ step: FakeModel.Step) {
    switch step {
    case .status(let status, let headers, let body):
      exchange.respond(
        status, headers: headers + [("content-type", "application/json"), Self.close], body: body)
    case .brokenStatus(let status, let body):
      exchange.begin(status, headers: [("content-type", "application/json"), Self.close])
      exchange.chunk(body)
      exchange.cut()
    case .hang(let gate):
      exchange.wait(for: gate)
      exchange.cut()
    case .raw(let text):
      begin()
      exchange.chunk(text)
      exchange.end()
    case .invalidJSON:
      begin()
      exchange.chunk("event: response.output_text.delta\ndata: {\"type\": \"response.outp\n\n")
      exchange.end()
    case .respond(let pieces, let usage):
      begin()
      opened()
      for piece in pieces where !play(piece) { return }
      complete(usage)
    }
  }

  /// No connection is used twice: when a kept one ends without an answer, HTTP clients send the request again by
  /// themselves, which would take a step of the script that the test meant for another request.
  static let close = ("connection", "close")

  private func begin() {
    exchange.begin(headers: [("content-type", "text/event-stream"), Self.close])
  }

  /// False when the piece ended the response.
  private func play(_ piece: FakeModel.Piece) -> Bool {
    switch piece {
    case .text(let text, let chunk, let gates, let cutAfter):
      return message(text, chunk: chunk, gates: gates, cutAfter: cutAfter)
    case .reasoning(let text): reasoning(text)
    case .call(let name, let arguments): call(name, arguments.text)
    case .callText(let name, let arguments): call(name, arguments)
    case .custom(let name, let input): custom(name, input)
    case .gate(let gate): return exchange.wait(for: gate)
    case .comment(let text): exchange.chunk(": \(text)\n\n")
    case .event(let event): send(event)
    case .cut:
      exchange.cut()
      return false
    case .failed(let code, let message):
      failed(code, message)
      exchange.end()
      return false
    case .incomplete(let reason):
      incomplete(reason)
      exchange.end()
      return false
    case .endWithoutCompleted:
      exchange.end()
      return false
    }
    return exchange.isConnected
  }

  private func message(_ text: String, chunk: Int, gates: [Int: Gate], cutAfter: Int?) -> Bool {
    messageBegins()
    var rest = text[...]
    var index = 0
    while true {
      if let gate = gates[index], !exchange.wait(for: gate) { return false }
      if let cutAfter, index >= cutAfter {
        exchange.cut()
        return false
      }
      if rest.isEmpty { break }
      messageGrows(String(rest.prefix(max(1, chunk))))
      rest = rest.dropFirst(max(1, chunk))
      index += 1
    }
    messageEnds(text)
    return exchange.isConnected
  }

  // MARK: What a wire says in its own way

  func opened() {
    send("response.created", [("response", .object(response("in_progress")))])
  }

  func failed(_ code: String, _ message: String) {
    var failed = response("failed")
    failed["error"] = ["code": .string(code), "message": .string(message)]
    send("response.failed", [("response", .object(failed))])
  }

  func incomplete(_ reason: String) {
    var incomplete = response("incomplete")
    incomplete["incomplete_details"] = ["reason": .string(reason)]
    send("response.incomplete", [("response", .object(incomplete))])
  }

  func messageBegins() {
    added(emptyMessage)
    let part: JSONValue = ["type": "output_text", "text": "", "annotations": []]
    let id = identifier("msg", output.count)
    send("response.content_part.added", place(id) + [("content_index", 0), ("part", part)])
  }

  func messageGrows(_ delta: String) {
    let id = identifier("msg", output.count)
    send("response.output_text.delta", place(id) + [("content_index", 0), ("delta", .string(delta))])
  }

  func messageEnds(_ text: String) {
    let id = identifier("msg", output.count)
    send("response.output_text.done", place(id) + [("content_index", 0), ("text", .string(text))])
    var item = emptyMessage
    item["status"] = "completed"
    item["content"] = [["type": "output_text", "text": .string(text), "annotations": []]]
    done(item)
  }

  private var emptyMessage: JSONObject {
    [
      "type": "message", "id": identifier("msg", output.count), "role": "assistant",
      "status": "in_progress", "content": [],
    ]
  }

  func reasoning(_ text: String) {
    let id = identifier("rs", output.count)
    let part: JSONValue = ["type": "summary_text", "text": .string(text)]
    let sealed = JSONValue.string("ENC-\(number)-\(output.count)")
    var item: JSONObject = ["type": "reasoning", "id": id, "summary": [], "encrypted_content": sealed]
    added(item)
    let start: JSONValue = ["type": "summary_text", "text": ""]
    send("response.reasoning_summary_part.added", place(id) + [("summary_index", 0), ("part", start)])
    send(
      "response.reasoning_summary_text.delta", place(id) + [("summary_index", 0), ("delta", .string(text))])
    send("response.reasoning_summary_text.done", place(id) + [("summary_index", 0), ("text", .string(text))])
    item["summary"] = [part]
    done(item)
  }

  func call(_ name: String, _ arguments: String) {
    let id = identifier("fc", output.count)
    var item: JSONObject = [
      "type": "function_call", "id": id, "call_id": nextCallID(), "name": .string(name), "arguments": "",
      "status": "in_progress",
    ]
    added(item)
    send("response.function_call_arguments.delta", place(id) + [("delta", .string(arguments))])
    send("response.function_call_arguments.done", place(id) + [("arguments", .string(arguments))])
    item["arguments"] = .string(arguments)
    item["status"] = "completed"
    done(item)
  }

  func custom(_ name: String, _ input: String) {
    let id = identifier("ctc", output.count)
    var item: JSONObject = [
      "type": "custom_tool_call", "id": id, "call_id": nextCallID(), "name": .string(name), "input": "",
      "status": "in_progress",
    ]
    added(item)
    send("response.custom_tool_call_input.delta", place(id) + [("delta", .string(input))])
    send("response.custom_tool_call_input.done", place(id) + [("input", .string(input))])
    item["input"] = .string(input)
    item["status"] = "completed"
    done(item)
  }

  func complete(_ usage: FakeModel.Usage) {
    let (input, written) = counts(usage)
    var completed = response("completed")
    completed["output"] = .array(output)
    completed["usage"] = [
      "input_tokens": JSONValue(input), "input_tokens_details": ["cached_tokens": JSONValue(usage.cached)],
      "output_tokens": JSONValue(written), "output_tokens_details": ["reasoning_tokens": 0],
      "total_tokens": JSONValue(input + written),
    ]
    send("response.completed", [("response", .object(completed))])
    exchange.end()
  }

  func counts(_ usage: FakeModel.Usage) -> (input: Int, output: Int) {
    let written = usage.output ?? output.reduce(0) { $0 + $1.serialized().count } / 4
    return (usage.input ?? max(1, exchange.body.count / 4), written)
  }

  /// Notes what was said, where a wire has no such item itself.
  func note(_ item: JSONValue) { output.append(item) }

  // MARK: events

  private func response(_ status: String) -> JSONObject {
    [
      "id": identifier("resp"), "object": "response", "model": .string(model),
      "status": .string(status), "output": [],
    ]
  }

  private func added(_ item: JSONObject) {
    send("response.output_item.added", [("output_index", JSONValue(output.count)), ("item", .object(item))])
  }

  private func done(_ item: JSONObject) {
    send("response.output_item.done", [("output_index", JSONValue(output.count)), ("item", .object(item))])
    output.append(.object(item))
  }

  private func place(_ id: JSONValue) -> [(String, JSONValue)] {
    [("item_id", id), ("output_index", JSONValue(output.count))]
  }

  private func send(_ type: String, _ members: [(String, JSONValue)]) {
    let head: [(String, JSONValue)] = [("type", .string(type)), ("sequence_number", JSONValue(sequence))]
    sequence += 1
    send(.object(JSONObject(head + members)))
  }

  func send(_ event: JSONValue) {
    let name = event["type"]?.stringValue ?? "message"
    exchange.chunk("event: \(name)\ndata: \(event.text)\n\n")
  }

  func nextCallID() -> JSONValue {
    defer { calls += 1 }
    return identifier("call", calls)
  }

  func identifier(_ kind: String, _ index: Int? = nil) -> JSONValue {
    let digits = String(number)
    let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return .string(index.map { "\(kind)_\(padded)_\($0)" } ?? "\(kind)_\(padded)")
  }
}
