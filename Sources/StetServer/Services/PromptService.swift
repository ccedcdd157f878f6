import StetAgent
import StetProtocol

/// Prompts that users keep as files.
public protocol PromptService: Sendable {
  func promptsList(
    _ params: StetPromptsListParams, from peer: ClientPeer, reply: @escaping AgentReply<StetPrompts>)
}
