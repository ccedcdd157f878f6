import StetProtocol
import StetStore

/// The old summary of a thread.
extension Agent {
  /// `getConversationSummary`.
  public func conversationSummary(
    _ params: GetConversationSummaryParams, reply: @escaping AgentReply<GetConversationSummaryResponse>
  ) {
    onIndex(reply) { index in
      let id = params.conversationId ?? params.rolloutPath.flatMap(ThreadFiles.threadId(ofLog:))
      guard let id, let summary = try index.get(id: id) else {
        throw RPCError.invalidRequest(
          "no rollout found for conversation \(params.conversationId ?? params.rolloutPath ?? "")")
      }
      return GetConversationSummaryResponse(summary: ThreadWire.conversation(summary))
    }
  }
}
