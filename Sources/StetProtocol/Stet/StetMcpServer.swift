import StetJSON

/// stet: the `stet` member of an MCP server's status.
public struct StetMcpServer: Codable, Hashable, Sendable {
  /// The last lines of what the server printed and logged, and of what became of it; oldest first, without controls. Lines
  /// that begin with `stet:` are of the agent.
  public var log: [String]

  public init(log: [String]) { self.log = log }
}
