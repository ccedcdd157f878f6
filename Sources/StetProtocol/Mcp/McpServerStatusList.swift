import StetJSON

/// `mcpServerStatus/list`: Lists the MCP servers with their tools and state.
public struct ListMcpServerStatusParams: ClientCall {
  public typealias Response = ListMcpServerStatusResponse
  public static let method = "mcpServerStatus/list"

  public var threadId: String?
  public var cursor: String?
  public var detail: McpServerStatusDetail?
  public var limit: UInt32?
  public var serverName: String?

  public init(
    threadId: String? = nil, cursor: String? = nil, detail: McpServerStatusDetail? = nil,
    limit: UInt32? = nil, serverName: String? = nil
  ) {
    self.threadId = threadId
    self.cursor = cursor
    self.detail = detail
    self.limit = limit
    self.serverName = serverName
  }
}

public struct ListMcpServerStatusResponse: Codable, Hashable, Sendable {
  public var data: [McpServerStatus]
  public var nextCursor: String?

  public init(data: [McpServerStatus], nextCursor: String? = nil) {
    self.data = data
    self.nextCursor = nextCursor
  }
}

/// An MCP server with its tools and state.
public struct McpServerStatus: Codable, Hashable, Sendable {
  public var name: String
  public var runtimeStatus: McpServerConnectionStatus?
  public var pluginId: String?
  public var httpOrigin: String?
  public var serverInfo: JSONValue?
  public var serverCapabilities: JSONValue?
  public var tools: JSONObject
  public var toolsError: String?
  public var resources: [JSONValue]
  public var resourceTemplates: [JSONValue]
  public var authStatus: McpAuthStatus
  /// For clients with any of stet's capabilities.
  @OmitIfNil public var stet: StetMcpServer?

  public init(
    name: String, runtimeStatus: McpServerConnectionStatus? = nil, pluginId: String? = nil,
    httpOrigin: String? = nil, serverInfo: JSONValue? = nil, serverCapabilities: JSONValue? = nil,
    tools: JSONObject, toolsError: String? = nil, resources: [JSONValue],
    resourceTemplates: [JSONValue], authStatus: McpAuthStatus, stet: StetMcpServer? = nil
  ) {
    self.name = name
    self.runtimeStatus = runtimeStatus
    self.pluginId = pluginId
    self.httpOrigin = httpOrigin
    self.serverInfo = serverInfo
    self.serverCapabilities = serverCapabilities
    self.tools = tools
    self.toolsError = toolsError
    self.resources = resources
    self.resourceTemplates = resourceTemplates
    self.authStatus = authStatus
    self.stet = stet
  }
}

public enum McpAuthStatus: WireEnum {
  case unknown, unsupported, notLoggedIn, bearerToken, oAuth
  case other(String)

  public static let variants: [(name: String, value: McpAuthStatus)] = [
    ("unknown", .unknown), ("unsupported", .unsupported), ("notLoggedIn", .notLoggedIn),
    ("bearerToken", .bearerToken), ("oAuth", .oAuth),
  ]

  public static func unlisted(_ name: String) -> McpAuthStatus { .other(name) }
  public var unlistedName: String? { if case .other(let name) = self { name } else { nil } }
}

public enum McpServerConnectionStatus: WireEnum {
  case notStarted, starting, connected, authenticationRequired, failed, cancelled, disabled
  case unknown(String)

  public static let variants: [(name: String, value: McpServerConnectionStatus)] = [
    ("notStarted", .notStarted), ("starting", .starting), ("connected", .connected),
    ("authenticationRequired", .authenticationRequired), ("failed", .failed),
    ("cancelled", .cancelled), ("disabled", .disabled),
  ]

  public static func unlisted(_ name: String) -> McpServerConnectionStatus { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

public enum McpServerStatusDetail: WireEnum {
  case full, toolsAndAuthOnly
  case unknown(String)

  public static let variants: [(name: String, value: McpServerStatusDetail)] = [
    ("full", .full), ("toolsAndAuthOnly", .toolsAndAuthOnly),
  ]

  public static func unlisted(_ name: String) -> McpServerStatusDetail { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
