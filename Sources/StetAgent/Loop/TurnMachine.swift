import StetJSON

/// The decisions of one turn: a synchronous state machine without I/O, so that no `await` can come between the parts
/// of a transition. The session feeds it events and performs the actions it answers with, in order.
struct TurnMachine: Sendable {
  enum Phase: Sendable, Hashable {
    case ready
    /// A response streams.
    case streaming
    /// The response ended; its calls run.
    case tools
    /// The history is being compacted.
    case compacting
    /// A try is due later.
    case waiting
    /// The user was asked whether to go on (L12).
    case asking
    /// The answer is whole, and programs of the user may want more (X7).
    case checking
    /// Interrupted; the cancelled tools have a moment to answer.
    case stopping
    case ended
  }

  /// Milliseconds that cancelled tools have to complete their items; far below the 100 ms of L6.
  static let graceMs = 50
  /// Equal calls with equal results in a row before the user is asked (L12).
  static let loopLimit = 5
  static let aborted = "aborted by user"
  static let abortedNote = """
    <turn_aborted>
    The user interrupted the previous turn on purpose. Commands and edits that were running may have taken effect in \
    part: look before you go on.
    </turn_aborted>
    """
  static let stoppedNote = """
    <turn_aborted>
    The previous turn was cut off when the program stopped. Commands and edits that were running may have taken \
    effect in part: look before you go on.
    </turn_aborted>
    """
  static let cutNote = """
    <output_cut>
    Your answer reached the output limit. Go on exactly where it stopped, without repeating anything.
    </output_cut>
    """

  /// What follows a compaction.
  enum AfterCompaction: Sendable, Hashable {
    case begin
    case ask
    /// Send the refused request again, or fail with this.
    case resend(TurnFailure)
    case end
  }

  var phase = Phase.ready
  var ids: ItemIds
  var retry: RetryRules
  var calls = CallTable()
  var streamed = StreamedItems()
  /// Input that waits for the end of the running calls (L7).
  var steers: [SteeredInput] = []
  /// Items that wait for their place without being a reason to ask.
  var notes: [JSONValue] = []
  var afterCompaction = AfterCompaction.end
  /// An overflow was answered with a compaction, and nothing came through since (L10).
  private var hasResent = false
  private var isOpened = false
  /// Holds the last message against the user's schema; nil without one, or where the provider does it (X6).
  var answer: AnswerCheck?
  private var lastMessage = ""
  /// Whether the end of the turn is asked about first.
  var checksEnd = false
  /// Whether an overflow may be answered with a compaction.
  let mayCompact: Bool
  /// Reasoning items wait here for the item they belong to: providers refuse one that stands alone.
  private var heldReasoning: [JSONValue] = []
  private var response = 0
  private var cutAnswer = CutAnswer()
  private var loop = LoopGuard()
  /// How a call is classed; nil for a tool that does not exist.
  private var access: @Sendable (ToolCall) -> ToolAccess?

  init(
    ids: ItemIds = ItemIds(), retry: RetryRules = RetryRules(), mayCompact: Bool = true,
    access: @escaping @Sendable (ToolCall) -> ToolAccess?
  ) {
    self.ids = ids
    self.retry = retry
    self.mayCompact = mayCompact
    self.access = access
  }

  mutating func apply(_ event: TurnEvent) -> [TurnAction] {
    guard phase != .ended else { return [] }
    switch event {
    case .begin: return phase == .ready ? begin() : []
    case .cannotBegin(let failure): return phase == .ready ? end(.failed(failure)) : []
    case .model(let event, let number):
      return number == response && phase == .streaming ? model(event) : []
    case .failed(let error, let number, let jitter):
      return number == response && phase == .streaming ? failed(error, jitter) : []
    case .retryDue(let number): return number == response && phase == .waiting ? tryAgain() : []
    case .toolFinished(let itemId, let output): return toolFinished(itemId, output)
    case .steer(let input): return steer(input)
    case .interrupt: return interrupt()
    case .graceOver: return phase == .stopping ? end(.interrupted) : []
    case .overfull(let number): return overfull(number)
    case .done: return phase == .ready ? end(.completed) : []
    case .compactOnly: return compactOnly()
    case .compacted(let end): return phase == .compacting ? compacted(end) : []
    case .note(let items):
      notes += items
      return []
    case .endChecked(let items): return phase == .checking ? endChecked(items) : []
    case .loopAnswered(let goOn):
      guard phase == .asking else { return [] }
      return goOn ? consumeSteers() + ask() : end(.interrupted)
    }
  }

  /// The model is known now; until then the turn collects what the user says.
  mutating func prepare(_ retry: RetryRules, access: @escaping @Sendable (ToolCall) -> ToolAccess?) {
    self.retry = retry
    self.access = access
  }

  // MARK: - Asking

  mutating func begin() -> [TurnAction] {
    open() + consumeSteers() + ask()
  }

  /// The context and the first message come before everything else, and once.
  private mutating func open() -> [TurnAction] {
    defer { isOpened = true }
    return isOpened ? [] : [.open]
  }

  mutating func ask() -> [TurnAction] {
    response += 1
    phase = .streaming
    return [.request(response: response)]
  }

  /// A wait is over: calls that were complete before the stream broke go along with their outputs (L3).
  private mutating func tryAgain() -> [TurnAction] {
    if calls.isEmpty { return consumeSteers() + ask() }
    phase = .tools
    return calls.allFinished ? takeOutputs() : []
  }

  mutating func consumeSteers() -> [TurnAction] {
    defer {
      steers = []
      notes = []
    }
    return notes.map(TurnAction.append)
      + steers.flatMap { input in [.consumed(input)] + input.items.map(TurnAction.append) }
  }

  // MARK: - Compaction

  private mutating func overfull(_ number: Int) -> [TurnAction] {
    if phase == .ready {
      afterCompaction = .begin
    } else if phase == .streaming, number == response {
      afterCompaction = .ask
    } else {
      return []
    }
    phase = .compacting
    return [.compact(.full)]
  }

  private mutating func compactOnly() -> [TurnAction] {
    guard phase == .ready else { return [] }
    isOpened = true
    afterCompaction = .end
    phase = .compacting
    return [.compact(.manual)]
  }

  private mutating func compacted(_ result: CompactionEnd) -> [TurnAction] {
    switch (afterCompaction, result) {
    case (.end, .replaced): return end(.completed)
    case (.end, .kept(let failure)), (_, .stillFull(let failure)): return end(.failed(failure))
    case (.resend(let failure), .kept): return end(.failed(failure))
    case (.begin, _): return begin()
    case (.ask, _), (.resend, .replaced): return consumeSteers() + ask()
    }
  }

  // MARK: - The stream

  private mutating func model(_ event: ModelEvent) -> [TurnAction] {
    let shown = streamed.apply(event, ids: &ids).map(TurnAction.show)
    switch event {
    case .itemDone(let item): return shown + done(item)
    case .completed(let usage):
      retry.succeeded()
      hasResent = false
      return shown + closeStream() + [.usage(usage)] + afterResponse()
    case .incomplete(let reason, let usage):
      retry.succeeded()
      return shown + [.usage(usage)] + incomplete(reason, outputTokens: usage?.output)
    default: return shown
    }
  }

  /// What is open when a response ends well was never confirmed by a done item; it was shown, so it stays.
  private mutating func closeStream() -> [TurnAction] {
    let partial = streamed.partialText
    if !partial.isEmpty { lastMessage = partial }
    let shown = streamed.cut().map(TurnAction.show)
    let held = heldReasoning.map(TurnAction.append)
    heldReasoning = []
    return shown + held + (partial.isEmpty ? [] : [.append(MessageItem.partialAssistant(partial))])
  }

  private mutating func done(_ item: JSONValue) -> [TurnAction] {
    if item["type"]?.stringValue == "reasoning" {
      heldReasoning.append(item)
      return []
    }
    var actions = (heldReasoning + [item]).map(TurnAction.append)
    heldReasoning = []
    if item["type"]?.stringValue == "message" { lastMessage = MessageItem.text(of: item) }
    guard let call = CallItem(item) else { return actions }
    let itemId = ids.unique(call.callId)
    switch call.input() {
    case .failure(let fault):
      let made = ToolCall(callId: call.callId, itemId: itemId, name: call.name, input: .text(call.raw))
      calls.add(call, call: made, answer: .text(fault.message, success: false))
      // No item shows it, so the user is told here what went wrong.
      actions.append(.warn("The model called \(call.name) with arguments that are no JSON; it was told so."))
    case .success(let input):
      let made = ToolCall(callId: call.callId, itemId: itemId, name: call.name, input: input)
      if let access = access(made) {
        calls.add(call, call: made, access: access)
      } else {
        calls.add(call, call: made, answer: .text("unsupported call: \(call.name)", success: false))
        actions.append(.warn("The model called \(call.name), which is no tool here; it was told so."))
      }
    }
    return actions + calls.startable().map(TurnAction.run)
  }

  /// L14: what a limit cut goes on where it stopped.
  private mutating func incomplete(_ reason: String, outputTokens: Int?) -> [TurnAction] {
    let closing = closeStream()
    if !calls.isEmpty { return closing + afterResponse() }
    guard ModelEvent.isLengthLimit(reason), cutAnswer.goesOn(after: lastMessage, tokens: outputTokens) else {
      let text =
        reason == "content_filter"
        ? "The provider's content filter ended the answer." : cutAnswer.fault(reason)
      return closing + end(.failed(TurnFailure(text, info: .other)))
    }
    lastMessage = ""
    return closing + [.append(MessageItem.ours(Self.cutNote))] + consumeSteers() + ask()
  }

  /// The response is over: wait for its calls, or go on, or end.
  private mutating func afterResponse() -> [TurnAction] {
    if !calls.isEmpty {
      _ = cutAnswer.take()
      phase = .tools
      return calls.allFinished ? takeOutputs() : []
    }
    if !steers.isEmpty {
      _ = cutAnswer.take()
      return consumeSteers() + ask()
    }
    return finishAnswer()
  }

  /// X6: an answer that does not follow the schema is sent back, twice at most.
  private mutating func finishAnswer() -> [TurnAction] {
    let text = cutAnswer.take() + lastMessage
    lastMessage = ""
    switch answer?.check(text) {
    case nil, .fits:
      guard checksEnd else { return end(.completed) }
      phase = .checking
      return [.checkEnd(answer: text)]
    case .repair(let note): return [.append(MessageItem.ours(note))] + ask()
    case .fail(let reason): return end(.failed(TurnFailure(reason)))
    }
  }

  private mutating func endChecked(_ items: [JSONValue]) -> [TurnAction] {
    guard items.isEmpty, steers.isEmpty else {
      return items.map(TurnAction.append) + consumeSteers() + ask()
    }
    return end(.completed)
  }

  private mutating func failed(_ error: ModelError, _ jitter: Double) -> [TurnAction] {
    // Half-streamed text was shown and stays on the screen, but the model will say it anew.
    let shown = streamed.cut().map(TurnAction.show)
    heldReasoning = []
    if mayCompact, !hasResent, calls.isEmpty, ContextOverflow.matches(error) {
      hasResent = true
      afterCompaction = .resend(ModelFailureText.failure(for: error))
      phase = .compacting
      return shown + [.compact(.overflow)]
    }
    switch retry.decide(error, jitter: jitter) {
    case .fail(let failure):
      return shown + end(.failed(failure))
    case .retry(let ms, let notice):
      // A complete call ran or runs: its output goes with the retry (L3). Either way the wait comes first.
      phase = .waiting
      return shown + [.wait(ms: ms, notice: notice, response: response)]
    }
  }

  // MARK: - Tools

  private mutating func toolFinished(_ itemId: String, _ output: ToolOutput) -> [TurnAction] {
    guard calls.finish(itemId: itemId, output) else { return [] }
    if phase == .stopping { return calls.running.isEmpty ? end(.interrupted) : [] }
    if output.interruptsTurn { return interrupt() }
    let started = calls.startable().map(TurnAction.run)
    return phase == .tools && calls.allFinished ? started + takeOutputs() : started
  }

  /// All calls are done: their outputs, in call order, then what the user said meanwhile, then the next request.
  private mutating func takeOutputs() -> [TurnAction] {
    let taken = calls.takeOutputs()
    var actions = taken.map { TurnAction.append($0.slot.item.output($0.output)) }
    for (slot, output) in taken where loop.note(slot.item, output) {
      phase = .asking
      actions.append(.askAboutLoop(tool: slot.item.name))
      return actions
    }
    return actions + consumeSteers() + ask()
  }

  // MARK: - The user

  private mutating func steer(_ input: SteeredInput) -> [TurnAction] {
    steers.append(input)
    // Calls are under way, or nothing streams: it waits for its place before the next request (L7).
    guard phase == .streaming, calls.isEmpty else { return [] }
    let partial = streamed.partialText
    let shown = streamed.cut().map(TurnAction.show)
    heldReasoning = []
    let kept: [TurnAction] = partial.isEmpty ? [] : [.append(MessageItem.partialAssistant(partial))]
    return [.cancelResponse] + shown + kept + consumeSteers() + ask()
  }

  private mutating func interrupt() -> [TurnAction] {
    guard phase != .stopping else { return [] }
    let partial = streamed.partialText
    var actions: [TurnAction] = phase == .streaming || phase == .compacting ? [.cancelResponse] : []
    actions += streamed.cut().map(TurnAction.show)
    heldReasoning = []
    if !partial.isEmpty { actions.append(.append(MessageItem.partialAssistant(partial))) }
    guard !calls.running.isEmpty else { return actions + end(.interrupted) }
    phase = .stopping
    return actions + [.cancelTools, .grace(ms: Self.graceMs)]
  }

  /// Closes the turn: nothing stays open, no call without output, no input lost.
  private mutating func end(_ outcome: TurnOutcome) -> [TurnAction] {
    var actions = open()
    if !calls.running.isEmpty, phase != .stopping { actions.append(.cancelTools) }
    // Nothing was asked of the model: there is nothing to tell it.
    let wasWork = phase == .compacting ? afterCompaction != .end : response > 0
    phase = .ended
    let why = outcome == .interrupted ? Self.aborted : "cancelled: the turn ended with an error"
    calls.finishRest(.text(why, success: false))
    actions += calls.takeOutputs().map { .append($0.slot.item.output($0.output)) }
    actions += notes.map(TurnAction.append)
    notes = []
    if outcome == .interrupted, wasWork { actions.append(.append(MessageItem.ours(Self.abortedNote))) }
    if !steers.isEmpty { actions.append(.putBack(steers)) }
    steers = []
    return actions + [.finish(outcome)]
  }
}
