import StetProtocol
import StetStore

/// `thread/fork`: a new thread that goes on from another's history without a copy of it (R6).
extension Agent {
  /// What is forked: the thread as it is at this moment.
  private struct Source: Sendable {
    let settings: TurnSettings
    let name: String?
    let activeTurn: String?
    /// Where its log ends for the fork; nil for all of it.
    let end: Int64?
  }

  /// Order: the reply, `thread/tokenUsage/updated` (only when the caller asked for turns), then `thread/started`. A running turn goes on; the fork shows it as interrupted.
  public func threadFork(_ params: ThreadForkParams, reply: @escaping AgentReply<ThreadForkResponse>) {
    let id = params.threadId
    if params.lastTurnId != nil, params.beforeTurnId != nil {
      return reply(.failure(.invalidRequest("`lastTurnId` and `beforeTurnId` cannot be combined")))
    }
    guard let session = session(id) else {
      return onHistory(reply) { [self] in try fork(params, nil, reply) }
    }
    if session.isEphemeral { return reply(.failure(.noRollout(id))) }
    session.glance { [self] session in
      guard let end = session.journal.end else { return reply(.failure(.noRollout(id))) }
      let source = Source(
        settings: session.settings, name: session.journal.summary?.name, activeTurn: session.feed.activeTurn,
        end: end)
      onHistory(reply) { [self] in
        // The fork's log counts on these bytes of another file.
        session.journal.sync()
        try fork(params, source, reply)
      }
    } gone: {
      reply(.failure(.threadNotFound(id)))
    }
  }

  // MARK: - Parts

  private func fork(
    _ params: ThreadForkParams, _ loaded: Source?, _ reply: AgentReply<ThreadForkResponse>
  ) throws {
    let id = params.threadId
    guard ThreadFiles.isValid(threadId: id), let parent = try services.histories.open(id) else {
      throw RPCError.noRollout(id)
    }
    let (whole, _) = try services.histories.view(
      id, path: parent.log.path, end: min(loaded?.end ?? .max, parent.log.end))
    let (record, kept, base) = try services.histories.reading {
      let reader = try services.histories.reader(whole)
      let (record, kept) = try beginning(id, reader, parent.log.summary)
      return (record, kept, try self.base(params, whole, reader, active: loaded?.activeTurn))
    }
    let overrides = ThreadResumeParams(fork: params)
    let settings = try ThreadPlan.settings(
      loaded?.settings ?? kept, overrides, isLoaded: loaded != nil, environment: services.environment)
    let config = ThreadPlan.config(record.config, params.config)
    let now = services.clock.nowMs()
    let meta = ThreadMeta(
      id: ThreadIds.make(nowMs: now), createdAtMs: now, source: services.environment.sessionSource,
      cliVersion: services.environment.serverVersion, ephemeral: params.ephemeral ?? false,
      baseInstructions: params.baseInstructions ?? record.baseInstructions,
      // Others of the call are in the settings: the parent's were sent already.
      developerInstructions: record.developerInstructions, forkedFromId: id,
      approvalsReviewer: try params.approvalsReviewer ?? reviewer(config, settings.cwd),
      sessionConfig: config, instructionSources: record.instructionSources,
      dynamicTools: record.dynamicTools ?? [], base: base, rootId: record.rootId ?? record.id)
    let session = try session(meta, settings, name: loaded?.name ?? parent.log.summary?.name)
    threads.withLock { $0[meta.id] = .session(session) }
    try started(session, settings, params, reply)
  }

  /// Where the fork leaves its parent.
  private func base(
    _ params: ThreadForkParams, _ view: HistoryView, _ reader: HistoryReader, active: String?
  ) throws -> ThreadRecord.Base {
    func before(_ place: HistoryReader.Place) -> ThreadRecord.Base {
      ThreadRecord.Base(threadId: view.segments[place.segment].thread, endOffset: place.mark.offset)
    }
    func find(_ turn: String) throws -> HistoryReader.Place {
      guard let place = try reader.find(turn: turn) else {
        throw RPCError.invalidRequest("turn not found: \(turn)")
      }
      return place
    }
    if let turn = params.beforeTurnId { return before(try find(turn)) }
    if let turn = params.lastTurnId {
      let place = try find(turn)
      guard turn != active else {
        throw RPCError.invalidRequest("cannot fork through turn \(turn): it is in progress")
      }
      let next = try reader.turns(from: place, including: false, descending: false, limit: 1).first
      if let next { return before(next) }
    }
    return ThreadRecord.Base(
      threadId: params.threadId, endOffset: view.segments.last?.range.upperBound ?? 0)
  }

  /// The fork's own log and session. An open turn of the parent is closed in it.
  private func session(
    _ meta: ThreadMeta, _ settings: TurnSettings, name: String?
  ) throws -> ThreadSession {
    guard let base = meta.base else { throw RPCError.internalError("a fork without a base") }
    if meta.ephemeral {
      guard let log = try services.histories.catchUp(base.threadId) else {
        throw RPCError.noRollout(base.threadId)
      }
      let (view, notices) = try services.histories.view(base.threadId, path: log.path, end: base.endOffset)
      let reader = try services.histories.reader(view)
      let session = ThreadSession(
        meta: meta, settings: settings, stored: try StoredThread(reader, thread: meta.id),
        journal: ThreadJournal(
          log: nil, lock: nil, indexer: nil, summary: nil, logger: services.environment.log),
        services: services, notices: notices)
      let repair = try CrashRepair(reader, .fork)
      // Read now: its parent may be gone when the first turn begins.
      session.post { session in for item in repair?.prompt ?? [] { session.append(item) } }
      return session
    }
    guard let journal = try store.createFork(meta, settings: settings) else {
      throw RPCError.noRollout(base.threadId)
    }
    journal.updateSummary { $0.name = name }
    guard var opened = try services.histories.open(meta.id) else { throw RPCError.noRollout(meta.id) }
    if let repair = try CrashRepair(try services.histories.reader(opened.view), .fork) {
      repair.apply(to: journal)
      journal.sync()
      opened = try services.histories.open(meta.id) ?? opened
    }
    return ThreadSession(
      meta: meta, settings: settings,
      stored: try StoredThread(try services.histories.reader(opened.view), thread: meta.id), journal: journal,
      services: services, notices: opened.notices)
  }

  private func started(
    _ session: ThreadSession, _ settings: TurnSettings, _ params: ThreadForkParams,
    _ reply: AgentReply<ThreadForkResponse>
  ) throws {
    let meta = session.firstMeta
    session.snapshots.recover(session.feed)
    var thread = ThreadWire.thread(
      meta, settings, summary: session.journal.summary, path: session.journal.path, status: .idle, turns: [])
    let announced = thread
    if params.excludeTurns != true { thread.turns = try pages(session.id, session.feed.history).all() }
    let response = ThreadForkResponse(
      thread: thread, model: settings.model, modelProvider: settings.modelProvider,
      serviceTier: settings.serviceTier, cwd: settings.cwd, runtimeWorkspaceRoots: settings.workspaceRoots,
      instructionSources: meta.instructionSources, approvalPolicy: settings.approvalPolicy,
      approvalsReviewer: meta.approvalsReviewer, sandbox: settings.sandboxPolicy,
      activePermissionProfile: settings.wireProfile, reasoningEffort: settings.effort)
    session.isUnseen.store(false, ordering: .releasing)
    session.feed.ordered { _, _, usage in
      reply(.success(response))
      if let usage, params.excludeTurns != true {
        services.sink.notify(.threadTokenUsageUpdated(usage), thread: session.id)
      }
      services.sink.notify(.threadStarted(ThreadStartedNotification(thread: announced)), thread: session.id)
    }
    for notice in session.loadNotices { session.feed.warn(notice) }
    Task { await session.open() }
  }
}

extension ThreadResumeParams {
  /// The overrides of a fork, which mean what they mean for a resume.
  fileprivate init(fork params: ThreadForkParams) {
    self.init(
      threadId: params.threadId, approvalPolicy: params.approvalPolicy,
      approvalsReviewer: params.approvalsReviewer, config: params.config, cwd: params.cwd,
      developerInstructions: params.developerInstructions, model: params.model,
      modelProvider: params.modelProvider, permissions: params.permissions,
      runtimeWorkspaceRoots: params.runtimeWorkspaceRoots, sandbox: params.sandbox,
      serviceTier: params.serviceTier, stet: params.stet)
  }
}
