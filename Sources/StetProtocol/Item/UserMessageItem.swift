import StetJSON

/// What the user said.
public struct UserMessageItem: Codable, Hashable, Sendable {
  public var id: String
  public var clientId: String?
  public var content: [UserInput]

  public init(id: String, clientId: String? = nil, content: [UserInput]) {
    self.id = id
    self.clientId = clientId
    self.content = content
  }
}
