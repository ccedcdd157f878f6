import StetAgent
import StetProtocol
import StetServer

extension ScriptedAgent {
  func promptsList(
    _ params: StetPromptsListParams, from peer: ClientPeer, reply: @escaping AgentReply<StetPrompts>
  ) {
    reply(.success(StetPrompts(data: [], errors: [])))
  }
}
