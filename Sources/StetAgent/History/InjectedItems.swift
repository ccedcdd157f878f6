import StetJSON
import StetProtocol

/// Checks items that a client puts into the model's history.
enum InjectedItems {
  /// One call adds no more than a turn might; a client with more makes several.
  static let limit = 1_000

  private static let fields: [String: [String]] = [
    "message": ["role", "content"], "reasoning": ["summary"],
    "function_call": ["name", "arguments", "call_id"], "function_call_output": ["call_id", "output"],
    "custom_tool_call": ["call_id", "name", "input"], "custom_tool_call_output": ["call_id", "output"],
  ]

  /// What is wrong with them, in the words of Codex's parser; nil when nothing is.
  static func fault(_ items: [JSONValue]) -> RPCError? {
    if items.isEmpty { return .invalidRequest("items must not be empty") }
    if items.count > limit { return .invalidRequest("items must not be more than \(limit)") }
    for (index, item) in items.enumerated() {
      if let fault = fault(item) {
        return .invalidRequest("items[\(index)] is not a valid response item: \(fault)")
      }
    }
    return nil
  }

  private static func fault(_ item: JSONValue) -> String? {
    guard item.objectValue != nil else { return "invalid type: expected an object" }
    guard let type = item["type"] else { return "missing field `type`" }
    guard let type = type.stringValue else { return "invalid type: `type` must be a string" }
    for field in fields[type] ?? [] where item[field] == nil || item[field]?.isNull == true {
      return "missing field `\(field)`"
    }
    guard type == "message" else { return nil }
    guard let role = item["role"]?.stringValue, !role.isEmpty else {
      return "invalid type: `role` must be a string"
    }
    guard let parts = item["content"]?.arrayValue else {
      return item["content"]?.stringValue == nil ? "invalid type: `content` must be a sequence" : nil
    }
    return parts.allSatisfy { $0["type"]?.stringValue != nil } ? nil : "missing field `type`"
  }
}
