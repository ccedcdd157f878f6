import StetJSON

/// Makes the items of calls that a wire without freeform tools brought: what the tool layer expects (V5).
struct CallNames: Sendable {
  /// Freeform tools that were sent as functions `{input}`.
  var asFunctions: Set<String> = []

  /// The item of a call.
  ///
  /// - Parameter isCut: the arguments ended at the output limit: nothing is run (V6).
  func item(
    id: String, callId: String, name: String, arguments: String, isCut: Bool = false, notes: JSONObject
  ) -> JSONValue {
    let status: JSONValue = isCut ? "incomplete" : "completed"
    var notes = notes
    var item: JSONObject
    if !isCut, asFunctions.contains(name), let input = Self.input(arguments) {
      item = [
        "type": "custom_tool_call", "id": .string(id), "call_id": .string(callId), "name": .string(name),
        "input": .string(input), "status": status,
      ]
      if Self.arguments(input) != arguments { notes[ItemNotes.arguments] = .string(arguments) }
    } else {
      item = [
        "type": "function_call", "id": .string(id), "call_id": .string(callId), "name": .string(name),
        "arguments": .string(arguments), "status": status,
      ]
    }
    if !notes.isEmpty { item[ItemNotes.member] = .object(notes) }
    return .object(item)
  }

  /// A function call of the Responses wire, as the tool layer expects it.
  func mapped(_ item: JSONValue) -> JSONValue {
    guard item["type"]?.stringValue == "function_call", let name = item["name"]?.stringValue,
      asFunctions.contains(name), item["status"]?.stringValue != "incomplete",
      let arguments = item["arguments"]?.stringValue, let input = Self.input(arguments)
    else { return item }
    var mapped = item
    mapped["type"] = "custom_tool_call"
    mapped["arguments"] = nil
    mapped["input"] = .string(input)
    if Self.arguments(input) != arguments {
      ItemNotes.add(ItemNotes.arguments, .string(arguments), to: &mapped)
    }
    return mapped
  }

  /// The arguments that a freeform call has as a function call.
  static func arguments(_ input: String) -> String {
    JSONValue.object(["input": .string(input)]).text
  }

  /// The text of `{"input": …}`; nil when the model wrote something else.
  private static func input(_ arguments: String) -> String? {
    do {
      return try JSONValue(parsing: arguments)["input"]?.stringValue
    } catch {
      return nil  // the tool layer tells the model what is wrong with it
    }
  }
}
