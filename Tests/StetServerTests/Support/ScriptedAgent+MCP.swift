import StetAgent
import StetProtocol
import StetServer

extension ScriptedAgent {
  func mcpServerStatusList(
    _ params: ListMcpServerStatusParams, reply: @escaping AgentReply<ListMcpServerStatusResponse>
  ) { reply(.success(ListMcpServerStatusResponse(data: []))) }
  func mcpServerToolCall(
    _ params: McpServerToolCallParams, reply: @escaping AgentReply<McpServerToolCallResponse>
  ) { reply(.failure(.internalError("not scripted"))) }
  func mcpServerResourceRead(
    _ params: McpResourceReadParams, reply: @escaping AgentReply<McpResourceReadResponse>
  ) { reply(.failure(.internalError("not scripted"))) }
  func configMcpServerReload(reply: @escaping AgentReply<EmptyResponse>) { reply(.success(EmptyResponse())) }
  func mcpServerOauthLogin(
    _ params: McpServerOauthLoginParams, reply: @escaping AgentReply<McpServerOauthLoginResponse>
  ) { reply(.failure(.internalError("not scripted"))) }
}
