import StetAgent
import StetProtocol

/// `mcpServerStatus/list`, `mcpServer/*`, `config/mcpServer/reload`.
public protocol MCPService: Sendable {
  func mcpServerStatusList(
    _ params: ListMcpServerStatusParams, reply: @escaping AgentReply<ListMcpServerStatusResponse>)
  func mcpServerToolCall(
    _ params: McpServerToolCallParams, reply: @escaping AgentReply<McpServerToolCallResponse>)
  func mcpServerResourceRead(
    _ params: McpResourceReadParams, reply: @escaping AgentReply<McpResourceReadResponse>)
  func configMcpServerReload(reply: @escaping AgentReply<EmptyResponse>)
  func mcpServerOauthLogin(
    _ params: McpServerOauthLoginParams, reply: @escaping AgentReply<McpServerOauthLoginResponse>)
}
