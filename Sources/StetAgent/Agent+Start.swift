import StetConfig
import StetProtocol
import StetStore

extension Agent {
  /// Opens a new thread: the reply, then `thread/started`. The thread is durable when the reply runs (A9); when the
  /// state directory can't be written the thread lives in memory and a `warning` says so.
  public func threadStart(_ params: ThreadStartParams, reply: @escaping AgentReply<ThreadStartResponse>) {
    let services = services
    Task { [self] in
      do {
        try DynamicTools.check(params.dynamicTools ?? [])
        let plan = try ThreadPlan(params, environment: services.environment)
        let resolution = await services.resolver.resolve(
          model: plan.model, provider: plan.provider, plan.configuration)
        try await disk.run { [self] in try create(plan.resolved(resolution), params, reply) }
        services.prepare(resolution.target, plan.configuration)
      } catch let error as RPCError {
        reply(.failure(error))
      } catch {
        reply(.failure(.internalError("\(error)")))
      }
    }
  }

  // MARK: - Parts

  private func create(
    _ plan: ThreadPlan, _ params: ThreadStartParams, _ reply: AgentReply<ThreadStartResponse>
  ) throws {
    let now = services.clock.nowMs()
    let meta = ThreadMeta(
      id: ThreadIds.make(nowMs: now), createdAtMs: now, source: services.environment.sessionSource,
      cliVersion: services.environment.serverVersion, ephemeral: params.ephemeral ?? false,
      baseInstructions: params.baseInstructions ?? plan.configuration.instructions,
      developerInstructions: params.developerInstructions ?? plan.configuration.developerInstructions,
      forkedFromId: nil, approvalsReviewer: plan.reviewer, sessionConfig: params.config ?? JSONObject(),
      instructionSources: plan.documents.found.map(\.path), dynamicTools: params.dynamicTools ?? [])
    let distrust = trust(plan)
    let (journal, problem) = journal(meta, plan.settings)
    let session = ThreadSession(
      meta: meta, settings: plan.settings, journal: journal, services: services)
    if let source = params.sessionStartSource { session.post { $0.sessionSource = source.name } }
    threads.withLock { $0[meta.id] = .session(session) }
    let thread = ThreadWire.thread(
      meta, plan.settings, summary: journal.summary, path: journal.path, status: .idle, turns: [])
    session.feed.ordered { _, _ in
      reply(.success(plan.response(thread)))
      services.sink.notify(.threadStarted(ThreadStartedNotification(thread: thread)), thread: meta.id)
    }
    for text in [problem, distrust].compactMap({ $0 }) { session.feed.warn(text) }
    for warning in plan.configuration.warnings {
      session.feed.notify(
        .configWarning(ConfigWarningNotification(summary: warning.message, path: warning.file)))
    }
    session.snapshots.recover(session.feed)
    Task { await session.open() }
    if !meta.ephemeral { noteGit(session, directory: plan.settings.cwd) }
    session.post { await $0.startServers() }
  }

  /// Writes the user's consent down; a sentence when that fails.
  private func trust(_ plan: ThreadPlan) -> String? {
    // The demo works on a scratch directory: nothing of it belongs into the user's file.
    guard plan.grantsTrust, services.environment.modelClientOverride == nil else { return nil }
    let directory = plan.settings.cwd
    let root =
      PathText.ancestors(directory).first { CappedFile.exists(PathText.join($0, ".git")) } ?? directory
    do throws(ConfigurationError) {
      try ConfigurationFile.update(path: services.environment.home.configFile) {
        (file) throws(ConfigurationError) in try file.trust(directory: root)
      }
      return nil
    } catch {
      return "\(root) is trusted for this thread only: \(error.message)"
    }
  }

  private func journal(_ meta: ThreadMeta, _ settings: TurnSettings) -> (ThreadJournal, problem: String?) {
    let memory = ThreadJournal(
      log: nil, lock: nil, indexer: nil, summary: nil, logger: services.environment.log)
    if meta.ephemeral { return (memory, nil) }
    do {
      return (try store.create(meta, settings: settings), nil)
    } catch {
      return (memory, "The thread can't be saved: \(error.message) It goes on, but a restart would lose it.")
    }
  }
}
