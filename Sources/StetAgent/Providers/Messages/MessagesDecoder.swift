import StetJSON

/// Turns the events of a Messages stream into `ModelEvent`s, as Responses items (agent-core.md §9).
struct MessagesDecoder: WireDecoder {
  private(set) var isFinished = false
  private let names: CallNames
  private var callIds: Set<String>
  private var responseId = ""
  /// The blocks that are open, by index.
  private var blocks: [Int: Block] = [:]
  /// Calls whose arguments may be cut: the reason for the end decides (V6). Those after them wait too, for the order.
  private var held: [Block] = []
  private var reason: String?
  private var usage = MessagesUsage()
  private var received = 0

  private struct Block {
    enum Kind { case text, thinking, redacted, call }
    let kind: Kind
    let id: String
    var text = ""
    var name = ""
    var callId = ""
    var signature = ""
  }

  init(names: CallNames = CallNames(), callIds: Set<String> = []) {
    self.names = names
    self.callIds = callIds
  }

  mutating func decode(_ data: String) throws(ModelError) -> [ModelEvent] {
    guard !isFinished, !data.isEmpty else { return [] }
    if data == "[DONE]" { return end() }
    received += data.utf8.count
    guard received <= ChatDecoder.limit else { throw ChatDecoder.tooLong }
    let event: JSONValue
    do {
      event = try JSONValue(parsing: data)
    } catch {
      throw ModelError(
        .malformed, message: "The model server sent an event that is not JSON: \(error.message).",
        details: data)
    }
    switch event["type"]?.stringValue {
    case "message_start":
      responseId = event["message"]?["id"]?.stringValue ?? ""
      usage.take(event["message"]?["usage"])
      return [.created(responseId: responseId.isEmpty ? nil : responseId)]
    case "content_block_start": return start(event["content_block"] ?? .null, index(event))
    case "content_block_delta": return delta(event["delta"] ?? .null, index(event))
    case "content_block_stop": return stop(index(event))
    case "message_delta":
      usage.take(event["usage"])
      if let named = event["delta"]?["stop_reason"]?.stringValue { reason = named }
      return []
    case "message_stop": return complete()
    case "error": throw WireFault.error(event["error"] ?? .null)
    default:
      if let fault = event["error"], !fault.isNull { throw WireFault.error(fault) }
      return []
    }
  }

  /// The connection ended; a reason for the end is what makes an answer whole.
  mutating func end() -> [ModelEvent] { reason == nil || isFinished ? [] : complete() }

  // MARK: - Blocks

  private func index(_ event: JSONValue) -> Int { event["index"]?.intValue ?? 0 }

  private mutating func start(_ block: JSONValue, _ index: Int) -> [ModelEvent] {
    let closed = stop(index)  // a server that forgot to
    let suffix = responseId.isEmpty ? "\(index)" : "\(responseId)_\(index)"
    switch block["type"]?.stringValue {
    case "text":
      let id = "msg_\(suffix)"
      let text = block["text"]?.stringValue ?? ""
      blocks[index] = Block(kind: .text, id: id, text: text)
      let added: JSONValue = ["type": "message", "id": .string(id), "role": "assistant", "content": []]
      return closed + [.itemAdded(added)] + (text.isEmpty ? [] : [.textDelta(itemId: id, delta: text)])
    case "thinking":
      let id = "rs_\(suffix)"
      let text = block["thinking"]?.stringValue ?? ""
      blocks[index] = Block(
        kind: .thinking, id: id, text: text, signature: block["signature"]?.stringValue ?? "")
      let added: JSONValue = ["type": "reasoning", "id": .string(id), "summary": []]
      return closed + [.itemAdded(added)]
        + (text.isEmpty ? [] : [.reasoningTextDelta(itemId: id, index: 0, delta: text)])
    case "redacted_thinking":
      blocks[index] = Block(
        kind: .redacted, id: "rs_\(suffix)", signature: block["data"]?.stringValue ?? "")
    case "tool_use":
      var call = Block(kind: .call, id: "fc_\(suffix)")
      call.name = block["name"]?.stringValue ?? ""
      call.callId = block["id"]?.stringValue ?? ""
      // Some servers give the whole input here, and no deltas.
      if let input = block["input"]?.objectValue, !input.isEmpty { call.text = JSONValue.object(input).text }
      blocks[index] = call
    default: break  // of the server's own tools
    }
    return closed
  }

  private mutating func delta(_ delta: JSONValue, _ index: Int) -> [ModelEvent] {
    // Not the block itself: while somebody else holds its text, each delta would copy the whole of it.
    guard let (id, kind) = blocks[index].map({ ($0.id, $0.kind) }) else { return [] }
    switch (kind, delta["type"]?.stringValue) {
    case (.text, "text_delta"):
      let text = delta["text"]?.stringValue ?? ""
      blocks[index]?.text += text
      return [.textDelta(itemId: id, delta: text)]
    case (.thinking, "thinking_delta"):
      let text = delta["thinking"]?.stringValue ?? ""
      blocks[index]?.text += text
      return [.reasoningTextDelta(itemId: id, index: 0, delta: text)]
    case (.thinking, "signature_delta"):
      blocks[index]?.signature += delta["signature"]?.stringValue ?? ""
      return []
    case (.call, "input_json_delta"):
      let text = delta["partial_json"]?.stringValue ?? ""
      blocks[index]?.text += text
      return [.callInputDelta(itemId: id, delta: text)]
    default: return []
    }
  }

  private mutating func stop(_ index: Int) -> [ModelEvent] {
    guard let block = blocks.removeValue(forKey: index) else { return [] }
    switch block.kind {
    case .text:
      return [
        .itemDone([
          "type": "message", "id": .string(block.id), "role": "assistant", "status": "completed",
          "content": [["type": "output_text", "text": .string(block.text)]],
        ])
      ]
    case .thinking:
      var item: JSONValue = [
        "type": "reasoning", "id": .string(block.id), "summary": [],
        "content": [["type": "reasoning_text", "text": .string(block.text)]],
      ]
      if !block.signature.isEmpty {
        ItemNotes.add(ItemNotes.signature, .string(block.signature), to: &item)
      }
      return [.itemDone(item)]
    case .redacted:
      var item: JSONValue = ["type": "reasoning", "id": .string(block.id), "summary": [], "content": []]
      ItemNotes.add(ItemNotes.redacted, .string(block.signature), to: &item)
      return [.itemDone(item)]
    case .call:
      guard held.isEmpty, ChatCalls.isWhole(block.text) else {
        held.append(block)
        return []
      }
      return [call(block, isCut: false)]
    }
  }

  private mutating func call(_ block: Block, isCut: Bool) -> ModelEvent {
    var callId = block.callId.isEmpty ? "toolu_\(callIds.count)" : block.callId
    let stem = callId
    var count = callIds.count
    while !callIds.insert(callId).inserted {
      callId = "\(stem)_\(count)"
      count += 1
    }
    return .itemDone(
      names.item(
        id: block.id, callId: callId, name: block.name, arguments: block.text, isCut: isCut,
        notes: JSONObject()))
  }

  // MARK: - The end

  private mutating func complete() -> [ModelEvent] {
    var events: [ModelEvent] = []
    for index in blocks.keys.sorted() { events += stop(index) }
    let isCut = reason == "max_tokens" || reason == "model_context_window_exceeded"
    for block in held {
      events.append(call(block, isCut: isCut && !ChatCalls.isWhole(block.text)))
    }
    held = []
    isFinished = true
    switch reason {
    case "max_tokens", "model_context_window_exceeded", "pause_turn":
      // A paused turn goes on when it is sent back, as a cut one does.
      events.append(.incomplete(reason: "max_output_tokens", usage: usage.counts))
    case "refusal": events.append(.incomplete(reason: "content_filter", usage: usage.counts))
    default: events.append(.completed(usage.counts))
    }
    return events
  }
}

/// The token counts of a Messages stream: the input's come first, the output's last, either may be told again.
struct MessagesUsage: Sendable {
  private var plain = 0
  private var cacheRead = 0
  private var cacheWrite = 0
  private var output = 0
  private var isKnown = false

  mutating func take(_ value: JSONValue?) {
    guard let value, value.objectValue != nil else { return }
    isKnown = true
    func update(_ count: inout Int, _ name: String) {
      if let said = value[name], !said.isNull { count = max(count, ChatUsage.count(said)) }
    }
    update(&plain, "input_tokens")
    update(&cacheRead, "cache_read_input_tokens")
    update(&cacheWrite, "cache_creation_input_tokens")
    update(&output, "output_tokens")
  }

  /// What was read from the cache or written to it is input too.
  var counts: ModelUsage? {
    isKnown
      ? ModelUsage(
        input: plain + cacheRead + cacheWrite, cachedInput: cacheRead, cacheWrite: cacheWrite, output: output)
      : nil
  }
}
