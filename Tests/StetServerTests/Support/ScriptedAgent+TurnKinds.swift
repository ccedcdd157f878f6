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

  func contextRead(_ params: StetContextReadParams, reply: @escaping AgentReply<StetContextUse>) {
    reply(
      .success(
        StetContextUse(
          tokens: 10, window: 100, limit: 90, prompt: 1, documents: 2, toolOutput: 3, conversation: 4)))
  }

  func compactUndo(_ params: StetCompactUndoParams, reply: @escaping AgentReply<StetContextUse>) {
    reply(.failure(.invalidRequest("there is no compaction to undo", data: ["stetError": "nothingToUndo"])))
  }

  func reviewStart(_ params: ReviewStartParams, reply: @escaping AgentReply<ReviewStartResponse>) {
    let turn = Turn(id: "u", items: [], itemsView: .notLoaded, status: .inProgress)
    reply(.success(ReviewStartResponse(turn: turn, reviewThreadId: params.threadId)))
  }
}
