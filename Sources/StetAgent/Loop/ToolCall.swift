import StetJSON

/// A call as the model made it. The arguments are untrusted.
public struct ToolCall: Sendable, Hashable {
  public enum Input: Sendable, Hashable {
    /// Arguments of a function call: parsed JSON (an object unless the model sent something else).
    case json(JSONValue)
    /// The input of a custom (freeform) tool call.
    case text(String)
  }

  /// Pairs the call with its output on the wire.
  public let callId: String
  /// The id of the item that shows the call: the call id, unless the thread has an item of that id already.
  public let itemId: String
  public let name: String
  public let input: Input

  public init(callId: String, itemId: String? = nil, name: String, input: Input) {
    self.callId = callId
    self.itemId = itemId ?? callId
    self.name = name
    self.input = input
  }

  /// The arguments of a function call; `.null` for a custom call.
  public var arguments: JSONValue {
    if case .json(let value) = input { return value }
    return .null
  }
}
