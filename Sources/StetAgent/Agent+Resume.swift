import StetProtocol
import StetStore

extension Agent {
  /// Loads a stored thread or joins a loaded one. Order: `thread/status/changed` (only when it was loaded now), the
  /// reply, `thread/goal/updated` or `…/cleared`; then, for a joined thread, the server sends open requests again.
  public func threadResume(_ params: ThreadResumeParams, reply: @escaping AgentReply<ThreadResumeResponse>) {
    load(params.threadId, overrides: params) { [services] result in
      switch result {
      case .failure(let error): reply(.failure(error))
      case .success(let (session, isNew)):
        session.post { session in
          session.feed.ordered { turns, status in
            if isNew {
              services.sink.notify(
                .threadStatusChanged(ThreadStatusChangedNotification(threadId: session.id, status: status)),
                thread: session.id)
            }
            reply(.success(session.resumeResponse(turns, status, params)))
            services.sink.notify(session.goalNotice(turn: nil), thread: session.id)
          }
          if isNew {
            for notice in session.loadNotices { session.feed.warn(notice) }
            await session.goOn()
          }
        }
      }
    }
  }

  // MARK: - Loading

  typealias Loaded = @Sendable (Result<(session: ThreadSession, isNew: Bool), RPCError>) -> Void

  /// The session of a thread; loads it when it is not there yet. Several callers share one loading.
  func load(_ id: String, overrides: ThreadResumeParams, _ done: @escaping Loaded) {
    let known: ThreadSession?? = threads.withLock { threads in
      switch threads[id] {
      case .session(let session): return .some(session)
      case .loading(let waiting):
        threads[id] = .loading(
          waiting + [{ result in done(result.map { ($0, false) }) }])
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
      done(result.map { ($0, true) })
      for caller in waiting { caller(result) }
    }
    Task { [disk] in
      do {
        let session = try await disk.run { [self] in try restore(id, overrides) }
        await session.open()
        finish(.success(session))
      } catch {
        finish(.failure(fault(error, id)))
      }
    }
  }

  private func restore(_ id: String, _ overrides: ThreadResumeParams) throws -> ThreadSession {
    guard ThreadFiles.isValid(threadId: id) else {
      throw RPCError.invalidRequest("invalid session id: \(id)")
    }
    guard var opened = try store.open(id) else { throw RPCError.noRollout(id) }
    if opened.journal.summary?.archived == true {
      opened.journal.close()
      throw RPCError.invalidRequest("session \(id) is archived. Unarchive it first.")
    }
    guard let record = opened.replay.meta, let settings = opened.replay.settings else {
      opened.journal.close()
      throw RPCError.invalidRequest("thread \(id) has no readable beginning; its log is damaged")
    }
    CrashRepair.apply(&opened)
    let meta = ThreadMeta(
      id: id, createdAtMs: record.createdAtMs,
      source: (try? record.source.decode(SessionSource.self)) ?? .unknown, cliVersion: record.cliVersion,
      ephemeral: false, baseInstructions: record.baseInstructions,
      developerInstructions: record.developerInstructions, forkedFromId: record.forkedFromId,
      approvalsReviewer: overrides.approvalsReviewer ?? .user, sessionConfig: record.config,
      instructionSources: record.instructionSources, dynamicTools: record.dynamicTools ?? [])
    let changed = try ThreadPlan.settings(settings, overrides, environment: services.environment)
    return ThreadSession(
      meta: meta, settings: changed, replay: opened.replay, journal: opened.journal, services: services,
      notices: opened.notices)
  }

  private func fault(_ error: any Error, _ id: String) -> RPCError {
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
