import StetJSON

public enum AgentMessageDelivery: WireEnum {
  case async
  case unknown(String)

  public static let variants: [(name: String, value: AgentMessageDelivery)] = [
    ("async", .async)
  ]

  public static func unlisted(_ name: String) -> AgentMessageDelivery { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// Whether a message is commentary or the answer.
public enum MessagePhase: WireEnum {
  case commentary, partialAnswer, finalAnswer
  case unknown(String)

  public static let variants: [(name: String, value: MessagePhase)] = [
    ("commentary", .commentary), ("partial_answer", .partialAnswer), ("final_answer", .finalAnswer),
  ]

  public static func unlisted(_ name: String) -> MessagePhase { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

public struct AsyncUserInputQuestion: Codable, Hashable, Sendable {
  public var title: String
  public var options: [String]?

  public init(title: String, options: [String]? = nil) {
    self.title = title
    self.options = options
  }
}
