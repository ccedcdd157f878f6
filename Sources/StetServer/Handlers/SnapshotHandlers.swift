import StetProtocol
import StetRPC

/// `stet/snapshot/*`, for clients with `snapshots`.
struct SnapshotHandlers {
  let service: any SnapshotService
  let context: RequestContext

  func handle(_ request: ClientRequest) throws(RPCError) {
    switch request {
    case .stetSnapshotList(let params): try list(params)
    case .stetSnapshotDiff(let params): try diff(params)
    case .stetSnapshotRestore(let params): try restore(params)
    case .stetSnapshotRedo(let params): try redo(params)
    case .stetSnapshotFile(let params): try file(params)
    case .stetSnapshotUsage(let params):
      if let thread = params.threadId { try ThreadIDText.check(thread) }
      service.snapshotUsage(params) { [reply = context.reply] in reply.answer(with: $0) }
    case .stetSnapshotPurge(let params):
      if let thread = params.threadId { try ThreadIDText.check(thread) }
      service.snapshotPurge(params) { [reply = context.reply] in reply.answer(with: $0) }
    default: throw ClientRequest.unknownMethod(request.method, known: Router.served)
    }
  }

  private func list(_ params: StetSnapshotListParams) throws(RPCError) {
    try ThreadIDText.check(params.threadId)
    service.snapshotList(params) { [reply = context.reply] in reply.answer(with: $0) }
  }

  private func diff(_ params: StetSnapshotDiffParams) throws(RPCError) {
    try ThreadIDText.check(params.threadId)
    service.snapshotDiff(params) { [reply = context.reply] in reply.answer(with: $0) }
  }

  private func restore(_ params: StetSnapshotRestoreParams) throws(RPCError) {
    try ThreadIDText.check(params.threadId)
    service.snapshotRestore(params) { [self] result in
      // A fork is the caller's, as after `thread/fork`.
      if case .success(let response) = result, let thread = response.thread, thread.id != params.threadId {
        context.outbox.subscribe(context.connection, to: thread.id)
      }
      answer(result)
    }
  }

  private func redo(_ params: StetSnapshotRedoParams) throws(RPCError) {
    try ThreadIDText.check(params.threadId)
    service.snapshotRedo(params) { [self] in answer($0) }
  }

  private func file(_ params: StetSnapshotFileParams) throws(RPCError) {
    try ThreadIDText.check(params.threadId)
    service.snapshotFile(params) { [reply = context.reply] in reply.answer(with: $0) }
  }

  private func answer(_ result: Result<StetSnapshotRestoreResponse, RPCError>) {
    context.reply.answer(
      with: result.map { response in
        var response = response
        response.thread = response.thread?.rendered(for: context.profile)
        return response
      })
  }
}
