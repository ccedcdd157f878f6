import StetJSON

/// A call of an MCP tool.
public struct McpToolCallItem: Codable, Hashable, Sendable {
  public var id: String
  public var server: String
  public var tool: String
  public var status: McpToolCallStatus
  public var arguments: JSONValue
  public var appContext: McpToolCallAppContext?
  public var mcpAppUi: McpAppUi?
  public var pluginId: String?
  public var readOnlyHint: Bool?
  public var result: McpToolCallResult?
  public var error: McpToolCallError?
  public var durationMs: Int?
  @OmitIfNil public var mcpAppResourceUri: String?

  public init(
    id: String, server: String, tool: String, status: McpToolCallStatus, arguments: JSONValue,
    appContext: McpToolCallAppContext? = nil, mcpAppUi: McpAppUi? = nil, pluginId: String? = nil,
    readOnlyHint: Bool? = nil, result: McpToolCallResult? = nil, error: McpToolCallError? = nil,
    durationMs: Int? = nil, mcpAppResourceUri: String? = nil
  ) {
    self.id = id
    self.server = server
    self.tool = tool
    self.status = status
    self.arguments = arguments
    self.appContext = appContext
    self.mcpAppUi = mcpAppUi
    self.pluginId = pluginId
    self.readOnlyHint = readOnlyHint
    self.result = result
    self.error = error
    self.durationMs = durationMs
    self.mcpAppResourceUri = mcpAppResourceUri
  }
}
