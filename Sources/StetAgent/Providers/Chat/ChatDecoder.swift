import StetJSON

/// Turns the chunks of a Chat Completions stream into `ModelEvent`s, as Responses items (agent-core.md §9).
///
/// Calls are reported when the server names a reason for the end: no earlier sign says that arguments are whole. What
/// the reason is decides nothing but a cut (V6).
struct ChatDecoder: WireDecoder {
  private(set) var isFinished = false
  private let names: CallNames
  /// Ids of the calls in the prompt, and of those made here.
  private var callIds: Set<String>
  /// Calls that come as text (V7).
  private var textCalls: TextCalls?
  private var responseId = ""
  private var hasBegun = false
  private var items = 0
  private var open = OpenItem.none
  private var details = ReasoningDetails()
  private var calls = ChatCalls()
  private var reason: String?
  private var usage: ModelUsage?
  private var received = 0

  /// Bytes of one answer. The longest answers of any model are far below; an endless one would fill the memory.
  static let limit = 64 << 20
  static let tooLong = ModelError(
    .malformed, message: "The model server sent more than \(limit >> 20) MiB.")

  private enum OpenItem {
    case none
    case message(id: String, text: String)
    case reasoning(id: String, text: String)
  }

  init(names: CallNames = CallNames(), callIds: Set<String> = [], textCalls: TextCalls? = nil) {
    self.names = names
    self.callIds = callIds
    self.textCalls = textCalls
  }

  mutating func decode(_ data: String) throws(ModelError) -> [ModelEvent] {
    guard !isFinished, !data.isEmpty else { return [] }
    if data == "[DONE]" { return done() }
    received += data.utf8.count
    guard received <= Self.limit else { throw Self.tooLong }
    let chunk: JSONValue
    do {
      chunk = try JSONValue(parsing: data)
    } catch {
      throw ModelError(
        .malformed, message: "The model server sent an event that is not JSON: \(error.message).",
        details: data)
    }
    if let fault = chunk["error"], !fault.isNull { throw WireFault.error(fault) }
    var events: [ModelEvent] = []
    if !hasBegun, chunk.objectValue != nil {
      hasBegun = true
      responseId = chunk["id"]?.stringValue ?? ""
      events.append(.created(responseId: responseId.isEmpty ? nil : responseId))
    }
    if let found = ChatUsage.find(in: chunk) { usage = found }
    guard let choice = chunk["choices"]?[0] else { return events }
    if let fault = choice["error"], !fault.isNull { throw WireFault.error(fault) }
    events += take(ChatDelta(choice["delta"] ?? choice["message"] ?? .null))
    if let named = choice["finish_reason"]?.stringValue, !named.isEmpty {
      if let fault = ChatFinish.fault(named) { throw fault }
      reason = named
      events += flush()
    }
    return events
  }

  /// Servers end the stream in their own ways; a reason for the end is what makes an answer whole.
  mutating func end() -> [ModelEvent] { reason == nil || isFinished ? [] : complete() }

  // MARK: - Deltas

  private mutating func take(_ delta: ChatDelta) -> [ModelEvent] {
    var events: [ModelEvent] = []
    details.take(delta.reasoningDetails)
    if !delta.reasoning.isEmpty { events += reasoning(delta.reasoning) }
    if !delta.text.isEmpty {
      if textCalls == nil {
        events += text(delta.text)
      } else {
        for piece in textCalls?.feed(delta.text) ?? [] { events += take(piece) }
      }
    }
    for call in delta.calls {
      guard let (position, added) = calls.take(call) else { continue }
      events += close()
      if !added.isEmpty {
        events.append(.callInputDelta(itemId: itemId("fc", position), delta: added))
      }
    }
    return events
  }

  private mutating func take(_ piece: TextCalls.Piece) -> [ModelEvent] {
    switch piece {
    case .text(let said):
      // Templates put line breaks around calls.
      if case .message = open { return text(said) }
      return said.allSatisfy(\.isWhitespace) ? [] : text(said)
    case .call(let name, let arguments):
      calls.add(name: name, arguments: arguments)
      return close()
    }
  }

  private mutating func text(_ delta: String) -> [ModelEvent] {
    if case .message(let id, var text) = open {
      open = .none  // so that the text is extended in place
      text += delta
      open = .message(id: id, text: text)
      return [.textDelta(itemId: id, delta: delta)]
    }
    let closed = close()
    let id = nextId("msg")
    open = .message(id: id, text: delta)
    return closed + [
      .itemAdded(["type": "message", "id": .string(id), "role": "assistant", "content": []]),
      .textDelta(itemId: id, delta: delta),
    ]
  }

  private mutating func reasoning(_ delta: String) -> [ModelEvent] {
    if case .reasoning(let id, var text) = open {
      open = .none
      text += delta
      open = .reasoning(id: id, text: text)
      return [.reasoningTextDelta(itemId: id, index: 0, delta: delta)]
    }
    let closed = close()
    let id = nextId("rs")
    open = .reasoning(id: id, text: delta)
    return closed + [
      .itemAdded(["type": "reasoning", "id": .string(id), "summary": []]),
      .reasoningTextDelta(itemId: id, index: 0, delta: delta),
    ]
  }

  // MARK: - Ends

  /// Completes the message or the reasoning that is open.
  private mutating func close() -> [ModelEvent] {
    defer { open = .none }
    switch open {
    case .none: return []
    case .message(let id, let text):
      return [
        .itemDone([
          "type": "message", "id": .string(id), "role": "assistant", "status": "completed",
          "content": [["type": "output_text", "text": .string(text)]],
        ])
      ]
    case .reasoning(let id, let text):
      var item: JSONValue = [
        "type": "reasoning", "id": .string(id), "summary": [],
        "content": [["type": "reasoning_text", "text": .string(text)]],
      ]
      if !details.blocks.isEmpty {
        ItemNotes.add(ItemNotes.reasoningDetails, .array(details.blocks), to: &item)
        details = ReasoningDetails()
      }
      return [.itemDone(item)]
    }
  }

  /// All that came is whole, or cut where it stands: the calls run now.
  private mutating func flush() -> [ModelEvent] {
    let isCut = reason.map(ChatFinish.isLength) ?? false
    var events: [ModelEvent] = []
    for piece in textCalls?.finish(isCut: isCut) ?? [] { events += take(piece) }
    events += sealed() + close()
    for (position, call) in calls.takeUnreported() {
      let callId = unique(call.id)
      var notes = JSONObject()
      if let extra = call.extra { notes[ItemNotes.extraContent] = extra }
      events.append(
        .itemDone(
          names.item(
            id: itemId("fc", position), callId: callId, name: call.name, arguments: call.arguments,
            isCut: isCut && !ChatCalls.isWhole(call.arguments), notes: notes)))
    }
    return events
  }

  /// Reasoning that came encrypted only, without a text to show.
  private mutating func sealed() -> [ModelEvent] {
    if case .reasoning = open { return [] }
    guard !details.blocks.isEmpty else { return [] }
    var item: JSONValue = ["type": "reasoning", "id": .string(nextId("rs")), "summary": [], "content": []]
    ItemNotes.add(ItemNotes.reasoningDetails, .array(details.blocks), to: &item)
    details = ReasoningDetails()
    return [.itemDone(item)]
  }

  /// `[DONE]`; a server that named no reason has said something, or the answer was cut.
  private mutating func done() -> [ModelEvent] {
    if reason == nil {
      let hasText = if case .none = open { items > 0 } else { true }
      guard hasText || !calls.calls.isEmpty else { return [] }
      reason = "stop"
      return flush() + complete()
    }
    return complete()
  }

  private mutating func complete() -> [ModelEvent] {
    let events = flush()
    isFinished = true
    return events + [ChatFinish.event(reason ?? "stop", usage)]
  }

  // MARK: - Ids

  private mutating func nextId(_ kind: String) -> String {
    defer { items += 1 }
    return itemId(kind, items)
  }

  private func itemId(_ kind: String, _ number: Int) -> String {
    responseId.isEmpty ? "\(kind)_\(number)" : "\(kind)_\(responseId)_\(number)"
  }

  /// The server's id, unless it has none or gave it to another call before.
  private mutating func unique(_ id: String) -> String {
    if !id.isEmpty, callIds.insert(id).inserted { return id }
    let stem = id.isEmpty ? "call" : id
    var count = callIds.count
    while !callIds.insert("\(stem)_\(count)").inserted { count += 1 }
    return "\(stem)_\(count)"
  }
}
