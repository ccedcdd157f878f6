import StetJSON

/// The model's reasoning: summaries and, if the model gives it, raw text.
public struct ReasoningItem: Codable, Hashable, Sendable {
  public var id: String
  @Defaulted public var summary: [String]
  @Defaulted public var content: [String]

  public init(id: String, summary: [String] = [], content: [String] = []) {
    self.id = id
    self.summary = summary
    self.content = content
  }
}

/// A plan proposed in plan mode.
public struct PlanItem: Codable, Hashable, Sendable {
  public var id: String
  public var text: String

  public init(id: String, text: String) {
    self.id = id
    self.text = text
  }
}
