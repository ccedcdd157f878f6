import StetJSON

/// `item/tool/call`: Asks the client to run one of its dynamic tools.
public struct DynamicToolCallParams: ServerCall {
  public typealias Response = DynamicToolCallResponse
  public static let method = "item/tool/call"

  public var threadId: String
  public var turnId: String
  public var callId: String
  public var namespace: String?
  public var tool: String
  public var arguments: JSONValue

  public init(
    threadId: String, turnId: String, callId: String, namespace: String? = nil, tool: String,
    arguments: JSONValue
  ) {
    self.threadId = threadId
    self.turnId = turnId
    self.callId = callId
    self.namespace = namespace
    self.tool = tool
    self.arguments = arguments
  }
}

public struct DynamicToolCallResponse: Codable, Hashable, Sendable {
  public var contentItems: [DynamicToolCallOutputContentItem]
  public var success: Bool

  public init(contentItems: [DynamicToolCallOutputContentItem], success: Bool) {
    self.contentItems = contentItems
    self.success = success
  }
}

/// `currentTime/read`: Asks for the client's time.
public struct CurrentTimeReadParams: ServerCall {
  public typealias Response = CurrentTimeReadResponse
  public static let method = "currentTime/read"

  public var threadId: String

  public init(threadId: String) {
    self.threadId = threadId
  }
}

public struct CurrentTimeReadResponse: Codable, Hashable, Sendable {
  public var currentTimeAt: Int

  public init(currentTimeAt: Int) {
    self.currentTimeAt = currentTimeAt
  }
}
