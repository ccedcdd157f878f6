import StetProtocol
import StetRPC

/// `thread/fork`, `thread/revert`, `thread/delete`, `thread/inject_items` and the pages of a thread's history.
struct HistoryHandlers {
  static let methods = [
    ThreadForkParams.method, ThreadRevertParams.method, ThreadDeleteParams.method,
    ThreadInjectItemsParams.method, ThreadTurnsListParams.method, ThreadItemsListParams.method,
    ThreadItemsReadParams.method,
  ]

  let service: any HistoryService
  let context: RequestContext

  func handle(_ request: ClientRequest) throws(RPCError) {
    if let id = request.threadId { try ThreadIDText.check(id) }
    let reply = context.reply
    switch request {
    case .threadFork(let params): fork(params)
    case .threadRevert(let params): service.threadRevert(params) { reply.answer(with: $0) }
    case .threadDelete(let params): service.threadDelete(params) { reply.answer(with: $0) }
    case .threadInjectItems(let params): service.threadInjectItems(params) { reply.answer(with: $0) }
    case .threadTurnsList(let params):
      service.threadTurnsList(params) { [profile = context.profile] result in
        reply.answer(
          with: result.map { response in
            var response = response
            response.data = response.data.map { $0.rendered(for: profile) }
            return response
          })
      }
    case .threadItemsList(let params):
      service.threadItemsList(params) { [profile = context.profile] result in
        reply.answer(
          with: result.map { response in
            var response = response
            response.data = response.data.map { $0.rendered(for: profile) }
            return response
          })
      }
    case .threadItemsRead(let params):
      service.threadItemsRead(params) { [profile = context.profile] result in
        reply.answer(
          with: result.map { ThreadItemsReadResponse(data: $0.data.map { $0.rendered(for: profile) }) })
      }
    default: throw ClientRequest.unknownMethod(request.method, known: Router.served)
    }
  }

  /// Subscribes the caller to the new thread, as a start does.
  private func fork(_ params: ThreadForkParams) {
    service.threadFork(params) { [context] result in
      switch result {
      case .failure(let error): context.reply.fail(error)
      case .success(var response):
        response.thread = response.thread.rendered(for: context.profile)
        if params.excludeTurns != true { context.adviseAgainst(.fork) }
        context.outbox.subscribe(context.connection, to: response.thread.id)
        context.reply.succeed(response)
      }
    }
  }
}

extension ThreadItemEntry {
  func rendered(for profile: ClientProfile) -> ThreadItemEntry {
    var entry = self
    entry.item = item.rendered(for: profile)
    return entry
  }
}
