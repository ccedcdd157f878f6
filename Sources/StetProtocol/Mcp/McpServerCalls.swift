import StetJSON

/// `mcpServer/tool/call`: Calls a tool of an MCP server.
public struct McpServerToolCallParams: ClientCall {
  public typealias Response = McpServerToolCallResponse
  public static let method = "mcpServer/tool/call"

  public var threadId: String
  public var server: String
  public var tool: String
  public var meta: JSONValue?
  public var arguments: JSONValue?

  private enum CodingKeys: String, CodingKey {
    case threadId, server, tool, arguments
    case meta = "_meta"
  }

  public init(
    threadId: String, server: String, tool: String, meta: JSONValue? = nil, arguments: JSONValue? = nil
  ) {
    self.threadId = threadId
    self.server = server
    self.tool = tool
    self.meta = meta
    self.arguments = arguments
  }
}

public struct McpServerToolCallResponse: Codable, Hashable, Sendable {
  public var content: [JSONValue]
  @OmitIfNil public var meta: JSONValue?
  @OmitIfNil public var isError: Bool?
  @OmitIfNil public var structuredContent: JSONValue?

  private enum CodingKeys: String, CodingKey {
    case content, isError, structuredContent
    case meta = "_meta"
  }

  public init(
    content: [JSONValue], meta: JSONValue? = nil, isError: Bool? = nil,
    structuredContent: JSONValue? = nil
  ) {
    self.content = content
    self.meta = meta
    self.isError = isError
    self.structuredContent = structuredContent
  }
}

/// `mcpServer/resource/read`: Reads a resource of an MCP server.
public struct McpResourceReadParams: ClientCall {
  public typealias Response = McpResourceReadResponse
  public static let method = "mcpServer/resource/read"

  public var threadId: String?
  public var server: String
  public var uri: String
  public var connectorId: String?
  public var originCallId: String?
  public var target: McpResourceReadTarget?

  public init(
    threadId: String? = nil, server: String, uri: String, connectorId: String? = nil,
    originCallId: String? = nil, target: McpResourceReadTarget? = nil
  ) {
    self.threadId = threadId
    self.server = server
    self.uri = uri
    self.connectorId = connectorId
    self.originCallId = originCallId
    self.target = target
  }
}

public struct McpResourceReadResponse: Codable, Hashable, Sendable {
  public var contents: [JSONValue]
  public var originCallId: String?

  public init(contents: [JSONValue], originCallId: String? = nil) {
    self.contents = contents
    self.originCallId = originCallId
  }
}

public struct McpResourceReadTarget: Codable, Hashable, Sendable {
  public var connectorId: String
  public var linkId: String?

  public init(connectorId: String, linkId: String? = nil) {
    self.connectorId = connectorId
    self.linkId = linkId
  }
}

/// `mcpServer/oauth/login`: Begins the log-in to an MCP server.
public struct McpServerOauthLoginParams: ClientCall {
  public typealias Response = McpServerOauthLoginResponse
  public static let method = "mcpServer/oauth/login"

  public var threadId: String?
  public var name: String
  public var clientRegistration: McpServerOauthClientRegistration?
  public var scopes: [String]?
  public var timeoutSecs: Int?

  public init(
    threadId: String? = nil, name: String, clientRegistration: McpServerOauthClientRegistration? = nil,
    scopes: [String]? = nil, timeoutSecs: Int? = nil
  ) {
    self.threadId = threadId
    self.name = name
    self.clientRegistration = clientRegistration
    self.scopes = scopes
    self.timeoutSecs = timeoutSecs
  }
}

public struct McpServerOauthLoginResponse: Codable, Hashable, Sendable {
  public var authorizationUrl: String
  public var loginId: String?

  public init(authorizationUrl: String, loginId: String? = nil) {
    self.authorizationUrl = authorizationUrl
    self.loginId = loginId
  }
}

public enum McpServerOauthClientRegistration: WireEnum {
  case auto, cimd, dcr
  case unknown(String)

  public static let variants: [(name: String, value: McpServerOauthClientRegistration)] = [
    ("auto", .auto), ("cimd", .cimd), ("dcr", .dcr),
  ]

  public static func unlisted(_ name: String) -> McpServerOauthClientRegistration { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// `config/mcpServer/reload`: Reads the MCP server configuration anew.
public struct McpServerRefreshParams: ParameterlessCall {
  public typealias Response = EmptyResponse
  public static let method = "config/mcpServer/reload"

  public init() {}
}
