import StetConfig
import StetJSON
import StetProtocol

/// `thread/shellCommand`: joins the running turn, or makes a turn of its own (protocol.md §4).
extension ThreadSession {
  func startShell(_ params: ThreadShellCommandParams, _ reply: @escaping AgentReply<EmptyResponse>) async {
    guard !isClosing else { return reply(.failure(.threadNotFound(id))) }
    guard !params.command.allSatisfy(\.isWhitespace) else {
      return reply(.failure(.invalidRequest("command must not be empty")))
    }
    guard !params.command.utf8.contains(0) else {
      return reply(.failure(.invalidRequest("command must not hold a NUL")))
    }
    while let turn = running, turn.machine.phase == .ended { await turnEnded() }
    if running != nil {
      feed.ordered { _, _ in reply(.success(EmptyResponse())) }
    } else {
      let turnId = ThreadIds.make(nowMs: nowMs())
      feed.beginTurn(turnId) { _ in reply(.success(EmptyResponse())) }
      journal.updateSummary { summary in
        summary.turns += 1
        summary.updatedAtMs = nowMs()
        summary.recencyAtMs = summary.updatedAtMs
      }
      running = running(turnId, .shell, nil)
    }
    runShell(params)
  }

  private func runShell(_ params: ThreadShellCommandParams) {
    guard let turn = running else { return }
    let itemId = ThreadIds.random()
    let shell = UserShell(
      command: params.command, timeoutMs: max(1, params.timeoutMs ?? UserShell.defaultTimeoutMs),
      itemId: itemId, context: shellContext(turn))
    running?.shells[itemId] = Task { [weak self] in
      let message = await shell.run()
      await self?.shellEnded(message, itemId, turn.id)
    }
  }

  /// The command needs no model: what it needs of one is taken from the configuration.
  func shellContext(_ turn: Running) -> ToolContext {
    if let model = turn.model { return context(turn, model) }
    let configuration = configuration()
    return context(
      turn, metadata(for: nil, configuration), secretNames: configuration?.secretNames ?? [])
  }

  /// What the command said goes into the history: now, or at the next place between two requests.
  private func shellEnded(_ message: JSONValue, _ itemId: String, _ turnId: String) {
    guard let turn = running, turn.id == turnId else { return tell(message) }
    running?.shells[itemId] = nil
    guard turn.machine.phase != .ended, turn.kind == .shell else { return tell(message) }
    facts == nil ? apply(.note([message])) : append(message)
    goOnAfterShells()
  }

  /// The turn ends with the last of its commands, unless the user spoke meanwhile. A new thread's context comes before
  /// everything else, and needs to know the model too.
  private func goOnAfterShells() {
    guard let turn = running, turn.shells.isEmpty, turn.preparation == nil else { return }
    if facts != nil {
      if turn.isInterrupted { return apply(.interrupt) }
      if turn.machine.steers.isEmpty { return apply(.done) }
    }
    let preparation = Task { await self.goOnWithModel(turn.id) }
    running?.preparation = preparation
    if turn.isInterrupted { preparation.cancel() }
  }

  /// The turn becomes one that asks the model, where there is something to ask.
  private func goOnWithModel(_ turnId: String) async {
    let model = await beginningModel()
    guard let turn = prepared(turnId, model) else { return }
    if facts == nil { appendContext(model) }
    // Another command of the user began meanwhile: its end comes here again.
    guard turn.shells.isEmpty else { return }
    if turn.isInterrupted { return apply(.interrupt) }
    if turn.machine.steers.isEmpty { return apply(.done) }
    var next = running(turn.id, .plain, model)
    next.machine.steers = turn.machine.steers
    next.machine.notes = turn.machine.notes
    next.steers = turn.steers
    next.opening = TurnStartParams(threadId: id, input: [])
    next.journal = turn.journal
    running = next
    ask(model)
  }

  /// Its turn is over: it goes to the turn that runs now, or straight into the history.
  private func tell(_ message: JSONValue) {
    // A reviewer has not asked for it.
    if let turn = running, turn.machine.phase != .ended, turn.kind != .review {
      apply(.note([message]))
    } else {
      appendToThread(message)
    }
  }

  /// Interrupts the running turn: its commands of the user end with it, and before it.
  func interruptRunning() {
    guard let turn = running, turn.machine.phase != .ended else { return }
    running?.isInterrupted = true
    for shell in turn.shells.values { shell.cancel() }
    // It ends as soon as what it waits for has let go.
    if let preparation = turn.preparation { return preparation.cancel() }
    // A turn that is only a command ends when the command has.
    if turn.kind != .shell || turn.shells.isEmpty { apply(.interrupt) }
  }

  /// What becomes of the user's commands when their turn ends: stopped ones are waited for, others go on under its id.
  func settleShells(_ turn: Running, _ outcome: TurnOutcome) async {
    for (itemId, shell) in running?.shells ?? [:] {
      if outcome == .interrupted {
        shell.cancel()
        await shell.value
      } else {
        feed.itemDetached(itemId)
      }
    }
  }
}
