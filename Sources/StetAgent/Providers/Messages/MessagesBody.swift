import StetJSON

/// Builds the body of a Messages request. The messages come last, and begin with those of the request before, but for
/// the breakpoints of the cache, which the endpoint does not count as part of the prompt (P1, V9).
enum MessagesBody {
  /// Tokens of an answer where the model's own limit is not known: every model of the wire can give them.
  static let assumedOutput = 8_192

  static func bytes(
    _ request: ModelRequest, _ metadata: ModelMetadata, _ encoded: WireCache.Encoded
  ) -> [UInt8] {
    let flags = metadata.flags
    // C1: an answer may take a quarter of the window.
    let limit = max(1_024, min(metadata.maxOutput ?? assumedOutput, metadata.window / 4))
    var head: JSONObject = [
      "model": .string(request.model), "stream": true, "max_tokens": JSONValue(limit),
    ]
    thinking(request.effort, flags.thinking, limit, &head)
    if flags.jsonSchema, let schema = request.outputSchema {
      var output = head["output_config"]?.objectValue ?? JSONObject()
      output["format"] = ["type": "json_schema", "schema": schema]
      head["output_config"] = .object(output)
    }
    if encoded.tools.bytes != nil {
      if !request.mayCallTools {
        head["tool_choice"] = ["type": "none"]
      } else if !request.parallelToolCalls {
        head["tool_choice"] = ["type": "auto", "disable_parallel_tool_use": true]
      }
    }
    var tools = encoded.tools.bytes
    var messages = encoded.messages + encoded.tail
    // The leading texts are the first "message" of the history.
    var system: [UInt8]?
    if let first = messages.first, first.bytes.first == UInt8(ascii: "[") {
      system = first.bytes.count > 2 ? first.bytes : nil
      messages.removeFirst()
    }
    if flags.cacheControl { mark(&tools, &system, &messages) }
    var start = JSONValue.object(head).serialized()
    if let system {
      start.removeLast()
      start += Array(#","system":"#.utf8) + system + [UInt8(ascii: "}")]
    }
    return WireBody.bytes(serialized: start, tools: tools, list: "messages", messages)
  }

  // MARK: - Parts

  private static let breakpoint = Array(#","cache_control":{"type":"ephemeral"}"#.utf8)

  /// At most four breakpoints: the tools, the system texts, the last two turns of the user (V9).
  private static func mark(
    _ tools: inout [UInt8]?, _ system: inout [UInt8]?, _ messages: inout [EncodedMessage]
  ) {
    tools = tools.map { marked($0, end: "}]") }
    system = system.map { marked($0, end: "}]") }
    for index in messages.indices.filter({ messages[$0].isUser }).suffix(2) {
      messages[index].bytes = marked(messages[index].bytes, end: "}]}")
    }
  }

  /// A list of blocks with a breakpoint in the last one; `end` is what closes that block and what is around it.
  private static func marked(_ list: [UInt8], end: String) -> [UInt8] {
    var bytes = list
    bytes.removeLast(end.utf8.count)
    bytes += breakpoint
    bytes += Array(end.utf8)
    return bytes
  }

  private static func thinking(
    _ effort: String?, _ kind: WireFlags.Thinking, _ limit: Int, _ head: inout JSONObject
  ) {
    guard effort != "none" else { return }
    switch kind {
    case .none: return
    case .budget:
      let wanted = budgets[effort ?? "medium"] ?? 8_192
      // What is thought counts as output: at least half of it is left for the answer.
      head["thinking"] = ["type": "enabled", "budget_tokens": JSONValue(max(1_024, min(wanted, limit / 2)))]
      // The budget has to be below the limit.
      head["max_tokens"] = JSONValue(max(limit, 2_048))
    case .adaptive:
      head["thinking"] = ["type": "adaptive"]
      if let effort { head["output_config"] = ["effort": .string(efforts[effort] ?? effort)] }
    }
  }

  private static let budgets = [
    "minimal": 1_024, "low": 2_048, "medium": 8_192, "high": 16_384, "xhigh": 32_768,
  ]
  /// Names that only other wires know.
  private static let efforts = ["minimal": "low", "xhigh": "max"]
}
