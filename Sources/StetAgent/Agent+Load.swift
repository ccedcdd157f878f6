import StetProtocol
import StetStore

extension Agent {
  typealias Loaded = @Sendable (Result<(session: ThreadSession, isNew: Bool), RPCError>) -> Void

  /// The session of a thread; loads it when it is not there yet, whose `thread/status/changed` comes before `done`.
  /// Several callers share one loading.
  ///
  /// - Parameter found: runs when a thread was found that is loaded now.
  func load(
    _ id: String, overrides: ThreadResumeParams, found: @escaping @Sendable () -> Void = {},
    _ done: @escaping Loaded
  ) {
    let known: ThreadSession?? = threads.withLock { threads in
      switch threads[id] {
      case .session(let session): return .some(session)
      case .loading(let waiting):
        threads[id] = .loading(
          waiting + [{ result in done(result.map { ($0, false) }) }])
        return .some(nil)
      case .withdrawn(let waiting):
        threads[id] = .withdrawn(
          waiting + [{ [self] in load(id, overrides: overrides, found: found, done) }])
        return .some(nil)
      case nil:
        threads[id] = .loading([])
        return nil
      }
    }
    if let known {
      if let session = known { done(.success((session, false))) }
      return
    }
    let finish: @Sendable (Result<ThreadSession, RPCError>) -> Void = { [self] result in
      let waiting = threads.withLock { threads -> [@Sendable (Result<ThreadSession, RPCError>) -> Void] in
        var waiting: [@Sendable (Result<ThreadSession, RPCError>) -> Void] = []
        if case .loading(let callers)? = threads[id] { waiting = callers }
        if case .success(let session) = result { threads[id] = .session(session) } else { threads[id] = nil }
        return waiting
      }
      if case .success(let session) = result {
        session.feed.ordered { _, status in
          services.sink.notify(
            .threadStatusChanged(ThreadStatusChangedNotification(threadId: id, status: status)), thread: id)
        }
      }
      done(result.map { ($0, true) })
      for caller in waiting { caller(result) }
      // Not every call that loads a thread subscribes to it.
      if case .success = result { threadIdle(id) }
    }
    Task { [services] in
      do {
        let session = try await services.historyThread.run { [self] in
          try services.histories.reading { try restore(id, overrides) }
        }
        found()
        await session.open()
        finish(.success(session))
      } catch {
        finish(.failure(fault(error, id)))
      }
    }
  }

  /// Reads no more of a thread than its last settings; a turn that a crash cut is closed.
  private func restore(_ id: String, _ overrides: ThreadResumeParams) throws -> ThreadSession {
    guard ThreadFiles.isValid(threadId: id) else {
      throw RPCError.invalidRequest("invalid session id: \(id)")
    }
    let histories = services.histories
    guard let opened = try store.open(id, histories) else { throw RPCError.noRollout(id) }
    do {
      if opened.journal.summary?.archived == true {
        throw RPCError.invalidRequest(
          "session \(id) is archived. Run `stet sessions unarchive \(id)` to unarchive it first.")
      }
      let reader = try histories.reader(opened.view)
      let (record, settings) = try beginning(id, reader, opened.journal.summary, keptIn: opened.journal)
      let changed = try ThreadPlan.settings(settings, overrides, environment: services.environment)
      let config = ThreadPlan.config(record.config, overrides.config)
      if changed.developerInstructions != settings.developerInstructions {
        // They outlive this process, as what was sent of them does.
        var kept = settings
        kept.developerInstructions = changed.developerInstructions
        opened.journal.append(ThreadRecord.settings, ThreadRecord.Settings(kept))
      }
      var view = opened.view
      if let repair = try CrashRepair(reader, .crash) {
        repair.apply(to: opened.journal)
        view = try histories.open(id)?.view ?? view
      }
      return ThreadSession(
        meta: Self.meta(record, overrides, config, try reviewer(config, changed.cwd)), settings: changed,
        stored: try StoredThread(try histories.reader(view), thread: id),
        journal: opened.journal, services: services, notices: opened.notices)
    } catch {
      opened.journal.close()
      throw error
    }
  }

  /// What a thread began with and how it is set. Where damage took the records of that, they are what its summary and
  /// the configuration say: the thread opens all the same, and its notices tell what is lost.
  ///
  /// - Parameter journal: what was found out is written to it, so that it holds from here on.
  func beginning(
    _ id: String, _ reader: HistoryReader, _ summary: ThreadSummary?, keptIn journal: ThreadJournal? = nil
  ) throws -> (ThreadRecord.Meta, TurnSettings) {
    let record = try reader.meta()
    let settings = try reader.last(HistoryKind.settings, as: ThreadRecord.Settings.self)?.value
    if let record, let settings { return (record, settings) }
    guard let summary else {
      throw RPCError.invalidRequest("thread \(id) has no readable beginning; its log is damaged")
    }
    let made =
      record
      ?? ThreadRecord.Meta(
        id: id, version: 1, createdAtMs: summary.createdAtMs, cliVersion: summary.cliVersion,
        source: .string(summary.source), forkedFromId: summary.forkedFromId, instructionSources: [],
        config: JSONObject())
    let set =
      try settings
      ?? ThreadPlan(
        ThreadStartParams(
          cwd: summary.cwd, model: summary.model, modelProvider: summary.modelProvider),
        environment: services.environment
      ).settings
    if record == nil { journal?.append(ThreadRecord.meta, made) }
    if settings == nil { journal?.append(ThreadRecord.settings, ThreadRecord.Settings(set)) }
    return (made, set)
  }

  /// Who answers approvals where the client does not say.
  func reviewer(_ config: JSONObject, _ cwd: String) throws -> ApprovalsReviewer {
    do {
      return try services.environment.configuration(cwd, config).approvalsReviewer ?? .user
    } catch {
      throw RPCError.invalidRequest("\(error)")
    }
  }

  private static func meta(
    _ record: ThreadRecord.Meta, _ overrides: ThreadResumeParams, _ config: JSONObject,
    _ reviewer: ApprovalsReviewer
  ) -> ThreadMeta {
    ThreadMeta(
      id: record.id, createdAtMs: record.createdAtMs,
      source: (try? record.source.decode(SessionSource.self)) ?? .unknown, cliVersion: record.cliVersion,
      // Other base instructions count where the prompt begins: in a thread without a turn, and after a compaction (P1).
      ephemeral: false, baseInstructions: overrides.baseInstructions ?? record.baseInstructions,
      developerInstructions: record.developerInstructions, forkedFromId: record.forkedFromId,
      approvalsReviewer: overrides.approvalsReviewer ?? reviewer, sessionConfig: config,
      instructionSources: record.instructionSources, dynamicTools: record.dynamicTools ?? [],
      base: record.history, rootId: record.rootId)
  }

  func fault(_ error: any Error, _ id: String) -> RPCError {
    switch error {
    case let error as RPCError: return error
    case let error as StoreError:
      if case .locked(let pid) = error.code {
        return .invalidRequest(Self.heldText(id, pid, listeningAt(pid)))
      }
      return .invalidRequest(error.message)
    default: return .internalError("\(error)")
    }
  }

  /// Where the process that holds a thread listens for clients, if it does.
  private func listeningAt(_ pid: Int32) -> String? {
    ListenerRecord.address(of: pid, directory: services.environment.home.serversDirectory)
  }

  /// Codex's text first; then who holds the thread and how to get at it (R7).
  private static func heldText(_ id: String, _ pid: Int32, _ address: String?) -> String {
    var text = "thread \(id) already has an active writer"
    guard pid > 0 else { return text }
    text += " (process \(pid))"
    if let address {
      text += "; it listens, attach with: stet resume \(id) --remote \(ShellQuoting.quote(address))"
    }
    return text
  }
}
