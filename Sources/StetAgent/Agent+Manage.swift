import StetProtocol
import StetStore

extension Agent {
  /// Names a thread; the name is trimmed.
  public func threadNameSet(_ params: ThreadSetNameParams, reply: @escaping AgentReply<EmptyResponse>) {
    let name = String(
      params.name.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    guard !name.isEmpty else { return reply(.failure(.invalidRequest("thread name must not be empty"))) }
    let id = params.threadId
    let notice = ServerNotification.threadNameUpdated(
      ThreadNameUpdatedNotification(threadId: id, threadName: name))
    if let session = session(id) {
      return session.post { session in
        guard !session.meta.ephemeral else {
          return reply(.failure(.invalidRequest("ephemeral thread does not support metadata updates: \(id)")))
        }
        session.journal.updateSummary { $0.name = name }
        session.feed.ordered { _, _ in
          reply(.success(EmptyResponse()))
          session.services.sink.notify(notice, thread: id)
        }
      } gone: {
        reply(.failure(.threadNotFound(id)))
      }
    }
    change(
      id, missing: .noRollout(id), ifLoaded: { [self] in threadNameSet(params, reply: reply) }, reply,
      { $0.name = name }
    ) { [services] _ in
      reply(.success(EmptyResponse()))
      services.sink.notify(notice, thread: id)
    }
  }

  /// Unloads a thread and takes it out of the list: status, reply, `thread/archived`.
  public func threadArchive(_ params: ThreadArchiveParams, reply: @escaping AgentReply<EmptyResponse>) {
    let id = params.threadId
    // A thread that is not stored must not be unloaded: it would be lost.
    if let session = session(id), session.journal.path == nil { return reply(.failure(.noRollout(id))) }
    change(
      id, missing: .noRollout(id), reply,
      check: { (summary) throws(RPCError) in if summary.archived { throw .noRollout(id) } },
      { $0.archived = true }
    ) { [services] _ in
      reply(.success(EmptyResponse()))
      services.sink.notify(.threadArchived(ThreadArchivedNotification(threadId: id)), thread: id)
    }
  }

  /// Brings an archived thread back to the list; it is neither loaded nor subscribed to.
  public func threadUnarchive(
    _ params: ThreadUnarchiveParams, reply: @escaping AgentReply<ThreadUnarchiveResponse>
  ) {
    let id = params.threadId
    let now = services.clock.nowMs()
    change(
      id, missing: .noArchivedRollout(id), ifLoaded: { reply(.failure(.noArchivedRollout(id))) }, reply,
      check: { (summary) throws(RPCError) in if !summary.archived { throw .noArchivedRollout(id) } },
      { ($0.archived, $0.updatedAtMs) = (false, max($0.updatedAtMs, now)) }
    ) { [services] summary in
      reply(.success(ThreadUnarchiveResponse(thread: ThreadWire.row(summary, status: .notLoaded))))
      services.sink.notify(.threadUnarchived(ThreadUnarchivedNotification(threadId: id)), thread: id)
    }
  }

  /// Lists the commands that outlived their calls.
  public func backgroundTerminalsList(
    _ params: ThreadBackgroundTerminalsListParams,
    reply: @escaping AgentReply<ThreadBackgroundTerminalsListResponse>
  ) {
    guard let session = session(params.threadId) else {
      return reply(.failure(.threadNotFound(params.threadId)))
    }
    var rest = session.processes.all[...]
    if let cursor = params.cursor {
      // The last process of the page before.
      guard let place = rest.firstIndex(where: { $0.processId == cursor }) else {
        return reply(.failure(.invalidRequest("invalid cursor: \(cursor)")))
      }
      rest = rest[(place + 1)...]
    }
    let page = rest.prefix(params.limit.map { max(1, Int($0)) } ?? rest.count)
    let rows = page.map { process in
      ThreadBackgroundTerminal(
        itemId: process.itemId, processId: process.processId, command: process.command, cwd: process.cwd,
        osPid: Int(process.osPid))
    }
    reply(
      .success(
        ThreadBackgroundTerminalsListResponse(
          data: rows, nextCursor: page.count < rest.count ? page.last?.processId : nil)))
  }

  /// Ends the commands that outlived their calls.
  public func backgroundTerminalsClean(
    _ params: ThreadBackgroundTerminalsCleanParams, reply: @escaping AgentReply<EmptyResponse>
  ) {
    guard let session = session(params.threadId) else {
      return reply(.failure(.threadNotFound(params.threadId)))
    }
    Task {
      await session.processes.terminateAll()
      reply(.success(EmptyResponse()))
    }
  }

  /// Ends one of them.
  public func backgroundTerminalsTerminate(
    _ params: ThreadBackgroundTerminalsTerminateParams,
    reply: @escaping AgentReply<ThreadBackgroundTerminalsTerminateResponse>
  ) {
    guard let session = session(params.threadId) else {
      return reply(.failure(.threadNotFound(params.threadId)))
    }
    guard let process = session.processes.process(params.processId) else {
      return reply(.success(ThreadBackgroundTerminalsTerminateResponse(terminated: false)))
    }
    session.processes.remove(params.processId)
    Task {
      await process.terminate()
      reply(.success(ThreadBackgroundTerminalsTerminateResponse(terminated: true)))
    }
  }

  /// Changes sticky settings; `thread/settings/updated` comes first when something changed.
  public func threadSettingsUpdate(
    _ params: ThreadSettingsUpdateParams, reply: @escaping AgentReply<EmptyResponse>
  ) {
    guard let session = session(params.threadId) else {
      return reply(.failure(.threadNotFound(params.threadId)))
    }
    session.post { session in
      do throws(RPCError) {
        try session.applySettings(
          TurnStartParams(
            threadId: params.threadId, input: [], approvalPolicy: params.approvalPolicy,
            approvalsReviewer: params.approvalsReviewer, collaborationMode: params.collaborationMode,
            cwd: params.cwd, effort: params.effort, model: params.model, permissions: params.permissions,
            sandboxPolicy: params.sandboxPolicy, serviceTier: params.serviceTier, summary: params.summary,
            stet: params.stet))
        reply(.success(EmptyResponse()))
      } catch {
        reply(.failure(error))
      }
    } gone: {
      reply(.failure(.threadNotFound(params.threadId)))
    }
  }

  // MARK: - Parts

  /// Changes the summary of a stored thread, under its writer lock.
  ///
  /// - Parameter ifLoaded: runs in the place of that when the thread is in memory; nil unloads it first.
  func change<Response>(
    _ id: String, missing: RPCError, ifLoaded: (@Sendable () -> Void)? = nil,
    _ reply: @escaping AgentReply<Response>,
    check: @escaping @Sendable (ThreadSummary) throws(RPCError) -> Void = { _ in },
    _ body: @escaping @Sendable (inout ThreadSummary) -> Void,
    _ done: @escaping @Sendable (ThreadSummary) -> Void
  ) {
    guard ThreadFiles.isValid(threadId: id) else {
      return reply(.failure(.invalidRequest("invalid thread id: \(id)")))
    }
    withdraw(id, ifLoaded: ifLoaded) { [self] finish in
      let answered: AgentReply<Response> = { result in
        reply(result)
        finish()
      }
      onHistory(answered) { [store, services] in
        guard let opened = try store.open(id, services.histories), let old = opened.journal.summary else {
          throw missing
        }
        defer { opened.journal.close() }
        try check(old)
        try opened.journal.requireSummary(body)
        done(opened.journal.summary ?? old)
        finish()
      }
    }
  }
}
