import StetConfig
import StetJSON
import StetProtocol
import Synchronization

/// One loaded thread. Calls of clients come through `post`, one after the other in their order; the decisions of a
/// turn are made by its `TurnMachine`, whose actions this actor performs.
actor ThreadSession {
  typealias Job = @Sendable (isolated ThreadSession) async -> Void

  private struct Posted {
    let needsPrompt: Bool
    let job: Job
  }

  nonisolated let id: String
  nonisolated let isEphemeral: Bool
  /// As it was when the session began.
  nonisolated let firstMeta: ThreadMeta
  nonisolated let feed: ThreadFeed
  nonisolated let journal: ThreadJournal
  nonisolated let processes = ProcessRegistry()
  nonisolated let files: FileKnowledge
  /// What was found wrong in what was read of the thread from disk, for the user.
  private nonisolated let found: Mutex<[String]>
  /// It was read from disk and no client has joined since: what was found there is still to be told.
  nonisolated let isUnseen: Atomic<Bool>
  /// When something was last asked of it or happened in it, in Unix milliseconds; and whether somebody waits for it to
  /// be idle.
  nonisolated let touchedAtMs: Atomic<Int64>
  nonisolated let isIdleWatched = Atomic(false)
  /// Where its commands run, for lists.
  nonisolated let place: Mutex<ThreadEnvironment>
  let services: SessionServices
  let snapshots: ThreadSnapshots
  let outputs: OutputFiles
  nonisolated let threadMemory = ToolMemory()

  var meta: ThreadMeta
  var settings: TurnSettings {
    didSet { place.withLock { $0 = settings.wirePlace } }
  }
  var prompt: PromptLog
  var facts: PromptFacts?
  var total: TokenUsageBreakdown
  /// What the tokens of the turn and of the thread cost.
  var spent: Spending
  /// What a local server's counts are held against.
  var cut = PromptCut()
  var running: Running?
  var warnedWindow = false
  /// Models that answered in the place of others, as the user was told.
  var reroutes: Set<String> = []
  nonisolated let mcp: MCPHost
  /// The newest start of the servers; nil before the first.
  var serverStart: Task<Void, Never>?
  /// The sandbox policy under which they were started.
  var serverPolicy: SandboxPolicy?
  /// What the servers offer in the running turn, and the names of those that are still starting.
  var mcpTools: [MCPTool] = []
  var startingServers: [String] = []
  /// What the model was told of them since its list was frozen.
  var announcedTools = ThreadRecord.Announced()
  /// The user knows that the list of this thread has no room for servers.
  var toldOfServers = false
  /// The skills that apply, as they were when the last turn began.
  var skills: [SkillMetadata] = []
  /// The hooks that may run, as they were when the last turn began.
  var hookHandlers: [HookHandler] = []
  var hookEnvironment = HookEnvironment.none
  nonisolated let hookTasks = HookTasks()
  /// Programs of `notify`: they go on when the thread is closed.
  nonisolated let noticeTasks = HookTasks()
  /// What the next turn begins for hooks: a session, or a history that was compacted.
  var sessionSource: String?
  /// Steers wait for the hooks in their order.
  var judging: Task<Void, Never>?
  var judgingCount = 0
  var queue: MessageQueue
  /// A queued message whose turn has begun and does not hold it yet: in the log it still waits.
  var starting: QueuedSubmission?
  /// The queue waits for the user: the last turn was stopped or failed.
  var isHeld: Bool
  var goal: GoalRules
  /// When work on the active goal began in the running turn, in Unix milliseconds.
  var goalSince: Int64?
  private(set) var isClosing = false
  /// What the client last said in `additionalContext`, by name.
  var sentContext: [String: AdditionalContextEntry] = [:]
  /// How full the window is.
  var meter: ContextMeter
  /// When a compaction is tried again after one that failed.
  var compactionPause = CompactionPause()
  /// What of each request the provider had cached.
  var cache = CacheWatch()
  /// What the last compaction of this process replaced.
  var former: FormerPrompt?
  /// A compaction of an earlier process stands, which may be undone.
  var storedCompaction = false
  /// The `provider/model` whose own summary the prompt holds.
  var sealedFor: String?
  /// What the prompt is read from when it is first needed: a thread is shown without it (R4).
  var unread: HistoryView?
  /// Items that wait for the outputs of the calls that run.
  var injected: [JSONValue] = []
  private var waitingForEnd: [CheckedContinuation<Void, Never>] = []
  private let jobs: AsyncStream<Posted>.Continuation
  private let stream: AsyncStream<Posted>
  private var consumer: Task<Void, Never>?

  init(
    meta: ThreadMeta, settings: TurnSettings, stored: StoredThread? = nil, journal: ThreadJournal,
    services: SessionServices, notices: [String] = []
  ) {
    found = Mutex(notices)
    isUnseen = Atomic(stored != nil)
    touchedAtMs = Atomic(services.clock.nowMs())
    place = Mutex(settings.wirePlace)
    id = meta.id
    self.meta = meta
    self.settings = settings
    self.journal = journal
    self.services = services
    snapshots = ThreadSnapshots(
      thread: meta.id, directory: settings.cwd, stores: services.snapshotStores, log: services.environment.log
    )
    isEphemeral = meta.ephemeral
    firstMeta = meta
    prompt = PromptLog()
    unread = stored?.view
    sessionSource = stored == nil ? "startup" : "resume"
    meter = ContextMeter(nil)
    files = FileKnowledge()
    total = stored?.usage?.total ?? .zero
    spent = Spending(stored?.usage)
    queue = MessageQueue(stored?.queue ?? [])
    goal = GoalRules(stored?.goal)
    isHeld = stored?.lastTurnStopped ?? false
    outputs = OutputFiles(directory: OutputFiles.directory(of: meta.id, services.environment.home))
    mcp = MCPHost(clock: services.clock)
    feed = ThreadFeed(
      threadId: meta.id, sink: services.sink, journal: journal, clock: services.clock,
      stored: stored?.view, usage: stored?.usage, usageTurn: stored?.usageTurn)
    // Unbounded by itself: the server bounds what a client may have in flight (A4).
    (stream, jobs) = AsyncStream<Posted>.makeStream()
    journal.setFailureHandler { [feed] message in
      // The journal runs inside the feed's lock; the warning has to wait for it.
      Task { feed.warn(message) }
    }
    journal.setGrowthHandler { [id, services, weak journal] in services.followLog(of: id, journal) }
  }

  /// Begins to serve `post`.
  func open() {
    guard consumer == nil else { return }
    consumer = Task { [stream, weak self] in
      for await posted in stream {
        guard let self else { return }
        if posted.needsPrompt { await self.readPrompt() }
        await posted.job(self)
      }
    }
  }

  /// Runs `job` after everything that was posted before; `gone` runs in its place when the session was closed.
  nonisolated func post(_ job: @escaping Job, gone: (@Sendable () -> Void)? = nil) {
    touch()
    if case .terminated = jobs.yield(Posted(needsPrompt: true, job: job)) { gone?() }
  }

  /// Like `post`, for a job that does without the prompt: it need not be read for it.
  nonisolated func glance(_ job: @escaping Job, gone: (@Sendable () -> Void)? = nil) {
    touch()
    if case .terminated = jobs.yield(Posted(needsPrompt: false, job: job)) { gone?() }
  }

  /// Interrupts the turn, ends the processes and closes the log; returns when all of it is done. What was posted before
  /// takes effect first: nobody is left without an answer.
  func close() async {
    isClosing = true
    openReviews.keepAsked()
    interruptRunning()
    await turnEnded()
    await endHooks()
    await processes.terminateAll()
    await mcp.stop()
    jobs.finish()
    await consumer?.value
    journal.close()
  }

  /// Returns when no turn runs any more, for the clients too.
  func turnEnded() async {
    guard running != nil else { return }
    await withCheckedContinuation { waitingForEnd.append($0) }
  }

  /// The turn is over: lets go of it and of whoever waits for that.
  func clearTurn() {
    running = nil
    touch()
    for waiter in waitingForEnd { waiter.resume() }
    waitingForEnd = []
  }

  /// The thread as clients see it.
  func wire(_ turns: [Turn], status: ThreadStatus) -> StetProtocol.Thread {
    ThreadWire.thread(
      meta, settings, summary: journal.summary, path: journal.path, status: status, turns: turns)
  }

  func resumeResponse(_ turns: [Turn], _ status: ThreadStatus) -> ThreadResumeResponse {
    ThreadResumeResponse(
      thread: wire(turns, status: status), model: settings.model, modelProvider: settings.modelProvider,
      serviceTier: settings.serviceTier, cwd: settings.cwd, runtimeWorkspaceRoots: settings.workspaceRoots,
      instructionSources: meta.instructionSources, approvalPolicy: settings.approvalPolicy,
      approvalsReviewer: meta.approvalsReviewer, sandbox: settings.sandboxPolicy,
      activePermissionProfile: settings.wireProfile, reasoningEffort: settings.effort,
      collaborationMode: wireMode)
  }

  nonisolated var loadNotices: [String] { found.withLock { $0 } }

  /// Those of the sentences that are news; from here on they are known.
  nonisolated func news(_ notices: [String]) -> [String] {
    found.withLock { found in
      let news = notices.filter { !found.contains($0) }
      found += news
      return news
    }
  }

  nonisolated var openReviews: OpenReviews { threadMemory.value { OpenReviews() } }

  func nowMs() -> Int64 { services.clock.nowMs() }
}

extension TokenUsageBreakdown {
  static let zero = TokenUsageBreakdown(
    totalTokens: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningOutputTokens: 0)

  init(_ usage: ModelUsage) {
    self.init(
      totalTokens: usage.total, inputTokens: usage.input, cachedInputTokens: usage.cachedInput,
      cacheWriteInputTokens: usage.cacheWrite, outputTokens: usage.output,
      reasoningOutputTokens: usage.reasoning)
  }

  static func + (left: Self, right: Self) -> Self {
    TokenUsageBreakdown(
      totalTokens: left.totalTokens &+ right.totalTokens, inputTokens: left.inputTokens &+ right.inputTokens,
      cachedInputTokens: left.cachedInputTokens &+ right.cachedInputTokens,
      cacheWriteInputTokens: left.cacheWriteInputTokens &+ right.cacheWriteInputTokens,
      outputTokens: left.outputTokens &+ right.outputTokens,
      reasoningOutputTokens: left.reasoningOutputTokens &+ right.reasoningOutputTokens)
  }
}
