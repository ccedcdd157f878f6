import StetAgent
import StetProtocol

extension ScriptedAgent {
  func threadCompactStart(
    _ params: ThreadCompactStartParams, reply: @escaping AgentReply<EmptyResponse>
  ) {
    reply(.success(EmptyResponse()))
  }

  func threadShellCommand(
    _ params: ThreadShellCommandParams, reply: @escaping AgentReply<EmptyResponse>
  ) {
    reply(.success(EmptyResponse()))
  }

  func reviewStart(_ params: ReviewStartParams, reply: @escaping AgentReply<ReviewStartResponse>) {
    let turn = Turn(id: "u", items: [], itemsView: .notLoaded, status: .inProgress)
    reply(.success(ReviewStartResponse(turn: turn, reviewThreadId: params.threadId)))
  }
}
