import StetProtocol

/// Questions of MCP servers to the user (M9). Accept, decline and cancel pass as they are.
enum MCPElicitation {
  /// What the user said; `decline` where nobody can be asked, `cancel` where nobody answered.
  static func ask(_ params: JSONValue, of server: String, feed: ThreadFeed, asksUser: Bool) async -> JSONValue
  {
    guard asksUser else { return ["action": "decline"] }
    guard let question = question(params) else { return ["action": "decline"] }
    let turn = feed.activeTurn
    let request = ServerRequest.mcpServerElicitation(
      McpServerElicitationRequestParams(
        threadId: feed.threadId, turnId: turn, serverName: server, question: question))
    let answer: ApprovalAnswer
    if let turn {
      answer = await ApprovalDesk(feed: feed, turnId: turn).ask(
        request, waiting: .userInput, absenceMs: DynamicTool.absenceMs)
    } else {
      answer = await withCheckedContinuation { continuation in
        _ = feed.sink.request(request, thread: feed.threadId) { result in
          switch result {
          case .success(let value): continuation.resume(returning: .answered(value))
          case .failure(let error): continuation.resume(returning: .failed(error))
          }
        }
      }
    }
    guard case .answered(let value) = answer else { return ["action": "cancel"] }
    switch value["action"]?.stringValue {
    case "accept":
      var accepted: JSONObject = ["action": "accept"]
      accepted["content"] = value["content"].flatMap { $0.isNull ? nil : $0 } ?? [:]
      return .object(accepted)
    case "decline": return ["action": "decline"]
    default: return ["action": "cancel"]
    }
  }

  /// The members that clients know, from a server that may send anything; nil for what is no question.
  static func question(_ params: JSONValue) -> JSONObject? {
    guard let message = params["message"]?.stringValue else { return nil }
    if params["mode"]?.stringValue == "url" {
      guard let url = params["url"]?.stringValue, let id = params["elicitationId"]?.stringValue else {
        return nil
      }
      return [
        "mode": "url", "_meta": nil, "message": .string(message), "url": .string(url),
        "elicitationId": .string(id),
      ]
    }
    var properties = JSONObject()
    for (name, value) in params["requestedSchema"]?["properties"]?.objectValue ?? JSONObject() {
      guard let property = property(value) else { return nil }
      properties[name] = property
    }
    var schema: JSONObject = ["type": "object", "properties": .object(properties)]
    let required = (params["requestedSchema"]?["required"]?.arrayValue ?? []).filter { $0.stringValue != nil }
    if !required.isEmpty { schema["required"] = .array(required) }
    return ["mode": "form", "_meta": nil, "message": .string(message), "requestedSchema": .object(schema)]
  }

  private static let members: [String: [String]] = [
    "string": ["minLength", "maxLength", "format", "default", "enum", "enumNames", "oneOf"],
    "number": ["minimum", "maximum", "default"], "integer": ["minimum", "maximum", "default"],
    "boolean": ["default"], "array": ["minItems", "maxItems", "items", "default"],
  ]

  private static func property(_ value: JSONValue) -> JSONValue? {
    guard let type = value["type"]?.stringValue, let known = members[type] else { return nil }
    var property: JSONObject = ["type": .string(type)]
    for name in ["title", "description"] + known {
      guard let member = value[name], !member.isNull else { continue }
      if name == "format", !["email", "uri", "date", "date-time"].contains(member.stringValue) { continue }
      property[name] = member
    }
    return .object(property)
  }
}
