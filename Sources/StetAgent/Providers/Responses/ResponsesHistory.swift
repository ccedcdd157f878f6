import StetJSON

/// The items of the prompt as a Responses endpoint takes them: those of its own model byte for byte, those of others
/// without what only their maker understands (P10, V8), freeform calls as functions where it knows no others (V5).
struct ResponsesHistory: Sendable {
  private let target: WireTarget
  private var ids = CallIds(.anthropic)  // what OpenAI takes too: 64 of these characters
  /// Calls that no output was seen of: the id in the thread, the one that was sent, and whether it is freeform.
  private var pending: [(id: String, sent: String, isCustom: Bool)] = []

  init(_ target: WireTarget) {
    self.target = target
  }

  mutating func take(_ item: PromptItem) -> [EncodedMessage] {
    let value = item.plain
    let origin = item.notes[ItemNotes.origin]?.stringValue
    let isForeign = origin != nil && origin != target.origin
    switch value["type"]?.stringValue {
    case "reasoning": return isForeign ? [] : [EncodedMessage(bytes: item.bytes)]
    case "function_call", "custom_tool_call":
      return [call(value, item, isForeign)]
    case "function_call_output", "custom_tool_call_output":
      return [output(value, item)]
    case "message", nil:
      let isUsers = value["role"]?.stringValue != "assistant"
      let lost = isUsers ? missing() : []
      if isUsers { pending = [] }
      return lost + [isForeign ? foreign(value) : EncodedMessage(bytes: item.bytes)]
    default: return isForeign ? [] : [EncodedMessage(bytes: item.bytes)]
    }
  }

  /// Outputs for calls that the prompt leaves open.
  func rest() -> [EncodedMessage] { missing() }

  // MARK: - Parts

  private mutating func call(_ value: JSONValue, _ item: PromptItem, _ isForeign: Bool) -> EncodedMessage {
    guard let call = CallItem(value) else { return EncodedMessage(bytes: item.bytes) }
    let sent = ids.call(call.callId, verbatim: !isForeign)
    let isCustom = call.form == .custom && target.flags.customTools
    pending.append((call.callId, sent, isCustom))
    var made = value
    if call.form == .custom, !isCustom {
      made["type"] = "function_call"
      made["input"] = nil
      made["arguments"] = item.notes[ItemNotes.arguments] ?? .string(CallNames.arguments(call.raw))
    } else if !isForeign {
      return EncodedMessage(bytes: item.bytes)
    }
    made["call_id"] = .string(sent)
    if isForeign { made["id"] = nil }
    return EncodedMessage(made)
  }

  private mutating func output(_ value: JSONValue, _ item: PromptItem) -> EncodedMessage {
    let id = value["call_id"]?.stringValue ?? ""
    guard let place = pending.firstIndex(where: { $0.id == id }) else {
      return EncodedMessage(bytes: item.bytes)
    }
    let call = pending.remove(at: place)
    let type = call.isCustom ? "custom_tool_call_output" : "function_call_output"
    if call.sent == id, value["type"]?.stringValue == type { return EncodedMessage(bytes: item.bytes) }
    var made = value
    made["type"] = .string(type)
    made["call_id"] = .string(call.sent)
    return EncodedMessage(made)
  }

  private func foreign(_ value: JSONValue) -> EncodedMessage {
    var made = value
    for member in ["id", "phase"] { made[member] = nil }
    return EncodedMessage(made)
  }

  private func missing() -> [EncodedMessage] {
    pending.map { call in
      let type: JSONValue = call.isCustom ? "custom_tool_call_output" : "function_call_output"
      return EncodedMessage([
        "type": type, "call_id": .string(call.sent), "output": .string(HistoryGrouper.missingOutput),
      ])
    }
  }
}
