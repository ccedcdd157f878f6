import StetAgent
import StetProtocol
import StetServer

extension ScriptedAgent {
  func introduce(client name: String) {}
  func threadMetadataUpdate(
    _ params: ThreadMetadataUpdateParams, reply: @escaping AgentReply<ThreadMetadataUpdateResponse>
  ) {
    reply(.success(ThreadMetadataUpdateResponse(thread: thread(params.threadId))))
  }
  func threadReadStateUpdate(
    _ params: ThreadReadStateUpdateParams, reply: @escaping AgentReply<ThreadReadStateUpdateResponse>
  ) {
    reply(.success(ThreadReadStateUpdateResponse(readState: ThreadReadState(revision: "r"))))
  }

  func conversationSummary(
    _ params: GetConversationSummaryParams, reply: @escaping AgentReply<GetConversationSummaryResponse>
  ) {
    reply(.failure(.noRollout("x")))
  }
  func gitDiffToRemote(
    _ params: GitDiffToRemoteParams, reply: @escaping AgentReply<GitDiffToRemoteResponse>
  ) {
    reply(.success(GitDiffToRemoteResponse(sha: "s", diff: "")))
  }
}
