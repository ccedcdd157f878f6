import StetConfig
import StetJSON

/// The tools of a thread as one wire's array.
struct WireTools: Sendable {
  /// The JSON array; nil when there is nothing to offer: some endpoints refuse an empty one.
  let bytes: [UInt8]?
  /// Freeform tools that are sent as functions `{input}`, since the endpoint knows no others (V5).
  let asFunctions: Set<String>

  init(_ tools: PromptTools, for target: WireTarget) {
    let definitions = tools.definitions
    let isCustom = { (tool: JSONValue) in tool["type"]?.stringValue == "custom" }
    let customs = target.wire == .responses && target.flags.customTools ? [] : definitions.filter(isCustom)
    asFunctions = Set(customs.compactMap { $0["name"]?.stringValue })
    let sent = definitions.compactMap { Self.definition($0, target) }
    if sent.isEmpty {
      bytes = nil
    } else if target.wire == .responses, sent == definitions {
      bytes = tools.bytes
    } else {
      bytes = JSONValue.array(sent.map { $0.sortedKeys() }).serialized()
    }
  }

  // MARK: - Parts

  private static func definition(_ tool: JSONValue, _ target: WireTarget) -> JSONValue? {
    let flags = target.flags
    switch tool["type"]?.stringValue {
    case "function": return function(tool, target)
    case "custom":
      if target.wire == .responses, flags.customTools { return tool }
      return function(freeform(tool), target)
    case "web_search" where target.wire == .responses && flags.webSearch: return tool
    case "namespace" where target.wire == .responses && flags.namespaces: return tool
    default: return Optional.none
    }
  }

  /// A freeform tool as a function with one text.
  private static func freeform(_ tool: JSONValue) -> JSONValue {
    let input: JSONValue = ["type": "string", "description": "The whole input."]
    return [
      "type": "function", "name": tool["name"] ?? "", "description": tool["description"] ?? "",
      "parameters": [
        "type": "object", "properties": ["input": input], "required": ["input"],
        "additionalProperties": false,
      ],
    ]
  }

  private static func function(_ tool: JSONValue, _ target: WireTarget) -> JSONValue {
    if target.wire == .responses { return tool }
    let schema = tool["parameters"] ?? ["type": "object", "properties": .object(JSONObject())]
    var definition: JSONObject = ["name": tool["name"] ?? "", "description": tool["description"] ?? ""]
    definition[target.wire == .messages ? "input_schema" : "parameters"] = schema
    if target.flags.strictTools, let strict = tool["strict"] { definition["strict"] = strict }
    if target.wire == .messages { return .object(definition) }
    return ["type": "function", "function": .object(definition)]
  }
}
