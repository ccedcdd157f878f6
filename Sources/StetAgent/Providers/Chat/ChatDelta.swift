import StetJSON

/// One `delta` of the Chat wire, read: the same few things under many names.
struct ChatDelta {
  var text = ""
  var reasoning = ""
  var reasoningDetails: [JSONValue] = []
  var calls: [JSONValue] = []

  init(_ delta: JSONValue) {
    for name in WireFlags.ReasoningField.allCases where reasoning.isEmpty {
      reasoning = delta[name.rawValue]?.stringValue ?? ""
    }
    reasoningDetails = delta["reasoning_details"]?.arrayValue ?? []
    if reasoning.isEmpty {
      reasoning = reasoningDetails.compactMap { ($0["text"] ?? $0["summary"])?.stringValue }.joined()
    }
    read(delta["content"])
    text += delta["refusal"]?.stringValue ?? ""
    calls = delta["tool_calls"]?.arrayValue ?? []
    // The form before tools had ids.
    if let call = delta["function_call"], call.objectValue != nil { calls.append(["function": call]) }
  }

  /// A text, null, or parts (Mistral: texts and thinking).
  private mutating func read(_ content: JSONValue?) {
    guard let content else { return }
    if let whole = content.stringValue {
      text += whole
      return
    }
    for part in content.arrayValue ?? [] {
      if let thinking = part["thinking"] {
        reasoning +=
          thinking.stringValue
          ?? (thinking.arrayValue ?? []).compactMap { $0["text"]?.stringValue }.joined()
      } else {
        text += part["text"]?.stringValue ?? part.stringValue ?? ""
      }
    }
  }
}
