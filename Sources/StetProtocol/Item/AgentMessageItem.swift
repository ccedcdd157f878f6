import StetJSON

/// What the model said.
public struct AgentMessageItem: Codable, Hashable, Sendable {
  public var id: String
  public var text: String
  public var phase: MessagePhase?
  public var memoryCitation: JSONValue?
  public var delivery: AgentMessageDelivery?
  /// Questions that the message asks without waiting.
  public var questions: [AsyncUserInputQuestion]?

  public init(
    id: String, text: String, phase: MessagePhase? = nil, memoryCitation: JSONValue? = nil,
    delivery: AgentMessageDelivery? = nil, questions: [AsyncUserInputQuestion]? = nil
  ) {
    self.id = id
    self.text = text
    self.phase = phase
    self.memoryCitation = memoryCitation
    self.delivery = delivery
    self.questions = questions
  }
}
