import StetProtocol
import StetStore
import StetWorkspace
import Synchronization

/// Answers a call: runs exactly once, before the notifications that follow from the call. Like the sink's methods it
/// must enqueue and return.
public typealias AgentReply<Response> = @Sendable (Result<Response, RPCError>) -> Void

/// The agent core: all threads of one process. One method per method of the protocol; each returns at once.
///
/// Calls that concern one thread take effect in the order in which they are made. Safe from any thread.
public final class Agent: Sendable {
  enum Entry: Sendable {
    case session(ThreadSession)
    /// It is being loaded; these wait for it.
    case loading([@Sendable (Result<ThreadSession, RPCError>) -> Void])
    /// It is not in memory, and its files are being worked on; these wait for the end of that.
    case withdrawn([@Sendable () -> Void])
  }

  let services: SessionServices
  let store: ThreadStore
  /// Loading, listing and reading never run where turns run (A8).
  let disk = WorkspaceThread()
  let searcher = Searcher()
  let threads = Mutex<[String: Entry]>([:])
  /// What clients run for themselves.
  let clientTools = ClientTools()
  /// Log-ins to MCP servers that wait for a browser.
  let logins = OAuthLogins()
  /// Reviews that belong to no thread.
  let looseReviews = OpenReviews()

  public init(environment: AgentEnvironment, sink: any ThreadEventSink) {
    let keys = ProviderKeys(
      variables: environment.processEnvironment, file: APIKeyFile(home: environment.home),
      nowMs: environment.clock.nowMs)
    services = SessionServices(
      environment: environment, sink: sink,
      resolver: ModelResolver(
        http: environment.http, keys: keys, hasOverride: environment.modelClientOverride != nil),
      windows: WindowProbe(
        http: environment.http, keys: keys, limitMs: environment.serverLimitMs),
      processMemory: ToolMemory(),
      snapshotStores: SnapshotStores(environment),
      histories: HistoryStore(home: environment.home, logger: environment.log),
      historyThread: WorkspaceThread())
    store = ThreadStore(
      home: environment.home, blobs: services.histories.blobs, logger: environment.log,
      nowMs: environment.clock.nowMs)
  }

  // MARK: - Turns

  public func turnStart(_ params: TurnStartParams, reply: @escaping AgentReply<TurnStartResponse>) {
    guard let session = session(params.threadId) else {
      return reply(.failure(.threadNotFound(params.threadId)))
    }
    session.post {
      await $0.startTurn(params, reply)
    } gone: {
      reply(.failure(.threadNotFound(params.threadId)))
    }
  }

  public func turnSteer(_ params: TurnSteerParams, reply: @escaping AgentReply<TurnSteerResponse>) {
    guard let session = session(params.threadId) else {
      return reply(.failure(.threadNotFound(params.threadId)))
    }
    session.post {
      await $0.steerTurn(params, reply)
    } gone: {
      reply(.failure(.threadNotFound(params.threadId)))
    }
  }

  /// Answered within milliseconds; the turn ends right after (L6).
  public func turnInterrupt(_ params: TurnInterruptParams, reply: @escaping AgentReply<EmptyResponse>) {
    guard let session = session(params.threadId) else {
      return reply(.failure(.threadNotFound(params.threadId)))
    }
    session.post {
      $0.interruptTurn(params, reply)
    } gone: {
      reply(.failure(.threadNotFound(params.threadId)))
    }
  }

  // MARK: - All

  /// What model a thread in `cwd` would use, and where one was looked for: for the start screen and the doctor.
  /// Takes at most about 300 ms.
  public func modelResolution(cwd: String, reply: @escaping @Sendable (ModelResolution) -> Void) {
    let services = services
    Task {
      do {
        let configuration = try services.environment.configuration(cwd, JSONObject())
        reply(
          await services.resolver.resolve(
            model: configuration.model, provider: configuration.modelProvider, configuration))
      } catch {
        reply(ModelResolution(target: nil, looks: [], problem: "config.toml can't be read: \(error)"))
      }
    }
  }

  /// The status of every loaded thread.
  public var loadedThreads: [(id: String, status: ThreadStatus)] {
    threads.withLock { threads in
      threads.compactMap { id, entry in
        if case .session(let session) = entry { (id, session.feed.status) } else { nil }
      }
    }
  }

  /// Interrupts all turns, ends all processes, closes all logs; returns when that is done.
  public func shutdown() async {
    logins.endAll()
    await clientTools.endAll()
    let sessions = threads.withLock { threads in
      let sessions = threads.values.compactMap { entry in
        if case .session(let session) = entry { session } else { nil }
      }
      threads = [:]
      return sessions
    }
    await withTaskGroup(of: Void.self) { group in
      for session in sessions { group.addTask { await session.close() } }
    }
    services.snapshotStores.leave()
    do {
      try await store.indexer.run { try $0.trim() }
      try await services.historyThread.run { [histories = services.histories] in try histories.trim() }
    } catch {
      services.environment.log.error("the index of threads: \(error)")
    }
  }

  /// Ends what a connection started for itself; threads and turns go on.
  public func connectionEnded(_ connection: Int) { clientTools.end(connection) }

  // MARK: - Parts

  func session(_ id: String) -> ThreadSession? {
    threads.withLock { threads in
      if case .session(let session)? = threads[id] { session } else { nil }
    }
  }

  /// Answers from the index, which knows all that this process has done before.
  func onIndex<Response: Sendable>(
    repairing: Bool = false, _ reply: @escaping AgentReply<Response>,
    _ body: @escaping @Sendable (ThreadIndex) throws -> Response
  ) {
    Task { [store] in
      do {
        reply(.success(try await store.indexer.run(repairing: repairing, body)))
      } catch {
        reply(.failure(Self.fault(error)))
      }
    }
  }

  /// Runs blocking work on the disk thread; a failure of it becomes the reply.
  func onDisk<Response>(
    _ reply: @escaping AgentReply<Response>, _ body: @escaping @Sendable () throws -> Void
  ) {
    perform(on: disk, reply, body)
  }

  /// Reads histories: apart from the disk thread, so that no list waits for a long thread (A8).
  func onHistory<Response>(
    _ reply: @escaping AgentReply<Response>, _ body: @escaping @Sendable () throws -> Void
  ) {
    perform(on: services.historyThread, reply, body)
  }

  private func perform<Response>(
    on thread: WorkspaceThread, _ reply: @escaping AgentReply<Response>,
    _ body: @escaping @Sendable () throws -> Void
  ) {
    Task {
      do {
        try await thread.run(body)
      } catch {
        reply(.failure(Self.fault(error)))
      }
    }
  }

  /// What a client is told of a failure.
  static func fault(_ error: any Error) -> RPCError {
    switch error {
    case let error as RPCError: error
    case let error as StoreError: .invalidRequest(error.message)
    default: .internalError("\(error)")
    }
  }
}
