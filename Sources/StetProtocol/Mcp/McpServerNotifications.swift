import StetJSON

/// `mcpServer/startupStatus/updated`: An MCP server started, is ready or failed.
public struct McpServerStatusUpdatedNotification: Codable, Hashable, Sendable {
  public var threadId: String?
  public var name: String
  public var status: McpServerStartupState
  public var error: String?
  public var failureReason: McpServerStartupFailureReason?

  public init(
    threadId: String? = nil, name: String, status: McpServerStartupState, error: String? = nil,
    failureReason: McpServerStartupFailureReason? = nil
  ) {
    self.threadId = threadId
    self.name = name
    self.status = status
    self.error = error
    self.failureReason = failureReason
  }
}

public enum McpServerStartupFailureReason: WireEnum {
  case reauthenticationRequired
  case unknown(String)

  public static let variants: [(name: String, value: McpServerStartupFailureReason)] = [
    ("reauthenticationRequired", .reauthenticationRequired)
  ]

  public static func unlisted(_ name: String) -> McpServerStartupFailureReason { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

public enum McpServerStartupState: WireEnum {
  case starting, ready, failed, cancelled
  case unknown(String)

  public static let variants: [(name: String, value: McpServerStartupState)] = [
    ("starting", .starting), ("ready", .ready), ("failed", .failed), ("cancelled", .cancelled),
  ]

  public static func unlisted(_ name: String) -> McpServerStartupState { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// `mcpServer/oauthLogin/completed`: A log-in to an MCP server ended.
public struct McpServerOauthLoginCompletedNotification: Codable, Hashable, Sendable {
  public var threadId: String?
  public var name: String
  public var success: Bool
  public var error: String?
  public var loginId: String?

  public init(
    threadId: String? = nil, name: String, success: Bool, error: String? = nil, loginId: String? = nil
  ) {
    self.threadId = threadId
    self.name = name
    self.success = success
    self.error = error
    self.loginId = loginId
  }
}
