import StetJSON
import StetProtocol

/// Performs what the turn machine decides. Nothing here waits: what takes time runs in a task that comes back with
/// an event.
extension ThreadSession {
  func apply(_ event: TurnEvent) {
    guard let actions = running?.machine.apply(event) else { return }
    for action in actions { perform(action) }
  }

  /// The same for what comes from a task of a turn: it may come late, when the next turn runs, whose responses and
  /// calls are numbered from the beginning again.
  func apply(_ event: TurnEvent, of turn: String) {
    if running?.id == turn { apply(event) }
  }

  /// Appends an item to the prompt and to the log.
  ///
  /// A review has a prompt of its own, which ends with it.
  func append(_ value: JSONValue) {
    if let review = running?.review {
      let noted = review.prompt.noted(value, origin: running?.model?.target.origin)
      running?.review?.prompt.append(noted)
    } else {
      appendToThread(value)
    }
  }

  /// Appends an item to the thread's own prompt, whatever runs.
  func appendToThread(_ value: JSONValue) {
    let value = prompt.noted(value, origin: running?.model?.target.origin)
    prompt.append(value)
    journal.append(ThreadRecord.prompt, value)
  }

  // MARK: - Actions

  private func perform(_ action: TurnAction) {
    guard let turn = running else { return }
    switch action {
    case .open: openTurn()
    case .compact(let reason): compact(reason, turn)
    case .request(let number):
      if isOverfull { apply(.overfull(response: number)) } else { request(number, turn) }
    case .cancelResponse: turn.response?.cancel()
    case .show(let event): show(event, turn: turn.id)
    case .append(let value): append(value)
    case .run(let call): run(call, turn)
    case .cancelTools: for task in turn.toolTasks.values { task.cancel() }
    case .consumed(let input):
      if let item = running?.steers.removeValue(forKey: input.key) { feed.itemWhole(item, turn: turn.id) }
    case .usage(let usage): if let usage { note(usage, turn) }
    case .wait(let ms, let notice, let number):
      if let notice { feed.retrying(notice, afterMs: ms, turn: turn.id) }
      later(ms, .retryDue(response: number), of: turn.id)
    case .grace(let ms): later(ms, .graceOver, of: turn.id)
    case .askAboutLoop(let tool): askAboutLoop(tool, turn)
    case .putBack(let inputs): putBack(inputs.map(\.key))
    case .checkEnd(let answer): checkEnd(answer, turn)
    case .warn(let message): feed.warn(message)
    case .finish(let outcome): finish(outcome)
    }
  }

  private func request(_ number: Int, _ turn: Running) {
    guard let model = turn.model else { return }
    takeInjected()
    if turn.review == nil { self.prompt.sent() } else { running?.review?.prompt.sent() }
    let prompt = turn.review?.prompt ?? prompt
    var request = ModelRequest(
      threadId: id, turnId: turn.id, model: model.target.model, provider: model.target.provider,
      apiKey: model.target.apiKey, input: prompt.items, tools: prompt.tools ?? .none, effort: settings.effort,
      summary: settings.summary, outputSchema: turn.outputSchema,
      parallelToolCalls: model.metadata.parallelCalls,
      cacheKey: turn.review == nil ? meta.rootId : turn.id)
    request.serviceTier = turn.serviceTier ?? settings.serviceTier
    if turn.review == nil {
      cache.sends(
        CacheWatch.Request(
          provider: model.target.providerId, model: model.target.model, tools: request.tools.bytes,
          items: request.input))
    }
    running?.requestWeight = prompt.weight + (prompt.tools?.bytes.count ?? 0)
    let client = services.modelClient()
    let jitter = services.clock.jitter()
    let expectation = cut.expect(
      prompt.items, tools: prompt.tools?.bytes.count ?? 0, model.target, window: model.toldWindow)
    running?.expectation = expectation
    running?.response = Task { [weak self, request] in
      do {
        for try await event in client.stream(request) {
          if let fault = PromptCut.fault(event, expectation) {
            await self?.promptWasCut(fault, event, response: number, of: turn.id)
            return
          }
          if case .served(let name) = event { await self?.noteServed(name, for: request.model) }
          await self?.apply(.model(event, response: number), of: turn.id)
        }
        // Nothing happens here after a whole response: the machine has gone on.
        let cut = ModelError(.cut, message: "The model server ended the answer before it was complete.")
        await self?.apply(.failed(cut, response: number, jitter: jitter), of: turn.id)
      } catch is CancellationError {
        return  // whoever cancelled has gone on
      } catch {
        let known = error as? ModelError ?? ModelError(.cut, message: "\(error)")
        await self?.apply(.failed(known, response: number, jitter: jitter), of: turn.id)
      }
    }
  }

  /// Says once that a provider answers with another model than it was asked for.
  ///
  /// As a warning and never as `model/rerouted`: the one reason that the protocol has for it, `highRiskCyberActivity`, is
  /// the verdict of one maker's backend on its user, which no answer of a model carries. Said of any other provider it
  /// would be a false charge.
  private func noteServed(_ name: String, for asked: String) {
    guard ServedModel.isAnother(name, than: asked), reroutes.insert("\(asked) \(name)").inserted else {
      return
    }
    feed.warn("\(asked) was asked for, and the provider answers with \(name).")
  }

  private func run(_ call: ToolCall, _ turn: Running) {
    guard let model = turn.model, let tool = model.tools[call.name] else {
      return apply(
        .toolFinished(itemId: call.itemId, .text("unsupported call: \(call.name)", success: false)))
    }
    running?.madeCalls = true
    let hooked = HookedCall(
      hooks: hookRunner(turn: turn.id), tool: tool, call: call, context: context(turn, model))
    running?.toolTasks[call.itemId] = Task { [weak self] in
      let before = await turn.journal.writes
      let made = await hooked.run()
      let output = await PromptImage.fitted(made, seesImages: model.metadata.images)
      if await turn.journal.writes == before { await turn.journal.repeatDiff() }
      await self?.finished(call, output, turn.id)
    }
  }

  private func finished(_ call: ToolCall, _ output: ToolOutput, _ turn: String) {
    guard running?.id == turn else { return }
    running?.toolTasks[call.itemId] = nil
    apply(.toolFinished(itemId: call.itemId, output))
  }

  func context(_ turn: Running, _ model: TurnModel) -> ToolContext {
    var context = context(turn, model.metadata, secretNames: secretNames(model))
    context.shellEnvironment = model.configuration?.shellEnvironment
    context.autoReview = autoReview(turn, model)
    return context
  }

  func context(_ turn: Running, _ metadata: ModelMetadata, secretNames: Set<String>) -> ToolContext {
    ToolContext(
      threadId: id, turnId: turn.id, settings: turn.review?.settings ?? settings, model: metadata,
      home: services.environment.home,
      processEnvironment: services.environment.processEnvironment,
      secretNames: secretNames,
      items: ItemReporter(feed: feed, turnId: turn.id), approvals: ApprovalDesk(feed: feed, turnId: turn.id),
      files: files, changes: ChangeRecorder(journal: turn.journal), processes: processes, outputs: outputs,
      plan: PlanBoard(feed: feed, turnId: turn.id), threadMemory: threadMemory,
      processMemory: services.processMemory, log: services.environment.log)
  }

  private func later(_ ms: Int, _ event: TurnEvent, of turn: String) {
    let clock = services.clock
    running?.timers.append(
      Task { [weak self] in
        await clock.sleep(ms)
        if !Task.isCancelled { await self?.apply(event, of: turn) }
      })
  }

  private func note(_ usage: ModelUsage, _ turn: Running) {
    chargeGoal(usage)
    var context: StetContextUse?
    if turn.review == nil {
      meter.note(usage, requestWeight: turn.requestWeight, weight: prompt.weight)
      let cached = cache.note(usage)
      if let cached { logCache(cached) }
      context = turn.model.map { contextUse($0.limits, cache: cached) }
    }
    if let expectation = turn.expectation { cut.note(usage, expectation) }
    count(usage, turn.model, turn.id, context: context, ratio: turn.review == nil ? meter.ratio : nil)
  }

  /// L12: the same call again and again; the user decides whether it goes on.
  private func askAboutLoop(_ tool: String, _ turn: Running) {
    let question = ToolRequestUserInputQuestion(
      id: "continue", header: "Loop",
      question:
        "The model called \(tool) \(TurnMachine.loopLimit) times in a row with the same result. Go on?",
      options: [
        ToolRequestUserInputOption(label: "Stop", description: "End the turn"),
        ToolRequestUserInputOption(label: "Go on", description: "Let the model try further"),
      ])
    let request = ServerRequest.toolRequestUserInput(
      ToolRequestUserInputParams(
        threadId: id, turnId: turn.id, itemId: "\(turn.id)-loop", questions: [question], isBlocking: true))
    running?.timers.append(
      Task { [weak self, feed] in
        let answer = await feed.ask(
          request, turn: turn.id, waiting: .userInput, startItem: nil, beforeClear: nil)
        guard case .answered(let value) = answer else {
          if case .failed = answer { await self?.apply(.loopAnswered(goOn: false), of: turn.id) }
          return
        }
        let words = value["answers"]?["continue"]?["answers"]?.arrayValue ?? []
        let goOn = words.contains { $0.stringValue == "Go on" }
        await self?.apply(.loopAnswered(goOn: goOn), of: turn.id)
      })
  }

  // MARK: - The end

  private func finish(_ outcome: TurnOutcome) {
    guard let turn = running else { return }
    turn.response?.cancel()
    for task in turn.toolTasks.values { task.cancel() }
    for timer in turn.timers { timer.cancel() }
    finishReview(outcome, turn)
    takeInjected()
    Task { await self.end(turn, outcome) }
  }

  private func end(_ turn: Running, _ outcome: TurnOutcome) async {
    await settleShells(turn, outcome)
    // Who interrupts waits for no look at files.
    let sweep = protectedSweep
    if outcome == .interrupted { Task { await sweep.running() } } else { await sweep.running() }
    let summary = await turn.journal.finish()
    await settleReviews()
    if summary.filesChanged > 0 { await openTurnReview(turn) }
    // From here on nothing waits: who decides later finds no turn running, and waits for none.
    while openReviews.hasQueued { await settleReviews() }
    let seen = files.takeChanges()
    if !seen.isEmpty { journal.append(ThreadRecord.seen, ThreadRecord.Seen(files: seen)) }
    let counts = await turn.journal.counts
    journal.updateSummary { $0.note(counts, nowMs: nowMs()) }
    feed.endTurn(turn.id, outcome, summary: summary)
    if outcome == .completed, turn.kind == .plain { notifyOfTurn(turn) }
    if outcome == .interrupted, turn.isInterrupted, !isClosing { interruptHooks(turn) }
    clearTurn()
    turnIsOver(turn, outcome)
  }
}
