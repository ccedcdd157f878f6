import StetAgent
import StetConfig
import StetJSON
import StetNet
import StetProtocol
import StetRPC
import StetServer
import StetTestSupport
import Synchronization

/// An agent that does what a test says, so that the server's own rules can be seen.
final class ScriptedAgent: AgentService, SnapshotService {
  let sink: any ThreadEventSink
  private let threads = Mutex<[String]>([])
  private let started = Mutex<[TurnStartParams]>([])

  init(sink: any ThreadEventSink) { self.sink = sink }

  static let firstThread = "01a204cd-34ce-73f1-b1ee-52c2c364110a"
  static let secondThread = "01a204cd-34ce-73f1-b1ee-52c2c364110b"

  func thread(_ id: String, turns: [Turn] = []) -> StetProtocol.Thread {
    StetProtocol.Thread(
      id: id, sessionId: id, preview: "", ephemeral: false, historyMode: .paginated, modelProvider: "mock",
      createdAt: 1, updatedAt: 1, status: .idle, cwd: "/w", cliVersion: "0", source: .vscode, turns: turns)
  }

  /// A finished file change with what only a reviewing client is to see.
  static let reviewedItem = ThreadItem.fileChange(
    FileChangeItem(
      id: "call_1", changes: [], status: .completed,
      stet: StetReviewOutcome(reviewId: "r", outcome: .none, proposedChanges: [], files: [])))

  func threadStart(_ params: ThreadStartParams, reply: @escaping AgentReply<ThreadStartResponse>) {
    let id = threads.withLock { threads in
      threads.append(threads.isEmpty ? Self.firstThread : Self.secondThread)
      return threads[threads.count - 1]
    }
    let thread = thread(id)
    reply(
      .success(
        ThreadStartResponse(
          thread: thread, model: "m", modelProvider: "mock", cwd: "/w", approvalPolicy: .onRequest,
          approvalsReviewer: .user, sandbox: .readOnly(networkAccess: false))))
    sink.notify(.threadStarted(.init(thread: thread)), thread: id)
  }

  func threadResume(
    _ params: ThreadResumeParams, found: @escaping @Sendable () -> Void,
    reply: @escaping AgentReply<ThreadResumeResponse>
  ) {
    found()
    let turn = Turn(id: "u", items: [Self.reviewedItem], status: .completed)
    reply(
      .success(
        ThreadResumeResponse(
          thread: thread(params.threadId, turns: [turn]), model: "m", modelProvider: "mock", cwd: "/w",
          approvalPolicy: .onRequest, approvalsReviewer: .user, sandbox: .dangerFullAccess)))
    sink.notify(.threadGoalCleared(.init(threadId: params.threadId)), thread: params.threadId)
  }

  func turnStart(_ params: TurnStartParams, reply: @escaping AgentReply<TurnStartResponse>) {
    started.withLock { $0.append(params) }
    let turn = Turn(id: "u", items: [], itemsView: .notLoaded, status: .inProgress)
    reply(.success(TurnStartResponse(turn: turn)))
    sink.notify(.turnStarted(.init(threadId: params.threadId, turn: turn)), thread: params.threadId)
  }

  var startedTurns: [TurnStartParams] { started.withLock { $0 } }
  var loadedThreadIds: [String] { threads.withLock { $0 } }

  /// Lists that wait for their answer; nil answers at once.
  let heldLists = Mutex<[@Sendable () -> Void]?>(nil)

  func threadList(_ params: ThreadListParams, reply: @escaping AgentReply<ThreadListResponse>) {
    let answer: @Sendable () -> Void = {
      reply(
        .success(
          ThreadListResponse(
            data: [], readStates: [:], stet: ["t": StetThreadTally(turns: 2, added: 3, removed: 1)])))
    }
    let isHeld = heldLists.withLock { held in
      held?.append(answer)
      return held != nil
    }
    if !isHeld { answer() }
  }
  func threadIdle(_ id: String) {}
  func threadRead(
    _ params: ThreadReadParams, tell: @escaping @Sendable ([String]) -> Void,
    reply: @escaping AgentReply<ThreadReadResponse>
  ) {
    let turn = Turn(id: "u", items: [Self.reviewedItem], status: .completed)
    reply(.success(ThreadReadResponse(thread: thread(params.threadId, turns: [turn]))))
  }
  func threadNameSet(_ params: ThreadSetNameParams, reply: @escaping AgentReply<EmptyResponse>) {
    reply(.success(EmptyResponse()))
  }
  func threadArchive(_ params: ThreadArchiveParams, reply: @escaping AgentReply<EmptyResponse>) {
    reply(.success(EmptyResponse()))
    sink.notify(.threadArchived(.init(threadId: params.threadId)), thread: params.threadId)
  }
  func threadUnarchive(
    _ params: ThreadUnarchiveParams, reply: @escaping AgentReply<ThreadUnarchiveResponse>
  ) {
    reply(.success(ThreadUnarchiveResponse(thread: thread(params.threadId))))
  }
  func threadSettingsUpdate(
    _ params: ThreadSettingsUpdateParams, reply: @escaping AgentReply<EmptyResponse>
  ) {
    reply(.success(EmptyResponse()))
  }
  func backgroundTerminalsList(
    _ params: ThreadBackgroundTerminalsListParams,
    reply: @escaping AgentReply<ThreadBackgroundTerminalsListResponse>
  ) {
    reply(.success(ThreadBackgroundTerminalsListResponse(data: [])))
  }
  func backgroundTerminalsTerminate(
    _ params: ThreadBackgroundTerminalsTerminateParams,
    reply: @escaping AgentReply<ThreadBackgroundTerminalsTerminateResponse>
  ) {
    reply(.success(ThreadBackgroundTerminalsTerminateResponse(terminated: false)))
  }
  func backgroundTerminalsClean(
    _ params: ThreadBackgroundTerminalsCleanParams, reply: @escaping AgentReply<EmptyResponse>
  ) {
    reply(.success(EmptyResponse()))
  }
  func turnSteer(_ params: TurnSteerParams, reply: @escaping AgentReply<TurnSteerResponse>) {
    reply(.success(TurnSteerResponse(turnId: params.expectedTurnId)))
  }
  func turnInterrupt(_ params: TurnInterruptParams, reply: @escaping AgentReply<EmptyResponse>) {
    reply(.failure(.noTurnToInterrupt))
  }
  func snapshotList(
    _ params: StetSnapshotListParams, reply: @escaping AgentReply<StetSnapshotListResponse>
  ) {
    reply(.success(StetSnapshotListResponse(data: [])))
  }
  func snapshotDiff(
    _ params: StetSnapshotDiffParams, reply: @escaping AgentReply<StetSnapshotDiffResponse>
  ) {
    reply(.success(StetSnapshotDiffResponse(files: [])))
  }
  func snapshotRestore(
    _ params: StetSnapshotRestoreParams, reply: @escaping AgentReply<StetSnapshotRestoreResponse>
  ) {
    reply(.success(StetSnapshotRestoreResponse(planId: "p", files: [])))
  }
  func snapshotRedo(
    _ params: StetSnapshotRedoParams, reply: @escaping AgentReply<StetSnapshotRestoreResponse>
  ) {
    reply(.success(StetSnapshotRestoreResponse(planId: "p", files: [])))
  }
  func shutdown() async {}
}

/// A server with a scripted agent, on a home of its own.
final class ServerHarness: Sendable {
  let home = TempDirectory("home")
  let server: AppServer
  let agent: ScriptedAgent

  init(config: String = "", nowMs: @escaping @Sendable () -> Int64 = AgentClock.system.nowMs) {
    home.write("config.toml", config)
    let holder = Mutex<ScriptedAgent?>(nil)
    server = AppServer(environment: Self.environment(home, nowMs: nowMs)) { sink in
      let agent = ScriptedAgent(sink: sink)
      holder.withLock { $0 = agent }
      return agent
    }
    guard let agent = holder.withLock({ $0 }) else { preconditionFailure("the server made no agent") }
    self.agent = agent
  }

  static func environment(
    _ home: TempDirectory, cwd: String? = nil,
    nowMs: @escaping @Sendable () -> Int64 = AgentClock.system.nowMs
  ) -> AgentEnvironment {
    let stet = StetHome(root: home.path)
    var environment = AgentEnvironment(
      home: stet,
      configuration: { cwd, session in try ConfigurationLoader.load(home: stet, cwd: cwd, session: session) },
      processEnvironment: ["TERM": "xterm", "PATH": "/usr/bin:/bin"], http: HTTPClient(environment: [:]),
      clock: AgentClock(nowMs: nowMs, sleep: AgentClock.system.sleep), serverVersion: "9.9.9",
      defaultCwd: cwd ?? home.path)
    // A busy machine must not decide what a test finds.
    environment.serverLimitMs = 100_000
    return environment
  }

  /// A new connection, before `initialize`.
  func connect() -> TestClient {
    let (serverEnd, clientEnd) = LocalTransport.pair()
    server.accept(serverEnd)
    return TestClient(clientEnd)
  }

  /// A client that has said hello.
  func client(
    name: String = "probe", experimental: Bool = true, stet: JSONValue? = nil, optOut: [String] = []
  ) async throws -> TestClient {
    let client = connect()
    try await client.initialize(name: name, experimental: experimental, stet: stet, optOut: optOut)
    return client
  }

  /// A client that is subscribed to the first thread.
  func subscriber(stet: JSONValue? = nil) async throws -> TestClient {
    let client = try await client(stet: stet)
    try await client.call("thread/resume", ["threadId": .string(ScriptedAgent.firstThread)])
    _ = await client.note("thread/goal/cleared")
    return client
  }

  func delta(_ text: String, item: String = "i") {
    agent.sink.notify(
      .agentMessageDelta(
        .init(threadId: ScriptedAgent.firstThread, turnId: "u", itemId: item, delta: text)),
      thread: ScriptedAgent.firstThread)
  }
}
