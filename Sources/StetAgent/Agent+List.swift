import StetProtocol
import StetStore

extension Agent {
  /// A page of the stored threads; reads the index only (A8).
  public func threadList(_ params: ThreadListParams, reply: @escaping AgentReply<ThreadListResponse>) {
    onIndex(repairing: params.useStateDbOnly != true, reply) { [self] index in
      let page = try index.list(Self.query(params))
      let rows = page.threads.map { row($0) }
      let states = page.threads.compactMap { thread in thread.readState.map { (thread.id, $0) } }
      let tallies = page.threads.map { thread in
        (
          thread.id,
          StetThreadTally(turns: thread.turns, added: thread.linesAdded, removed: thread.linesRemoved)
        )
      }
      return ThreadListResponse(
        data: rows, readStates: Dictionary(states, uniquingKeysWith: { first, _ in first }),
        stet: Dictionary(tallies, uniquingKeysWith: { first, _ in first }), nextCursor: page.nextCursor,
        backwardsCursor: page.backwardsCursor)
    }
  }

  /// A thread, loaded or not; with its turns if asked.
  ///
  /// - Parameter tell: gets sentences about damage of the log, before the reply.
  public func threadRead(
    _ params: ThreadReadParams, tell: @escaping @Sendable ([String]) -> Void = { _ in },
    reply: @escaping AgentReply<ThreadReadResponse>
  ) {
    let id = params.threadId
    let includeTurns = params.includeTurns ?? false
    if let session = session(id) { return read(session, includeTurns: includeTurns, tell, reply) }
    onHistory(reply) { [self] in
      guard ThreadFiles.isValid(threadId: id) else {
        throw RPCError.invalidRequest("invalid thread id: \(id)")
      }
      let (response, notices) = try services.histories.reading {
        guard let stored = try services.histories.open(id), let summary = stored.log.summary else {
          throw RPCError.threadNotLoaded(id)
        }
        var thread = ThreadWire.row(summary, status: .notLoaded)
        thread.forkedFromId = summary.forkedFromId
        if includeTurns { thread.turns = try pages(id, (stored.view, [])).all() }
        return (ThreadReadResponse(thread: thread, readState: summary.readState), stored.notices)
      }
      tell(notices)
      reply(.success(response))
    }
  }

  private func read(
    _ session: ThreadSession, includeTurns: Bool, _ tell: @escaping @Sendable ([String]) -> Void,
    _ reply: @escaping AgentReply<ThreadReadResponse>
  ) {
    if includeTurns, session.isEphemeral {
      return reply(.failure(.invalidRequest("ephemeral threads do not support includeTurns")))
    }
    session.glance { [self] session in
      let (history, status) = (session.feed.history, session.feed.status)
      let thread = session.wire([], status: status)
      let readState = session.journal.summary?.readState
      guard includeTurns else {
        return reply(.success(ThreadReadResponse(thread: thread, readState: readState)))
      }
      onHistory(reply) { [self] in
        var thread = thread
        thread.turns = try services.histories.reading { try pages(session.id, history).all() }
        tell(try services.histories.notices(history.stored))
        reply(.success(ThreadReadResponse(thread: thread, readState: readState)))
      }
    } gone: {
      reply(.failure(.threadNotFound(session.id)))
    }
  }

  public func threadLoadedList(
    _ params: ThreadLoadedListParams, reply: @escaping AgentReply<ThreadLoadedListResponse>
  ) {
    reply(.success(ThreadLoadedListResponse(data: loadedThreads.map(\.id).sorted())))
  }

  // MARK: - Parts

  /// A row of a list, with what is known of a thread that is loaded.
  func row(_ summary: ThreadSummary) -> StetProtocol.Thread {
    let session = session(summary.id)
    return ThreadWire.row(
      summary, status: session?.feed.status ?? .notLoaded, place: session?.place.withLock { $0 })
  }

  private static func query(_ params: ThreadListParams) -> ThreadQuery {
    var query = ThreadQuery()
    query.cursor = params.cursor
    if let limit = params.limit { query.limit = min(Int(limit), ThreadQuery.maximumLimit) }
    query.sortKey = ThreadWire.sortKey(params.sortKey?.name)
    if params.sortDirection == .asc { query.direction = .ascending }
    query.archived = params.archived ?? false
    query.cwds = params.cwd?.directories.map(RealPath.of)
    query.searchTerm = params.searchTerm
    if let providers = params.modelProviders, !providers.isEmpty { query.modelProviders = providers }
    query.sources = ThreadWire.sources(params.sourceKinds)
    query.excludedIds = params.excludedThreadIds ?? []
    // There are no sections and projects here, and no sub-agents: what asks for one finds nothing.
    if case .set = params.sectionId { query.limit = 0 }
    if case .set = params.projectId { query.limit = 0 }
    if params.parentThreadId != nil || params.ancestorThreadId != nil { query.limit = 0 }
    return query
  }
}
