import StetProtocol
import Synchronization

/// The one place through which everything of a thread reaches the clients and the log. Its lock makes a single order
/// out of what the session, the model stream and the running tools report, and it enforces that every item is
/// started once and completed once (L4).
///
/// Lock order: the feed, then the sink; the journal and `reply` closures run inside the feed's lock too.
final class ThreadFeed: Sendable {
  struct Open {
    var turn: Int
    var entry: Int
    var detached = false
  }

  struct State {
    /// What is on disk and was not begun in this process; nil when there is nothing.
    var stored: HistoryView?
    /// The turns that were begun in this process.
    var turns: [TurnState] = []
    /// Ids of their items.
    var ids: Set<String> = []
    var open: [String: Open] = [:]
    var active: String?
    var status = ThreadStatus.idle
    var questions: [Int: Question] = [:]
    var nextQuestion = 0
    /// Questions whose task was cancelled before they were asked.
    var cancelledQuestions: Set<Int> = []
    /// Requests of a turn that is over, to be resolved after `turn/completed`.
    var leftTokens: [any PendingRequestToken] = []
    var waitingApproval = 0
    var waitingInput = 0
    var usage: ThreadTokenUsage?
    /// The turn in which it was counted; nil where that is not known.
    var usageTurn: String?
    /// What the window was filled with then.
    var context: StetContextUse?
  }

  let threadId: String
  let sink: any ThreadEventSink
  let journal: ThreadJournal
  let clock: AgentClock
  let state: Mutex<State>

  init(
    threadId: String, sink: any ThreadEventSink, journal: ThreadJournal, clock: AgentClock,
    stored: HistoryView? = nil, usage: ThreadTokenUsage? = nil, usageTurn: String? = nil
  ) {
    self.threadId = threadId
    self.sink = sink
    self.journal = journal
    self.clock = clock
    var state = State()
    state.stored = stored
    state.usage = usage
    state.usageTurn = usageTurn
    self.state = Mutex(state)
  }

  // MARK: - Reading

  var hasHunkReview: Bool { sink.hasHunkReview(thread: threadId) }
  var hasSubscribers: Bool { sink.hasSubscribers(thread: threadId) }
  var usedIds: Set<String> { state.withLock { $0.ids } }
  var activeTurn: String? { state.withLock { $0.active } }
  var status: ThreadStatus { state.withLock { $0.status } }

  /// Paths of files that the thread changed, newest first, at most `limit`.
  func changedFiles(_ limit: Int) -> [String] {
    state.withLock { state in
      var found: [String] = []
      for entry in state.turns.reversed().lazy.flatMap({ $0.entries.reversed() }) {
        guard case .fileChange(let item) = entry.item, item.status == .completed else { continue }
        for change in item.changes where !found.contains(change.path) { found.append(change.path) }
        if found.count >= limit { break }
      }
      return Array(found.prefix(limit))
    }
  }

  /// The whole history at this moment: what is on disk and what is not.
  var history: (stored: HistoryView?, live: [TurnState]) {
    state.withLock { ($0.stored, $0.turns) }
  }

  /// Goes on from another history (a revert). No turn may run; items of background commands that are still open
  /// complete here, for their turns are no longer in memory.
  func reset(_ stored: HistoryView, _ counted: ThreadRecord.Usage?) {
    state.withLock { state in
      for (_, open) in state.open.sorted(by: { $0.value.entry < $1.value.entry }) {
        complete(state.turns[open.turn].entries[open.entry].item.cut, in: &state)
      }
      state.stored = stored
      state.turns = []
      state.ids = []
      state.usage = counted?.usage
      state.usageTurn = counted?.turnId
      state.context = nil
    }
  }

  /// Says that the thread was taken out of memory and put back, as a revert does.
  func bounceStatus() {
    state.withLock { state in
      setStatus(.notLoaded, in: &state)
      setStatus(.idle, in: &state)
    }
  }

  /// Runs `body` in the thread's order with the turns of this process and its status, for a reply that
  /// notifications must not overtake.
  func ordered(_ body: (_ turns: [TurnState], _ status: ThreadStatus) -> Void) {
    state.withLock { body($0.turns, $0.status) }
  }

  /// Like `ordered`, with the counts that clients were told last.
  func ordered(
    _ body: (
      _ turns: [TurnState], _ status: ThreadStatus, _ usage: ThreadTokenUsageUpdatedNotification?
    ) -> Void
  ) {
    state.withLock { state in
      var note: ThreadTokenUsageUpdatedNotification?
      if let usage = state.usage, let turn = state.usageTurn {
        note = ThreadTokenUsageUpdatedNotification(
          threadId: threadId, turnId: turn, tokenUsage: usage, stet: state.context)
      }
      body(state.turns, state.status, note)
    }
  }

  // MARK: - Sending

  func notify(_ notification: ServerNotification) {
    state.withLock { _ in sink.notify(notification, thread: threadId) }
  }

  func warn(_ message: String) {
    notify(.warning(WarningNotification(threadId: threadId, message: message)))
  }

  /// `error`: the turn goes on after a wait.
  func retrying(_ failure: TurnFailure, afterMs: Int, turn: String) {
    notify(
      .error(
        ErrorNotification(
          error: failure.wire, willRetry: true, threadId: threadId, turnId: turn,
          stet: StetRetryInfo(retryInMs: afterMs))))
  }

  /// The token counts after a response, or after a compaction, and the limits of the account (there is none).
  ///
  /// - Parameter context: what the window is filled with; nil keeps what was told last.
  func usage(
    _ usage: ThreadTokenUsage, turn: String, context: StetContextUse? = nil, ratio: Double? = nil
  ) {
    state.withLock { state in
      state.usage = usage
      state.usageTurn = turn
      if let context { state.context = context }
      journal.append(ThreadRecord.usage, ThreadRecord.Usage(turnId: turn, usage: usage, ratio: ratio))
      send(usage, state.context, turn: turn)
    }
  }

  /// The last counts once more: a compaction begins with them.
  func repeatUsage(turn: String) {
    state.withLock { state in
      if let usage = state.usage { send(usage, state.context, turn: turn) }
    }
  }

  private func send(_ usage: ThreadTokenUsage, _ context: StetContextUse?, turn: String) {
    sink.notify(
      .threadTokenUsageUpdated(
        ThreadTokenUsageUpdatedNotification(
          threadId: threadId, turnId: turn, tokenUsage: usage, stet: context)),
      thread: threadId)
    sink.notify(
      .accountRateLimitsUpdated(AccountRateLimitsUpdatedNotification(rateLimits: RateLimitSnapshot())),
      thread: threadId)
  }

  /// Sends the status if it is another than the last one sent.
  func setStatus(_ status: ThreadStatus, in state: inout State) {
    guard state.status != status else { return }
    state.status = status
    sink.notify(
      .threadStatusChanged(ThreadStatusChangedNotification(threadId: threadId, status: status)),
      thread: threadId)
  }

  /// The status that fits the open questions of a running turn.
  func activeStatus(_ state: State) -> ThreadStatus {
    var flags: [ThreadActiveFlag] = []
    if state.waitingApproval > 0 { flags.append(.waitingOnApproval) }
    if state.waitingInput > 0 { flags.append(.waitingOnUserInput) }
    return .active(activeFlags: flags)
  }
}
