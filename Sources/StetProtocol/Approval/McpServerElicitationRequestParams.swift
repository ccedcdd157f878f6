import StetJSON

/// `mcpServer/elicitation/request`: Passes on a question of an MCP server.
public struct McpServerElicitationRequestParams: ServerCall {
  public typealias Response = McpServerElicitationRequestResponse
  public static let method = "mcpServer/elicitation/request"

  public var threadId: String
  /// Nil where the question belongs to no turn.
  public var turnId: String?
  public var serverName: String
  /// `mode` (`form`, `url`, …) and the members that go with it, as they stand on the wire.
  public var question: JSONObject

  public init(threadId: String, turnId: String? = nil, serverName: String, question: JSONObject) {
    self.threadId = threadId
    self.turnId = turnId
    self.serverName = serverName
    self.question = question
  }

  private enum CodingKeys: String, CodingKey, CaseIterable { case threadId, turnId, serverName }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    threadId = try container.decode(String.self, forKey: .threadId)
    turnId = try container.decodeIfPresent(String.self, forKey: .turnId)
    serverName = try container.decode(String.self, forKey: .serverName)
    question = try JSONObject(from: decoder)
    for key in CodingKeys.allCases { question[key.stringValue] = nil }
  }

  public func encode(to encoder: any Encoder) throws {
    var whole: JSONObject = [
      "threadId": .string(threadId), "turnId": turnId.map(JSONValue.string) ?? .null,
      "serverName": .string(serverName),
    ]
    for (key, value) in question { whole[key] = value }
    try whole.encode(to: encoder)
  }
}
