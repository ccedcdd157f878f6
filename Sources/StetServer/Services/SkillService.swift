import StetAgent
import StetProtocol

/// `skills/list`.
public protocol SkillService: Sendable {
  func skillsList(
    _ params: SkillsListParams, from peer: ClientPeer, reply: @escaping AgentReply<SkillsListResponse>)
}
