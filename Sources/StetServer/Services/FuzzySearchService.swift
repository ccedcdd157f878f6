import StetAgent
import StetProtocol

/// `fuzzyFileSearch*`.
public protocol FuzzySearchService: Sendable {
  func fuzzyFileSearch(
    _ params: FuzzyFileSearchParams, from peer: ClientPeer,
    reply: @escaping AgentReply<FuzzyFileSearchResponse>)
  func fuzzyFileSearchSessionStart(
    _ params: FuzzyFileSearchSessionStartParams, from peer: ClientPeer,
    reply: @escaping AgentReply<EmptyResponse>)
  /// The matches are told after the reply.
  func fuzzyFileSearchSessionUpdate(
    _ params: FuzzyFileSearchSessionUpdateParams, from peer: ClientPeer,
    reply: @escaping AgentReply<EmptyResponse>)
  func fuzzyFileSearchSessionStop(
    _ params: FuzzyFileSearchSessionStopParams, from peer: ClientPeer,
    reply: @escaping AgentReply<EmptyResponse>)
}
