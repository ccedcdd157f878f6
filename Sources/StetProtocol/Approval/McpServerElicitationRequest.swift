import StetJSON

public struct McpServerElicitationRequestResponse: Codable, Hashable, Sendable {
  public var action: McpServerElicitationAction
  @OmitIfNil public var meta: JSONValue?
  @OmitIfNil public var content: JSONValue?

  private enum CodingKeys: String, CodingKey {
    case action, content
    case meta = "_meta"
  }

  public init(action: McpServerElicitationAction, meta: JSONValue? = nil, content: JSONValue? = nil) {
    self.action = action
    self.meta = meta
    self.content = content
  }
}

public enum McpServerElicitationAction: WireEnum {
  case accept, decline, cancel
  case unknown(String)

  public static let variants: [(name: String, value: McpServerElicitationAction)] = [
    ("accept", .accept), ("decline", .decline), ("cancel", .cancel),
  ]

  public static func unlisted(_ name: String) -> McpServerElicitationAction { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
