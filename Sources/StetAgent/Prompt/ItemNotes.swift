import StetJSON

/// What stet keeps with an item of the prompt for itself, under one member that is never sent.
///
/// It is written into the thread's log with the item, so that a request after a restart has the bytes that the
/// requests before it had (P1).
enum ItemNotes {
  static let member = "stet"
  /// The `ModelTarget.origin` of the response that the item came from (P10).
  static let origin = "origin"
  /// True: the request before this item ended here. Wires that join items to messages must not join it to what was
  /// sent already.
  static let apart = "apart"
  /// Of an item in the user's role: true where the words are ours, false where they are the user's. Logs of long ago say
  /// nothing of it.
  static let ours = "ours"
  /// The arguments as the model wrote them, where our own spelling of them differs.
  static let arguments = "arguments"
  /// What Google's endpoints want back with a call, as it came (thought signatures).
  static let extraContent = "extra_content"
  /// OpenRouter's form of reasoning, as it came.
  static let reasoningDetails = "reasoning_details"
  /// What proves a thinking block of the Messages wire.
  static let signature = "signature"
  /// The data of a redacted thinking block.
  static let redacted = "redacted"

  /// Whether the model said it: a message of the assistant, reasoning, a call.
  static func isOfModel(_ item: JSONValue) -> Bool {
    guard let type = item["type"]?.stringValue else { return item["role"]?.stringValue == "assistant" }
    if type == "message" { return item["role"]?.stringValue == "assistant" }
    return type == "reasoning" || type.hasSuffix("_call")
  }

  /// Whether it answers a call.
  static func isOutput(_ item: JSONValue) -> Bool {
    item["type"]?.stringValue?.hasSuffix("call_output") == true
  }

  /// The item with one more note.
  static func add(_ name: String, _ note: JSONValue, to item: inout JSONValue) {
    var notes = item[member]?.objectValue ?? JSONObject()
    notes[name] = note
    item[member] = .object(notes)
  }
}
