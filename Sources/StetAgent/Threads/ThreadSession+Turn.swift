import StetConfig
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
    if let root = params.rootTurnId, root.utf8.count > Self.idLimit {
      return reply(.failure(.invalidRequest("rootTurnId is longer than \(Self.idLimit) bytes")))
    }
    guard unread == nil else { return reply(.failure(Self.promptUnread)) }
    let pictures = await pictures(params.input, cwd: params.cwd)
    // A turn that the user stopped takes nothing more: what comes behind the stop is a turn of its own.
    while let turn = running, turn.machine.phase == .ended || turn.isInterrupted { await turnEnded() }
    // It is being archived or deleted: what came in behind that finds no thread.
    guard !isClosing else { return reply(.failure(.threadNotFound(id))) }
    if let turn = running {
      if let kind = turn.kind.notSteerable { return reply(.failure(.notSteerable(kind))) }
      feed.ordered { turns, _ in
        let known = turns.last { $0.id == turn.id } ?? TurnState(id: turn.id, startedAtMs: nowMs())
        reply(.success(TurnStartResponse(turn: known.wire(.notLoaded))))
      }
      return steer(params.input, pictures, clientId: params.clientUserMessageId)
    }
    do {
      try applySettings(params)
    } catch {
      return reply(.failure(error))
    }
    let turnId = ThreadIds.make(nowMs: nowMs())
    feed.beginTurn(turnId, root: params.rootTurnId) { reply(.success(TurnStartResponse(turn: $0))) }
    begin(turnId, params, pictures, notes)
  }

  /// `turn/steer`.
  func steerTurn(_ params: TurnSteerParams, _ reply: AgentReply<TurnSteerResponse>) async {
    if let fault = Self.fault(params.input) { return reply(.failure(fault)) }
    let pictures = await pictures(params.input, cwd: nil)
    guard let turn = running, turn.machine.phase != .ended else { return reply(.failure(.noTurnToSteer)) }
    guard turn.id == params.expectedTurnId else {
      return reply(.failure(.unexpectedTurn(expected: params.expectedTurnId, found: turn.id)))
    }
    guard !params.input.isEmpty else { return reply(.failure(.invalidRequest("input must not be empty"))) }
    if let kind = turn.kind.notSteerable { return reply(.failure(.notSteerable(kind))) }
    feed.ordered { _, _ in reply(.success(TurnSteerResponse(turnId: turn.id))) }
    steer(params.input, pictures, clientId: params.clientUserMessageId)
  }

  /// `turn/interrupt`: answered at once, before anything is ended (L6).
  func interruptTurn(_ params: TurnInterruptParams, _ reply: AgentReply<EmptyResponse>) {
    guard let turn = running, turn.machine.phase != .ended else { return reply(.failure(.noTurnToInterrupt)) }
    guard params.turnId.isEmpty || params.turnId == turn.id else {
      return reply(.failure(.unexpectedInterrupt(expected: params.turnId, found: turn.id)))
    }
    feed.ordered { _, _ in reply(.success(EmptyResponse())) }
    interruptRunning()
  }

  // MARK: - Parts

  /// Bytes of an id of a client's own: a UUID has 36.
  private static let idLimit = 256

  private static func fault(_ input: [UserInput]) -> RPCError? {
    let count = UserInputItems.characters(input)
    return count > RPCError.maxInputCharacters ? .inputTooLarge(count) : nil
  }

  private func pictures(_ input: [UserInput], cwd: String?) async -> InputPictures {
    guard InputPictures.any(in: input) else { return .none }
    return await InputPictures.read(input, cwd: cwd ?? settings.cwd)
  }

  /// Steers that wait for hooks at once: more than anybody types while a program runs.
  private static let judgingLimit = 32

  /// Hooks see a message before the model does; beside the clients' calls, one message after the other.
  private func steer(_ input: [UserInput], _ pictures: InputPictures, clientId: String?) {
    guard let turn = running else { return }
    let hooks = hookRunner(turn: turn.id)
    guard !input.isEmpty, turn.kind != .review, hooks.has(.userPromptSubmit) else {
      return take(input, pictures, clientId: clientId)
    }
    // Each may hold a megabyte, and the hook before it an hour: what is more waits without being looked at, as a message
    // of its own.
    guard judgingCount < Self.judgingLimit else {
      feed.warn("\(Self.judgingLimit) messages wait for the UserPromptSubmit hooks; this one is queued.")
      return keep(input, clientId: clientId)
    }
    judgingCount += 1
    judging = Task { [before = judging] in
      defer { self.judgingCount -= 1 }
      await withTaskCancellationHandler {
        await before?.value
      } onCancel: {
        before?.cancel()
      }
      let opening = await self.judge(input, hooks)
      if let refusal = opening.refusal { return feed.warn(refusal) }
      // Nobody said yes to it: it waits, and is looked at again.
      if opening.isWithheld { return self.keep(input, clientId: clientId) }
      self.take(input, pictures, clientId: clientId, context: opening.items, of: turn.id)
    }
  }

  /// - Parameters:
  ///   - context: what hooks say to it.
  ///   - turnId: the turn that it is for; when that is over the message waits for one of its own.
  private func take(
    _ input: [UserInput], _ pictures: InputPictures, clientId: String?, context: [JSONValue] = [],
    of turnId: String? = nil
  ) {
    guard let turn = running, turnId == nil || turn.id == turnId, turn.machine.phase != .ended else {
      return keep(input, clientId: clientId)
    }
    let key = ThreadIds.make(nowMs: nowMs())
    if !input.isEmpty {
      running?.steers[key] = .userMessage(UserMessageItem(id: key, clientId: clientId, content: input))
    }
    let images = turn.model?.metadata.images ?? true
    let items = UserInputItems.items(
      input + SkillText.mentioned(in: input, skills), pictures, cwd: settings.cwd, images: images)
    apply(.steer(SteeredInput(key: key, items: items + context)))
  }

  /// What follows the reply. What the turn needs is found beside the clients' calls: a server that is silent keeps no
  /// interrupt waiting (L6).
  private func begin(
    _ turnId: String, _ params: TurnStartParams, _ pictures: InputPictures, _ notes: [JSONValue]
  ) {
    journal.updateSummary { summary in
      summary.turns += 1
      summary.updatedAtMs = nowMs()
      summary.recencyAtMs = summary.updatedAtMs
      if summary.preview.isEmpty { summary.preview = Self.preview(params.input) }
    }
    running = running(turnId, .plain, nil)
    running?.opening = params
    running?.pictures = pictures
    running?.openingNotes = notes
    running?.serviceTier = params.serviceTierForTurn
    running?.isForGoal = !notes.isEmpty
    goalSince = goal.isActive ? nowMs() : nil
    running?.preparation = Task { await self.prepare(turnId) }
  }

  /// Context, the user's message and the first request follow. A turn that can't begin fails like any other, so the
  /// thread stays usable (L13); one that was interrupted ends, and its message stays.
  private func prepare(_ turnId: String) async {
    let model = await beginningModel()
    await unseal(for: model.target)
    let missing = await mcp.missingRequired()
    guard let begun = running, begun.id == turnId else { return }
    let opening = await openingHooks(turnId, begun.opening?.input ?? [])
    guard let turn = prepared(turnId, model) else { return }
    running?.machine.checksEnd = hookRunner(turn: turnId).has(.stop)
    running?.isWithheld = opening.isWithheld
    running?.openingNotes += opening.items
    takeSchema(turn.opening?.outputSchema, model)
    if let problem = missing ?? opening.refusal { return ask(model, unless: TurnFailure(problem)) }
    ask(model)
    // While the model thinks: the request itself waits for nothing that only a command needs.
    if !settings.sandboxPolicy.isReadOnly { snapshots.prepare() }
  }

  /// What a turn waited for before it could begin is known; nil when that turn is not the one that runs any more.
  func prepared(_ turnId: String, _ model: TurnModel) -> Running? {
    guard let turn = running, turn.id == turnId, turn.machine.phase != .ended else { return nil }
    running?.preparation = nil
    running?.model = model
    running?.machine.prepare(model.retry(isHeadless: services.environment.isHeadless), access: model.access)
    return turn
  }

  /// The first request of the running turn, if it may be made.
  func ask(_ model: TurnModel, unless failure: TurnFailure? = nil) {
    if running?.isInterrupted == true { return apply(.interrupt) }
    guard model.resolution.target != nil else {
      return apply(
        .cannotBegin(TurnFailure(model.resolution.problem ?? "No model is configured.", info: .other)))
    }
    if let failure { return apply(.cannotBegin(failure)) }
    warnUnknownWindow(model)
    apply(isOverfull ? .overfull(response: 0) : .begin)
  }

  /// The model of a turn that begins. What the turn may use beside it is read and started here, and only here: between
  /// two turns, and for questions beside a running one, it stays what it was.
  ///
  /// - Parameter name: another model of the same provider.
  func beginningModel(named name: String? = nil) async -> TurnModel {
    let configuration = configuration()
    loadHooks(configuration)
    await loadSkills(configuration)
    await startServers()
    if prompt.tools == nil { await mcp.settled(withinMs: MCPHost.patienceMs) }
    (mcpTools, startingServers) = await mcp.tools()
    return await turnModel(configuration, named: name)
  }

  /// The model of the settings, as the configuration is now. Changes nothing of the thread.
  func turnModel() async -> TurnModel { await turnModel(configuration(), named: nil) }

  private func turnModel(_ configuration: Configuration?, named name: String?) async -> TurnModel {
    var resolution = await resolve(configuration)
    if let name, !name.isEmpty { resolution.target?.model = name }
    let metadata = await measured(
      metadata(for: resolution.target, configuration), resolution.target, configuration)
    return TurnModel(
      resolution: resolution,
      target: resolution.target
        ?? ModelTarget(provider: nil, providerId: settings.modelProvider, model: settings.model, apiKey: nil),
      metadata: metadata, configuration: configuration, list: await offeredTools(metadata, configuration),
      further: MCPOffer.callable(await mcp.known()))
  }

  func running(_ turnId: String, _ kind: Running.Kind, _ model: TurnModel?) -> Running {
    var machine = TurnMachine(
      ids: ItemIds(used: feed.usedIds, isStored: storedIds), mayCompact: kind == .plain, access: { _ in nil })
    if let model {
      machine.prepare(model.retry(isHeadless: services.environment.isHeadless), access: model.access)
    }
    return Running(
      id: turnId, kind: kind, machine: machine,
      journal: TurnJournal(feed: feed, turnId: turnId, root: settings.cwd, snapshots: snapshots),
      model: model)
  }

  /// The context, or what changed of it, and the message that the turn begins with.
  func openTurn() {
    guard let turn = running, let params = turn.opening, let model = turn.model else { return }
    running?.opening = nil
    appendContext(model)
    announceTools()
    appendExtras(params, turn, model)
    if !params.input.isEmpty {
      let item = UserMessageItem(
        id: ThreadIds.make(nowMs: nowMs()), clientId: params.clientUserMessageId, content: params.input)
      feed.itemWhole(.userMessage(item), turn: turn.id)
      let items = UserInputItems.items(
        params.input + SkillText.mentioned(in: params.input, skills), turn.pictures, cwd: settings.cwd,
        images: model.metadata.images)
      if !turn.isWithheld { for item in items { append(item) } }
    }
    if let check = turn.machine.answer, !check.isParameter { append(MessageItem.ours(check.instruction)) }
    for note in turn.openingNotes { append(note) }
    startedQueued()
  }

  private static func preview(_ input: [UserInput]) -> String {
    // A list shows one line of it.
    String(UserInputItems.preview(input).prefix(500))
  }
}
