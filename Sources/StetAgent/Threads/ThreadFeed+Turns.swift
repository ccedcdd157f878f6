import StetProtocol

extension ThreadFeed {
  /// Begins a turn: the reply, then `thread/status/changed`, then `turn/started` (protocol.md §4).
  ///
  /// - Parameter root: another turn that led to this one.
  func beginTurn(_ turnId: String, root: String? = nil, reply: (Turn) -> Void) {
    let now = clock.nowMs()
    state.withLock { state in
      var turn = TurnState(id: turnId, startedAtMs: now)
      turn.rootId = root
      journal.append(
        ThreadRecord.turnStarted,
        ThreadRecord.TurnStarted(turnId: turnId, startedAtMs: now, rootTurnId: root))
      state.turns.append(turn)
      state.active = turnId
      var answer = turn.wire(.notLoaded)
      answer.startedAt = nil
      reply(answer)
      setStatus(activeStatus(state), in: &state)
      turn.status = .inProgress
      sink.notify(
        .turnStarted(TurnStartedNotification(threadId: threadId, turn: turn.wire(.notLoaded))),
        thread: threadId)
    }
  }

  /// Ends the turn: closes what is open, makes the log durable, then status, error and `turn/completed` in the order
  /// of protocol.md §4; requests that nobody answered are resolved last.
  func endTurn(_ turnId: String, _ outcome: TurnOutcome, summary: StetTurnSummary?) {
    let now = clock.nowMs()
    let questions: [Question] = state.withLock { state in
      guard state.active == turnId, let index = state.turns.lastIndex(where: { $0.id == turnId }) else {
        return []
      }
      closeItems(of: index, in: &state)
      state.turns[index].status = outcome.status
      state.turns[index].completedAtMs = now
      state.turns[index].durationMs = max(0, now - state.turns[index].startedAtMs)
      state.turns[index].error = outcome.failure?.wire
      let turn = state.turns[index]
      journal.append(
        ThreadRecord.turnCompleted,
        ThreadRecord.TurnCompleted(
          turnId: turnId, status: turn.status, completedAtMs: now, durationMs: turn.durationMs,
          error: turn.error))
      return takeQuestions(in: &state)
    }
    for question in questions { question.continuation.resume(returning: .cancelled) }
    let readState = noteUnread(turnId)
    journal.sync()
    let tokens: [any PendingRequestToken] = state.withLock { state in
      guard state.active == turnId, let index = state.turns.lastIndex(where: { $0.id == turnId }) else {
        return []
      }
      state.active = nil
      if let failure = outcome.failure {
        setStatus(.systemError, in: &state)
        sink.notify(
          .error(
            ErrorNotification(error: failure.wire, willRetry: false, threadId: threadId, turnId: turnId)),
          thread: threadId)
        tell(readState)
      } else {
        tell(readState)
        setStatus(.idle, in: &state)
      }
      sink.notify(
        .turnCompleted(
          TurnCompletedNotification(threadId: threadId, turn: state.turns[index].completedWire, stet: summary)
        ),
        thread: threadId)
      defer { state.leftTokens = [] }
      return state.leftTokens
    }
    for token in tokens { token.resolve() }
  }

  /// Writes down that the turn brought something to read; nil when it did not, or when nothing is kept.
  private func noteUnread(_ turnId: String) -> ThreadReadState? {
    let isToBeRead = state.withLock { state in
      state.active == turnId && state.turns.last { $0.id == turnId }?.isToBeRead ?? false
    }
    guard isToBeRead, journal.path != nil else { return nil }
    journal.updateSummary { $0.noteUnread(turn: turnId) }
    return journal.summary?.readState
  }

  private func tell(_ readState: ThreadReadState?) {
    guard let readState else { return }
    sink.notify(
      .threadReadStateChanged(
        ThreadReadStateChangedNotification(threadId: threadId, readState: readState)), thread: threadId)
  }

  private func closeItems(of turn: Int, in state: inout State) {
    let left = state.open.filter { $0.value.turn == turn && !$0.value.detached }
      .sorted { $0.value.entry < $1.value.entry }
    for (_, open) in left {
      complete(state.turns[turn].entries[open.entry].item.cut, in: &state)
    }
  }
}

extension TurnOutcome {
  var status: TurnStatus {
    switch self {
    case .completed: .completed
    case .interrupted: .interrupted
    case .failed: .failed
    }
  }

  var failure: TurnFailure? {
    if case .failed(let failure) = self { failure } else { nil }
  }
}

extension ThreadItem {
  /// The item as it is closed when its turn ends before it does.
  var cut: ThreadItem {
    switch self {
    case .commandExecution(var item):
      if item.status == .inProgress { item.status = .failed }
      return .commandExecution(item)
    case .fileChange(var item):
      if item.status == .inProgress { item.status = .failed }
      return .fileChange(item)
    case .mcpToolCall(var item):
      if item.status == .inProgress { item.status = .failed }
      return .mcpToolCall(item)
    case .dynamicToolCall(var item):
      if item.status == .inProgress { item.status = .failed }
      return .dynamicToolCall(item)
    default: return self
    }
  }
}
