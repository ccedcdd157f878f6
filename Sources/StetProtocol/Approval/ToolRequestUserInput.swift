import StetJSON

/// `item/tool/requestUserInput`: Asks the user questions of the model.
public struct ToolRequestUserInputParams: ServerCall {
  public typealias Response = ToolRequestUserInputResponse
  public static let method = "item/tool/requestUserInput"

  public var threadId: String
  public var turnId: String
  public var itemId: String
  public var questions: [ToolRequestUserInputQuestion]
  public var isBlocking: Bool
  public var autoResolutionMs: UInt64?

  public init(
    threadId: String, turnId: String, itemId: String, questions: [ToolRequestUserInputQuestion],
    isBlocking: Bool, autoResolutionMs: UInt64? = nil
  ) {
    self.threadId = threadId
    self.turnId = turnId
    self.itemId = itemId
    self.questions = questions
    self.isBlocking = isBlocking
    self.autoResolutionMs = autoResolutionMs
  }
}

public struct ToolRequestUserInputQuestion: Codable, Hashable, Sendable {
  public var id: String
  public var header: String
  public var question: String
  @Defaulted public var isOther: Bool
  @Defaulted public var isSecret: Bool
  public var options: [ToolRequestUserInputOption]?

  public init(
    id: String, header: String, question: String, isOther: Bool = false, isSecret: Bool = false,
    options: [ToolRequestUserInputOption]? = nil
  ) {
    self.id = id
    self.header = header
    self.question = question
    self.isOther = isOther
    self.isSecret = isSecret
    self.options = options
  }
}

public struct ToolRequestUserInputOption: Codable, Hashable, Sendable {
  public var label: String
  public var description: String

  public init(label: String, description: String) {
    self.label = label
    self.description = description
  }
}

public struct ToolRequestUserInputResponse: Codable, Hashable, Sendable {
  public var answers: [String: ToolRequestUserInputAnswer]

  public init(answers: [String: ToolRequestUserInputAnswer]) {
    self.answers = answers
  }
}

public struct ToolRequestUserInputAnswer: Codable, Hashable, Sendable {
  public var answers: [String]

  public init(answers: [String]) {
    self.answers = answers
  }
}
