import StetProtocol

/// One run of `stet exec` as plain values: what comes in from the server and the outside, and what follows from it.
/// Does no I/O and never waits.
struct ExecSession: Sendable {
  /// A request of this client, so that the answer finds its place.
  enum Call: Hashable, Sendable {
    case initialize, list, open, begin, interrupt
  }

  enum Input: Sendable {
    case reply(Call, Result<JSONValue, RPCError>)
    case notification(ServerNotification)
    case request(RequestID, ServerRequest)
    case closed(String?)
    /// SIGINT, SIGTERM or SIGHUP.
    case signal(Int32)
    /// The time limit, or the time that an interrupted turn has to end.
    case timeUp
    /// Nobody reads standard output any more.
    case outputClosed(String)
  }

  enum Step: Sendable {
    case send(ClientRequest, Call)
    /// `initialized`, after the handshake.
    case initialized
    case answer(RequestID, JSONValue)
    case refuse(RequestID, RPCError)
    case show(ExecEvent)
    /// The thread is there: other clients may join.
    case listen
    /// Expect the end within so many milliseconds; then `timeUp` comes.
    case hurry(milliseconds: Int)
    case finish(ExecOutcome)
  }

  /// Time for an interrupted turn to end: its commands have 2 s between TERM and KILL, and then their items close.
  static let graceMilliseconds = 5_000

  enum Phase: Hashable, Sendable { case connecting, opening, beginning, running, over }

  let order: ExecOrder
  var phase = Phase.connecting
  /// Why the turn is being ended; nil while nobody wants that.
  var stopping: ExecOutcome.Ending?
  var thread: ExecThread?
  var turnId: String?
  var answer: String?
  var refusals: [ExecRefusal] = []
  var plan: [TurnPlanStep]?
  /// Items that were started and not completed, in order.
  var open: [ThreadItem] = []
  var usage = ExecUsage()
  /// A compaction has begun and has not told the counts before it yet.
  var expectsOldUsage = false
  var lastError: String?
  /// What was said before the thread was there.
  var early: [ExecEvent] = []

  init(_ order: ExecOrder) { self.order = order }

  /// The first request.
  func start() -> [Step] {
    let capabilities = InitializeCapabilities(
      experimentalApi: true, optOutNotificationMethods: Self.unwanted,
      stet: StetCapabilities(hunkReview: false, snapshots: true, events: false))
    return [
      .send(
        .initialize(
          InitializeParams(
            clientInfo: ClientInfo(name: "stet-exec", version: Version.current, title: "stet exec"),
            capabilities: capabilities)),
        .initialize)
    ]
  }

  /// Items are shown whole; their pieces need not travel.
  static let unwanted = [
    "item/agentMessage/delta", "item/reasoning/summaryTextDelta", "item/reasoning/summaryPartAdded",
    "item/reasoning/textDelta", "item/plan/delta", "item/commandExecution/outputDelta", "turn/diff/updated",
    "item/mcpToolCall/progress", "account/rateLimits/updated", "thread/status/changed",
  ]

  mutating func take(_ input: Input) -> [Step] {
    guard phase != .over else { return [] }
    switch input {
    case .reply(let call, .success(let value)): return answered(call, value)
    case .reply(let call, .failure(let error)): return failed(call, error)
    case .notification(let notification): return heard(notification)
    case .request(let id, let request): return asked(id, request)
    case .closed(let reason):
      return end(.failed("the app-server ended: \(reason ?? "it closed the connection")"))
    case .signal(let number): return stop(.interrupted(signal: number))
    case .outputClosed(let reason): return stop(.failed(reason))
    case .timeUp: return stopping.map { end($0) } ?? stop(.timeLimit)
    }
  }

  // MARK: - Ending

  /// Interrupts the turn if there is one; the run ends when the turn has.
  mutating func stop(_ ending: ExecOutcome.Ending) -> [Step] {
    if stopping != nil { return [] }
    stopping = ending
    switch phase {
    case .connecting, .opening, .over: return end(ending)
    case .beginning: return [.hurry(milliseconds: Self.graceMilliseconds)]
    case .running: return [interruption, .hurry(milliseconds: Self.graceMilliseconds)]
    }
  }

  /// Stops whatever turn the thread is in.
  var interruption: Step {
    .send(.turnInterrupt(TurnInterruptParams(threadId: thread?.id ?? "", turnId: turnId ?? "")), .interrupt)
  }

  /// Closes what is open and ends the run.
  mutating func end(_ ending: ExecOutcome.Ending) -> [Step] {
    phase = .over
    var steps: [Step] = []
    if let plan { steps.append(.show(.plan(.completed, plan))) }
    for item in open { steps.append(.show(.item(.aborted, item))) }
    (plan, open) = (nil, [])
    switch ending {
    case .completed:
      if turnId != nil { steps.append(.show(.turnCompleted(usage.ofTurn))) }
    default:
      let text = ending.text ?? ""
      steps.append(.show(turnId != nil ? .turnFailed(text) : .error(text)))
    }
    let begun = turnId == nil ? nil : thread
    let outcome = ExecOutcome(ending: ending, answer: answer, thread: begun, refusals: refusals)
    return steps + [.finish(outcome)]
  }
}
