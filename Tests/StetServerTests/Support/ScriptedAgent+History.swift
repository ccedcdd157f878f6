import StetAgent
import StetProtocol
import StetServer

extension ScriptedAgent {
  func threadFork(_ params: ThreadForkParams, reply: @escaping AgentReply<ThreadForkResponse>) {
    var thread = thread(Self.secondThread)
    thread.forkedFromId = params.threadId
    reply(
      .success(
        ThreadForkResponse(
          thread: thread, model: "m", modelProvider: "mock", cwd: "/w", approvalPolicy: .onRequest,
          approvalsReviewer: .user, sandbox: .readOnly(networkAccess: false))))
    sink.notify(.threadStarted(.init(thread: thread)), thread: thread.id)
  }
  func threadRevert(_ params: ThreadRevertParams, reply: @escaping AgentReply<ThreadRevertResponse>) {
    reply(.success(ThreadRevertResponse(thread: thread(params.threadId))))
    sink.notify(.threadReverted(.init(threadId: params.threadId)), thread: params.threadId)
  }
  func threadDelete(_ params: ThreadDeleteParams, reply: @escaping AgentReply<EmptyResponse>) {
    reply(.success(EmptyResponse()))
    sink.notify(.threadDeleted(.init(threadId: params.threadId)), thread: params.threadId)
  }
  func threadInjectItems(_ params: ThreadInjectItemsParams, reply: @escaping AgentReply<EmptyResponse>) {
    reply(.success(EmptyResponse()))
  }
  func threadTurnsList(
    _ params: ThreadTurnsListParams, reply: @escaping AgentReply<ThreadTurnsListResponse>
  ) {
    let turn = Turn(id: "u", items: [Self.reviewedItem], status: .completed)
    reply(.success(ThreadTurnsListResponse(data: [turn])))
  }
  func threadItemsList(
    _ params: ThreadItemsListParams, reply: @escaping AgentReply<ThreadItemsListResponse>
  ) {
    reply(.success(ThreadItemsListResponse(data: [ThreadItemEntry(turnId: "u", item: Self.reviewedItem)])))
  }
  func threadItemsRead(
    _ params: ThreadItemsReadParams, reply: @escaping AgentReply<ThreadItemsReadResponse>
  ) {
    reply(.success(ThreadItemsReadResponse(data: [ThreadItemEntry(turnId: "u", item: Self.reviewedItem)])))
  }
}
