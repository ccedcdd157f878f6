import StetJSON

/// A call as it stands in the prompt (a Responses item), and the output item that answers it.
struct CallItem: Sendable, Hashable {
  enum Form: Sendable, Hashable { case function, custom }

  let form: Form
  let callId: String
  let name: String
  /// The arguments or the input, as the model wrote them.
  let raw: String
  /// The item is marked incomplete: its arguments were cut off (V6).
  let cut: Bool

  /// Nil when `item` is no call that this side has to answer.
  init?(_ item: JSONValue) {
    switch item["type"]?.stringValue {
    case "function_call":
      form = .function
      raw = item["arguments"]?.stringValue ?? item["arguments"].flatMap { $0.isNull ? nil : $0.text } ?? ""
    case "custom_tool_call":
      form = .custom
      raw = item["input"]?.stringValue ?? ""
    default: return nil
    }
    guard let id = item["call_id"]?.stringValue ?? item["id"]?.stringValue else { return nil }
    callId = id
    name = item["name"]?.stringValue ?? ""
    cut = item["status"]?.stringValue == "incomplete"
  }

  /// The input for a tool, or what is wrong with it in the words of the parser.
  func input() -> Result<ToolCall.Input, CallFault> {
    if cut {
      return .failure(
        CallFault("the arguments were cut off at the output limit; nothing was run. Call again, shorter."))
    }
    if form == .custom { return .success(.text(raw)) }
    if raw.isEmpty { return .success(.json(.object(JSONObject()))) }
    do {
      return .success(.json(try JSONValue(parsing: raw)))
    } catch {
      return .failure(
        CallFault(
          "failed to parse function arguments: \(error.message) at line \(error.line) column \(error.column)")
      )
    }
  }

  /// The output item for this call.
  func output(_ output: ToolOutput) -> JSONValue {
    let value: JSONValue
    if output.content.contains(where: { if case .image = $0 { true } else { false } }) {
      value = .array(
        output.content.map { part in
          switch part {
          case .text(let text): ["type": "input_text", "text": .string(text)]
          case .image(let url): ["type": "input_image", "image_url": .string(url)]
          }
        })
    } else {
      value = .string(output.text)
    }
    let type: JSONValue = form == .custom ? "custom_tool_call_output" : "function_call_output"
    return ["type": type, "call_id": .string(callId), "output": value]
  }
}

/// Why a call can't be run; the text goes to the model.
struct CallFault: Error, Hashable, Sendable {
  let message: String
  init(_ message: String) { self.message = message }
}
