import StetProtocol
import StetStore

/// The pages of a thread's history, loaded or not (A8: read on a thread of their own).
extension Agent {
  public func threadTurnsList(
    _ params: ThreadTurnsListParams, reply: @escaping AgentReply<ThreadTurnsListResponse>
  ) {
    paged(params.threadId, "thread/turns/list", reply) { pages in
      let page = try pages.turns(
        cursor: params.cursor, limit: params.limit, direction: params.sortDirection, view: params.itemsView)
      return ThreadTurnsListResponse(
        data: page.data, nextCursor: page.nextCursor, backwardsCursor: page.backwardsCursor)
    }
  }

  public func threadItemsList(
    _ params: ThreadItemsListParams, reply: @escaping AgentReply<ThreadItemsListResponse>
  ) {
    paged(params.threadId, "thread/items/list", reply) { try $0.items(params) }
  }

  public func threadItemsRead(
    _ params: ThreadItemsReadParams, reply: @escaping AgentReply<ThreadItemsReadResponse>
  ) {
    guard (1...100).contains(params.itemIds.count) else {
      return reply(.failure(.invalidRequest("itemIds must contain between 1 and 100 ids")))
    }
    paged(params.threadId, "thread/items/read", reply) { pages in
      ThreadItemsReadResponse(data: try pages.items(turn: params.turnId, ids: params.itemIds))
    }
  }

  /// The history that a session had at a moment; blocks on the disk when it is read.
  func pages(_ id: String, _ history: (stored: HistoryView?, live: [TurnState])) throws -> HistoryPages {
    HistoryPages(
      thread: id, reader: try history.stored.map { try services.histories.reader($0) }, live: history.live)
  }

  // MARK: - Parts

  private func paged<Response: Sendable>(
    _ id: String, _ method: String, _ reply: @escaping AgentReply<Response>,
    _ body: @escaping @Sendable (HistoryPages) throws -> Response
  ) {
    let session = session(id)
    if session?.isEphemeral == true {
      return reply(.failure(.invalidRequest("ephemeral threads do not support \(method)")))
    }
    let history = session?.feed.history
    onHistory(reply) { [self] in
      let page = try services.histories.reading {
        if let history { return try body(try pages(id, history)) }
        guard let stored = try services.histories.open(id) else { throw RPCError.threadNotLoaded(id) }
        return try body(try pages(id, (stored.view, [])))
      }
      reply(.success(page))
    }
  }
}
