import StetJSON

public struct McpToolCallAppContext: Codable, Hashable, Sendable {
  public var connectorId: String
  public var actionName: String?
  public var appName: String?
  public var linkId: String?
  public var resourceUri: String?

  public init(
    connectorId: String, actionName: String? = nil, appName: String? = nil, linkId: String? = nil,
    resourceUri: String? = nil
  ) {
    self.connectorId = connectorId
    self.actionName = actionName
    self.appName = appName
    self.linkId = linkId
    self.resourceUri = resourceUri
  }
}

public struct McpToolCallError: Codable, Hashable, Sendable {
  public var message: String

  public init(message: String) {
    self.message = message
  }
}

public struct McpAppUi: Codable, Hashable, Sendable {
  public var preferredModelDisplayMode: McpAppDisplayMode
  public var resourceUri: String

  public init(preferredModelDisplayMode: McpAppDisplayMode, resourceUri: String) {
    self.preferredModelDisplayMode = preferredModelDisplayMode
    self.resourceUri = resourceUri
  }
}

public enum McpAppDisplayMode: WireEnum {
  case inline, fullscreen
  case unknown(String)

  public static let variants: [(name: String, value: McpAppDisplayMode)] = [
    ("inline", .inline), ("fullscreen", .fullscreen),
  ]

  public static func unlisted(_ name: String) -> McpAppDisplayMode { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

public struct McpToolCallResult: Codable, Hashable, Sendable {
  public var content: [JSONValue]
  public var structuredContent: JSONValue?
  public var meta: JSONValue?

  private enum CodingKeys: String, CodingKey {
    case content, structuredContent
    case meta = "_meta"
  }

  public init(content: [JSONValue], structuredContent: JSONValue? = nil, meta: JSONValue? = nil) {
    self.content = content
    self.structuredContent = structuredContent
    self.meta = meta
  }
}

public enum McpToolCallStatus: WireEnum {
  case inProgress, completed, failed
  case unknown(String)

  public static let variants: [(name: String, value: McpToolCallStatus)] = [
    ("inProgress", .inProgress), ("completed", .completed), ("failed", .failed),
  ]

  public static func unlisted(_ name: String) -> McpToolCallStatus { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
