import StetJSON

/// A call of a tool that the client provides.
public struct DynamicToolCallItem: Codable, Hashable, Sendable {
  public var id: String
  public var namespace: String?
  public var tool: String
  public var arguments: JSONValue
  public var status: DynamicToolCallStatus
  public var contentItems: [DynamicToolCallOutputContentItem]?
  public var success: Bool?
  public var durationMs: Int?

  public init(
    id: String, namespace: String? = nil, tool: String, arguments: JSONValue,
    status: DynamicToolCallStatus, contentItems: [DynamicToolCallOutputContentItem]? = nil,
    success: Bool? = nil, durationMs: Int? = nil
  ) {
    self.id = id
    self.namespace = namespace
    self.tool = tool
    self.arguments = arguments
    self.status = status
    self.contentItems = contentItems
    self.success = success
    self.durationMs = durationMs
  }
}
