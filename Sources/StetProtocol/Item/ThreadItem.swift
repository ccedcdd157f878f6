import StetJSON

/// One item of a turn. Kinds that stet does not know stay as they came.
public enum ThreadItem: Codable, Hashable, Sendable {
  case userMessage(UserMessageItem)
  case agentMessage(AgentMessageItem)
  case reasoning(ReasoningItem)
  case plan(PlanItem)
  case commandExecution(CommandExecutionItem)
  case fileChange(FileChangeItem)
  case mcpToolCall(McpToolCallItem)
  case dynamicToolCall(DynamicToolCallItem)
  case functionCallOutput(FunctionCallOutputItem)
  case webSearch(WebSearchItem)
  case imageView(ImageViewItem)
  case enteredReviewMode(EnteredReviewModeItem)
  case exitedReviewMode(ExitedReviewModeItem)
  case contextCompaction(ContextCompactionItem)
  case unknown(JSONValue)

  private enum CodingKeys: String, CodingKey {
    case type
  }

  static let variants = [
    "userMessage", "agentMessage", "reasoning", "plan", "commandExecution", "fileChange", "mcpToolCall",
    "dynamicToolCall", "functionCallOutput", "webSearch", "imageView", "enteredReviewMode",
    "exitedReviewMode", "contextCompaction",
  ]

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tag = try container.decode(String.self, forKey: .type)
    switch tag {
    case "userMessage": self = .userMessage(try UserMessageItem(from: decoder))
    case "agentMessage": self = .agentMessage(try AgentMessageItem(from: decoder))
    case "reasoning": self = .reasoning(try ReasoningItem(from: decoder))
    case "plan": self = .plan(try PlanItem(from: decoder))
    case "commandExecution": self = .commandExecution(try CommandExecutionItem(from: decoder))
    case "fileChange": self = .fileChange(try FileChangeItem(from: decoder))
    case "mcpToolCall": self = .mcpToolCall(try McpToolCallItem(from: decoder))
    case "dynamicToolCall": self = .dynamicToolCall(try DynamicToolCallItem(from: decoder))
    case "functionCallOutput": self = .functionCallOutput(try FunctionCallOutputItem(from: decoder))
    case "webSearch": self = .webSearch(try WebSearchItem(from: decoder))
    case "imageView": self = .imageView(try ImageViewItem(from: decoder))
    case "enteredReviewMode": self = .enteredReviewMode(try EnteredReviewModeItem(from: decoder))
    case "exitedReviewMode": self = .exitedReviewMode(try ExitedReviewModeItem(from: decoder))
    case "contextCompaction": self = .contextCompaction(try ContextCompactionItem(from: decoder))
    default:
      try Strictness.refuse(tag, Self.variants, at: decoder.codingPath)
      self = .unknown(try JSONValue(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if case .unknown(let value) = self { return try value.encode(to: encoder) }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(type, forKey: .type)
    switch self {
    case .userMessage(let value): try value.encode(to: encoder)
    case .agentMessage(let value): try value.encode(to: encoder)
    case .reasoning(let value): try value.encode(to: encoder)
    case .plan(let value): try value.encode(to: encoder)
    case .commandExecution(let value): try value.encode(to: encoder)
    case .fileChange(let value): try value.encode(to: encoder)
    case .mcpToolCall(let value): try value.encode(to: encoder)
    case .dynamicToolCall(let value): try value.encode(to: encoder)
    case .functionCallOutput(let value): try value.encode(to: encoder)
    case .webSearch(let value): try value.encode(to: encoder)
    case .imageView(let value): try value.encode(to: encoder)
    case .enteredReviewMode(let value): try value.encode(to: encoder)
    case .exitedReviewMode(let value): try value.encode(to: encoder)
    case .contextCompaction(let value): try value.encode(to: encoder)
    default: break
    }
  }

  /// The kind of the item, as on the wire.
  public var type: String {
    switch self {
    case .userMessage: "userMessage"
    case .agentMessage: "agentMessage"
    case .reasoning: "reasoning"
    case .plan: "plan"
    case .commandExecution: "commandExecution"
    case .fileChange: "fileChange"
    case .mcpToolCall: "mcpToolCall"
    case .dynamicToolCall: "dynamicToolCall"
    case .functionCallOutput: "functionCallOutput"
    case .webSearch: "webSearch"
    case .imageView: "imageView"
    case .enteredReviewMode: "enteredReviewMode"
    case .exitedReviewMode: "exitedReviewMode"
    case .contextCompaction: "contextCompaction"
    case .unknown(let value): value["type"]?.stringValue ?? ""
    }
  }

  /// The id, stable between the live item and the stored one. Never to be parsed.
  public var id: String {
    switch self {
    case .userMessage(let item): item.id
    case .agentMessage(let item): item.id
    case .reasoning(let item): item.id
    case .plan(let item): item.id
    case .commandExecution(let item): item.id
    case .fileChange(let item): item.id
    case .mcpToolCall(let item): item.id
    case .dynamicToolCall(let item): item.id
    case .functionCallOutput(let item): item.id
    case .webSearch(let item): item.id
    case .imageView(let item): item.id
    case .enteredReviewMode(let item): item.id
    case .exitedReviewMode(let item): item.id
    case .contextCompaction(let item): item.id
    case .unknown(let value): value["id"]?.stringValue ?? ""
    }
  }
}
