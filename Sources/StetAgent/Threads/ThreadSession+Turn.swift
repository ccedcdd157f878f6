import StetJSON
import StetProtocol

/// The calls of clients that concern a turn.
extension ThreadSession {
  /// `turn/start`: begins a turn; on a running one it is a steer and answers with that turn.
  ///
  /// - Parameter notes: items of the prompt for a turn that the thread's goal starts.
  func startTurn(
    _ params: TurnStartParams, notes: [JSONValue] = [], _ reply: @escaping AgentReply<TurnStartResponse>
  ) async {
    if let fault = Self.fault(params.input) { return reply(.failure(fault)) }
    guard unread == nil else { return reply(.failure(Self.promptUnread)) }
    while let turn = running, turn.machine.phase == .ended { await turnEnded() }
    if let turn = running {
      feed.ordered { turns, _ in
        let known = turns.last { $0.id == turn.id } ?? TurnState(id: turn.id, startedAtMs: nowMs())
        reply(.success(TurnStartResponse(turn: known.wire(.notLoaded))))
      }
      return steer(params.input, clientId: params.clientUserMessageId)
    }
    do {
      try applySettings(params)
    } catch {
      return reply(.failure(error))
    }
    let turnId = ThreadIds.make(nowMs: nowMs())
    feed.beginTurn(turnId) { reply(.success(TurnStartResponse(turn: $0))) }
    await begin(turnId, params, notes)
  }

  /// `turn/steer`.
  func steerTurn(_ params: TurnSteerParams, _ reply: AgentReply<TurnSteerResponse>) {
    if let fault = Self.fault(params.input) { return reply(.failure(fault)) }
    guard let turn = running, turn.machine.phase != .ended else { return reply(.failure(.noTurnToSteer)) }
    guard turn.id == params.expectedTurnId else {
      return reply(.failure(.unexpectedTurn(expected: params.expectedTurnId, found: turn.id)))
    }
    guard !params.input.isEmpty else { return reply(.failure(.invalidRequest("input must not be empty"))) }
    feed.ordered { _, _ in reply(.success(TurnSteerResponse(turnId: turn.id))) }
    steer(params.input, clientId: params.clientUserMessageId)
  }

  /// `turn/interrupt`: answered at once, before anything is ended (L6).
  func interruptTurn(_ params: TurnInterruptParams, _ reply: AgentReply<EmptyResponse>) {
    guard let turn = running, turn.machine.phase != .ended else { return reply(.failure(.noTurnToInterrupt)) }
    guard params.turnId.isEmpty || params.turnId == turn.id else {
      return reply(.failure(.unexpectedInterrupt(expected: params.turnId, found: turn.id)))
    }
    feed.ordered { _, _ in reply(.success(EmptyResponse())) }
    apply(.interrupt)
  }

  // MARK: - Parts

  private static func fault(_ input: [UserInput]) -> RPCError? {
    let count = UserInputItems.characters(input)
    return count > RPCError.maxInputCharacters ? .inputTooLarge(count) : nil
  }

  private func steer(_ input: [UserInput], clientId: String?) {
    guard let turn = running else { return }
    let key = ThreadIds.make(nowMs: nowMs())
    if !input.isEmpty {
      running?.steers[key] = .userMessage(UserMessageItem(id: key, clientId: clientId, content: input))
    }
    let item = UserInputItems.item(input, cwd: settings.cwd, images: turn.metadata.images)
    apply(.steer(SteeredInput(key: key, items: item.map { [$0] } ?? [])))
  }

  /// What follows the reply: context, the user's message, the first request. A turn that can't begin fails like any
  /// other, so the thread stays usable (L13).
  private func begin(_ turnId: String, _ params: TurnStartParams, _ notes: [JSONValue]) async {
    journal.updateSummary { summary in
      summary.turns += 1
      summary.updatedAtMs = nowMs()
      summary.recencyAtMs = summary.updatedAtMs
      if summary.preview.isEmpty { summary.preview = Self.preview(params.input) }
    }
    let configuration = configuration()
    let resolution = await resolve(configuration)
    let metadata = metadata(for: resolution.target, configuration)
    let tools = offeredTools(metadata)
    let named = Dictionary(tools.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let provider = resolution.target?.provider
    running = Running(
      id: turnId,
      machine: TurnMachine(
        ids: ItemIds(used: feed.usedIds, isStored: storedIds),
        retry: RetryRules(
          requestRetries: provider?.requestMaxRetries ?? 4, streamRetries: provider?.streamMaxRetries ?? 5),
        access: { named[$0.name]?.access(of: $0) }),
      journal: TurnJournal(feed: feed, turnId: turnId, root: settings.cwd, snapshots: snapshots),
      target: resolution.target
        ?? ModelTarget(provider: nil, providerId: settings.modelProvider, model: settings.model, apiKey: nil),
      metadata: metadata, tools: named, outputSchema: params.outputSchema)
    appendContext(metadata, tools: tools, configuration)
    if !params.input.isEmpty {
      let item = UserMessageItem(
        id: ThreadIds.make(nowMs: nowMs()), clientId: params.clientUserMessageId, content: params.input)
      feed.itemWhole(.userMessage(item), turn: turnId)
      UserInputItems.item(params.input, cwd: settings.cwd, images: metadata.images).map(append)
    }
    for note in notes { append(note) }
    running?.isForGoal = !notes.isEmpty
    goalSince = goal.isActive ? nowMs() : nil
    guard resolution.target != nil else {
      return fail(TurnFailure(resolution.problem ?? "No model is configured.", info: .other))
    }
    warnUnknownWindow(metadata)
    apply(.begin)
  }

  private static func preview(_ input: [UserInput]) -> String {
    // A list shows one line of it.
    String(UserInputItems.preview(input).prefix(500))
  }

  private func warnUnknownWindow(_ metadata: ModelMetadata) {
    guard metadata.contextWindow == nil, !warnedWindow, services.environment.modelClientOverride == nil else {
      return
    }
    warnedWindow = true
    feed.warn(
      "The context window of \(metadata.model) is not known; \(ModelMetadata.assumedWindow) tokens are assumed. "
        + "Set model_context_window in config.toml to the real number.")
  }
}
