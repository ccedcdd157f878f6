import StetJSON

/// Message items of the prompt.
enum MessageItem {
  /// The texts of a message item, joined; refusals count as text.
  static func text(of item: JSONValue) -> String {
    if let text = item["content"]?.stringValue { return text }
    return (item["content"]?.arrayValue ?? []).compactMap {
      $0["text"]?.stringValue ?? $0["refusal"]?.stringValue
    }.joined()
  }

  static func user(_ parts: [JSONValue]) -> JSONValue {
    ["type": "message", "role": "user", "content": .array(parts)]
  }

  static func user(_ text: String) -> JSONValue {
    user([inputText(text)])
  }

  /// Our own words in the user's role: they are no request of the user's (C4, C7), and the item says so.
  static func ours(_ parts: [JSONValue]) -> JSONValue {
    var item = user(parts)
    ItemNotes.add(ItemNotes.ours, true, to: &item)
    return item
  }

  static func ours(_ text: String) -> JSONValue {
    ours([inputText(text)])
  }

  static func developer(_ texts: [String]) -> JSONValue {
    ["type": "message", "role": "developer", "content": .array(texts.map(inputText))]
  }

  /// What the assistant had said when it was cut off (L5).
  static func partialAssistant(_ text: String) -> JSONValue {
    [
      "type": "message", "role": "assistant", "status": "incomplete",
      "content": [["type": "output_text", "text": .string(text)]],
    ]
  }

  static func inputText(_ text: String) -> JSONValue {
    ["type": "input_text", "text": .string(text)]
  }
}
