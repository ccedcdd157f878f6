import StetAgent
import StetProtocol

/// Facts that are kept with threads, and the old methods that ask for them.
public protocol MetadataService: Sendable {
  /// A client said hello; the first one's name goes with new threads.
  func introduce(client name: String)
  func threadMetadataUpdate(
    _ params: ThreadMetadataUpdateParams, reply: @escaping AgentReply<ThreadMetadataUpdateResponse>)
  func threadReadStateUpdate(
    _ params: ThreadReadStateUpdateParams, reply: @escaping AgentReply<ThreadReadStateUpdateResponse>)
  func conversationSummary(
    _ params: GetConversationSummaryParams, reply: @escaping AgentReply<GetConversationSummaryResponse>)
  func gitDiffToRemote(_ params: GitDiffToRemoteParams, reply: @escaping AgentReply<GitDiffToRemoteResponse>)
}
