import StetJSON
import StetProtocol

/// Compaction: when it is due, `thread/compact/start`, and how it goes (agent-core.md §3).
extension ThreadSession {
  /// Tokens that masking alone has to win to be worth the broken prefix cache (C5).
  static let maskWorth = 20_000
  /// How often a summary is asked for when it is no use (C3).
  private static let summaryTries = 2
  /// Characters of a user's wish for the summary: a wish, not a document.
  private static let wishLimit = 8_000

  /// `thread/compact/start`: a running turn is interrupted; then a turn of its own (C11).
  ///
  /// - Parameter wish: what the summary is to hold above all.
  func startCompaction(_ wish: String?, _ reply: @escaping AgentReply<EmptyResponse>) async {
    guard !isClosing else { return reply(.failure(.threadNotFound(id))) }
    if let count = wish?.count, count > Self.wishLimit {
      return reply(
        .failure(.invalidRequest("stetInstructions has \(count) characters; \(Self.wishLimit) is the limit")))
    }
    await interruptAndWait()
    guard !isClosing else { return reply(.failure(.threadNotFound(id))) }
    let turnId = ThreadIds.make(nowMs: nowMs())
    feed.beginTurn(turnId) { _ in reply(.success(EmptyResponse())) }
    running = running(turnId, .compaction, nil)
    running?.compactInstructions = wish
    running?.preparation = Task { await self.prepareCompaction(turnId) }
  }

  private func prepareCompaction(_ turnId: String) async {
    let model = await beginningModel()
    await unseal(for: model.target)
    guard let turn = prepared(turnId, model) else { return }
    apply(turn.isInterrupted ? .interrupt : .compactOnly)
  }

  /// Ends a running turn for a call that can't wait for it (protocol.md §4).
  func interruptAndWait() async {
    interruptRunning()
    await turnEnded()
  }

  /// Whether the prompt has to shrink before it is sent (C1). Never twice without a new item between.
  var isOverfull: Bool {
    guard let turn = running, turn.kind == .plain, let model = turn.model, !turn.compactionFailed,
      prompt.freshItems > 0
    else { return false }
    let tokens = meter.tokens(prompt)
    if tokens >= model.limits.trigger {
      return compactionPause.isOver(at: tokens, window: model.limits.window)
        && Compactor(prompt.values, limits: model.limits).hasMaterial
    }
    return prompt.images > ImageMask.most && ImageMask(prompt.values, file: { _ in nil }).count > 0
  }

  /// Begins a compaction; it comes back with `.compacted`.
  func compact(_ reason: CompactionReason, _ turn: Running) {
    guard let model = turn.model else { return }
    let item = ThreadItem.contextCompaction(ContextCompactionItem(id: ThreadIds.make(nowMs: nowMs())))
    feed.itemStarted(item, turn: turn.id)
    feed.repeatUsage(turn: turn.id)
    let work = Compactor(prompt.values, limits: model.limits)
    // What comes into the prompt meanwhile stays behind the new window.
    let count = prompt.items.count
    running?.response = Task { [weak self] in
      let result = await self?.shorten(work, reason, model, turn.id)
      guard let result, !Task.isCancelled else { return }
      await self?.finishCompaction(result, count: count, item, reason, turn.id)
    }
  }

  // MARK: - The work

  /// What a compaction found.
  private enum Shortened: Sendable {
    case window(items: [JSONValue], facts: PromptFacts, sealedFor: String?)
    /// Only old outputs were emptied; `why` says why there is no summary, where one was wanted.
    case masked([JSONValue], why: String?)
    case failed(TurnFailure)
  }

  private func shorten(
    _ work: Compactor, _ reason: CompactionReason, _ model: TurnModel, _ turnId: String
  ) async -> Shortened {
    guard let target = model.resolution.target else {
      return .failed(TurnFailure(model.resolution.problem ?? "No model is configured."))
    }
    if reason == .full, meter.tokens(prompt) < model.limits.trigger {
      // Only the pictures are too many (C10).
      return .masked(ImageMask(work.items, file: outputs.keep).items, why: nil)
    }
    guard work.hasMaterial else {
      if reason == .manual { return .masked(work.items, why: nil) }
      return .failed(TurnFailure("There is nothing that a summary could replace."))
    }
    if let failure = await preCompactHooks(reason, turnId) { return .failed(failure) }
    let masked = work.masked
    let won = meter.tokens(weight: masked.won)
    if reason == .full, won >= Self.maskWorth, meter.tokens(prompt) - won < model.limits.trigger {
      return .masked(masked.items, why: nil)
    }
    if model.metadata.flags.remoteCompaction, running?.compactInstructions == nil {
      switch await compactRemotely(work, target, model, turnId) {
      case .success(let item):
        let layers = freshLayers(model)
        return .window(
          items: work.window(layers: layers.items, sealed: item), facts: layers.facts, sealedFor: target.seal)
      case .failure(let failure):
        if Task.isCancelled { return .failed(failure) }
        feed.warn("\(failure.message) The history is summarised by the model instead.")
      }
    }
    // The prefix that the provider has cached, unless it was refused as too long (C2).
    var source = reason == .overflow && masked.won > 0 ? masked.items : work.items
    var fault = ""
    for _ in 0..<Self.summaryTries {
      switch await summarise(&source, work, target, model, turnId) {
      case .failure(let failure): return .failed(failure)
      case .success(let answer):
        guard let problem = SummaryCheck.fault(answer, replacedBytes: work.replacedBytes) else {
          let layers = freshLayers(model)
          let items = work.window(
            layers: layers.items, summary: answer.text, isMidTurn: isMidTurn,
            state: stateLines(await storedChanges()))
          return .window(items: items, facts: layers.facts, sealedFor: nil)
        }
        fault = problem
      }
    }
    guard masked.won > 0 else {
      return .failed(TurnFailure("The history could not be summarised: \(fault). It is as it was."))
    }
    return .masked(masked.items, why: fault)
  }

  /// The last user message is being worked on.
  private var isMidTurn: Bool { running?.kind == .plain && running?.opening == nil }

  private func finishCompaction(
    _ result: Shortened, count: Int, _ item: ThreadItem, _ reason: CompactionReason, _ turnId: String
  ) {
    guard let turn = running, turn.id == turnId, let model = turn.model else { return }
    switch result {
    case .failed(let failure):
      feed.itemCompleted(item)
      running?.compactionFailed = true
      pauseCompaction(model)
      if reason == .full { feed.warn("\(failure.message) The turn goes on with the whole history.") }
      apply(.compacted(.kept(failure)))
    case .window(let items, let facts, let seal):
      adopt(items, count: count, sealedFor: seal)
      compactionPause = CompactionPause()
      compactedHooks(reason, turnId)
      keep(facts)
      // What was announced went with the history.
      announcedTools = ThreadRecord.Announced()
      announceTools()
      settle(item, turn, model, warning: CompactionTexts.hint)
      apply(.compacted(end(model, reason)))
    case .masked(let items, let why):
      if items != prompt.values.prefix(count).map({ $0 }) {
        adopt(items, count: count, sealedFor: sealedFor)
        if !announcedTools.isEmpty {
          journal.append(ThreadRecord.announced, announcedTools)
        }
      }
      let text = why.map {
        "There is no summary: \($0). The outputs of old tool calls were taken out instead."
      }
      settle(item, turn, model, warning: text)
      if why != nil { pauseCompaction(model) }
      apply(.compacted(end(model, reason)))
    }
  }

  private func pauseCompaction(_ model: TurnModel) {
    compactionPause.failed(at: meter.tokens(prompt), window: model.limits.window)
  }

  /// The new window takes the place of the first `count` items.
  private func adopt(_ items: [JSONValue], count: Int, sealedFor: String?) {
    let late = prompt.values.dropFirst(count)
    former = FormerPrompt(
      items: Array(prompt.items.prefix(count)), window: items.count, facts: facts, announced: announcedTools)
    self.sealedFor = sealedFor
    prompt.replace(items + late)
    meter.forget()
    sentContext = [:]
    journal.append(
      ThreadRecord.compacted, ThreadRecord.Compacted(items: items + late, sealedFor: sealedFor))
    repeatReviews()
    journal.sync()
  }

  private func settle(_ item: ThreadItem, _ turn: Running, _ model: TurnModel, warning: String?) {
    var last = TokenUsageBreakdown.zero
    last.totalTokens = meter.tokens(prompt)
    feed.usage(
      ThreadTokenUsage(
        total: total, last: last, modelContextWindow: model.metadata.contextWindow, stet: spent.wire),
      turn: turn.id, context: contextUse(model.limits))
    feed.itemCompleted(item)
    if let warning { feed.warn(warning) }
  }

  /// C1: what is still too long can't go on; a refused prompt is tried whatever the estimate says (L10).
  private func end(_ model: TurnModel, _ reason: CompactionReason) -> CompactionEnd {
    let tokens = meter.tokens(prompt)
    guard reason == .full, tokens >= model.limits.trigger else { return .replaced }
    return .stillFull(
      TurnFailure(
        "Even the compacted conversation takes about \(tokens) of the \(model.metadata.window) tokens of the window. "
          + "Start a new thread, or go on with a model that has a larger window.",
        info: .contextWindowExceeded))
  }

  // MARK: - State

  /// Files of which the state has a line.
  private static let stateFiles = 40

  /// Files that were changed before this process, newest first.
  private func storedChanges() async -> [String] {
    guard let view = feed.history.stored else { return [] }
    do {
      return try await services.historyThread.run { [histories = services.histories] in
        try histories.reader(view).changedFiles(Self.stateFiles)
      }
    } catch {
      feed.warn("The files that were changed earlier can't be read from the log: \(error)")
      return []
    }
  }

  /// What stet knows without the model: files, commands that run (C4). The plan's call is kept itself.
  private func stateLines(_ earlier: [String]) -> [String] {
    var lines: [String] = []
    let own = feed.changedFiles(Self.stateFiles)
    let changed = Array((own + earlier.filter { !own.contains($0) }).prefix(Self.stateFiles))
    if !changed.isEmpty { lines.append("- Files changed in this thread: \(changed.joined(separator: ", "))") }
    let read = files.recent(Self.stateFiles).filter { !changed.contains($0) }
    if !read.isEmpty { lines.append("- Files read: \(read.joined(separator: ", "))") }
    for process in processes.all {
      lines.append(
        "- Command with session ID \(process.processId) runs in \(process.cwd): \(process.command)")
    }
    return lines
  }
}
