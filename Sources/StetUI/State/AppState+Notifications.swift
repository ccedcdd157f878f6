import StetProtocol

/// What the server tells. Messages of other threads are not ours to show.
extension AppState {
  mutating func receive(_ notification: ServerNotification) {
    switch notification {
    case .turnStarted(let note) where isOurs(note.threadId): started(note.turn)
    case .turnCompleted(let note) where isOurs(note.threadId): completed(note)
    case .itemStarted(let note) where isOurs(note.threadId):
      noteArrival(note.item)
      transcript.start(note.item, turnId: note.turnId, now: now)
    case .itemCompleted(let note) where isOurs(note.threadId):
      noteArrival(note.item)
      transcript.complete(note.item, turnId: note.turnId, now: now)
    case .turnDiffUpdated(let note) where isOurs(note.threadId): turnDiff = note.diff
    case .turnPlanUpdated(let note) where isOurs(note.threadId): transcript.setPlan(note, now: now)
    case .threadTokenUsageUpdated(let note) where isOurs(note.threadId): noteUsage(note)
    case .threadNameUpdated(let note) where isOurs(note.threadId): thread?.name = note.threadName
    case .threadSettingsUpdated(let note) where isOurs(note.threadId): apply(note.threadSettings)
    case .serverRequestResolved(let note): resolved(note.requestId)
    case .mcpServerStatusUpdated(let note) where note.threadId.map(isOurs) ?? true: noteServers()
    case .stetReviewChanged(let note) where isOurs(note.threadId): noteReview(note)
    case .threadQueueChanged(let note) where isOurs(note.threadId):
      emit(.send(.threadQueueList(.init(threadId: note.threadId)), .queueList))
    default: receiveDelta(notification)
    }
  }

  /// Requests that `/status` shows.
  private static let requestsShown = 5

  private mutating func noteUsage(_ note: ThreadTokenUsageUpdatedNotification) {
    noteTurnUse(note)
    usage = note.tokenUsage
    if let stet = note.stet { context = stet }
    // What follows a compaction counts no request.
    let last = note.tokenUsage.last
    guard last.inputTokens > 0, requests.last != last else { return }
    requests = requests.suffix(Self.requestsShown - 1) + [last]
  }

  private mutating func noteTurnUse(_ note: ThreadTokenUsageUpdatedNotification) {
    guard let stet = note.tokenUsage.stet else { return }
    let use = TurnUse(
      turnId: note.turnId, tokens: stet.turn.inputTokens + stet.turn.outputTokens, cost: stet.turnCost)
    if turnUses.last?.turnId == note.turnId { turnUses.removeLast() }
    guard use.tokens > 0 else { return }
    turnUses = turnUses.suffix(TurnUse.kept - 1) + [use]
  }

  private mutating func receiveDelta(_ notification: ServerNotification) {
    switch notification {
    case .agentMessageDelta(let note) where isOurs(note.threadId):
      transcript.appendText(note.itemId, note.delta)
    case .planDelta(let note) where isOurs(note.threadId): transcript.appendText(note.itemId, note.delta)
    case .commandExecutionOutputDelta(let note) where isOurs(note.threadId):
      transcript.appendOutput(note.itemId, note.delta)
    case .reasoningSummaryTextDelta(let note) where isOurs(note.threadId):
      transcript.appendReasoning(note.itemId, note.delta, part: note.summaryIndex, isSummary: true)
    case .reasoningSummaryPartAdded(let note) where isOurs(note.threadId):
      transcript.appendReasoning(note.itemId, "", part: note.summaryIndex, isSummary: true)
    case .reasoningTextDelta(let note) where isOurs(note.threadId):
      transcript.appendReasoning(note.itemId, note.delta, part: note.contentIndex, isSummary: false)
    case .mcpToolCallProgress(let note) where isOurs(note.threadId):
      transcript.setProgress(note.itemId, note.message)
    case .fileChangePatchUpdated(let note) where isOurs(note.threadId):
      transcript.setChanges(note.itemId, note.changes)
    default: receiveWarning(notification)
    }
  }

  private mutating func receiveWarning(_ notification: ServerNotification) {
    switch notification {
    case .error(let note) where isOurs(note.threadId): failed(note)
    case .warning(let note) where note.threadId.map(isOurs) ?? true: warn(note.message)
    case .itemAutoApprovalReviewStarted(let note) where isOurs(note.threadId): reviewing(note)
    case .itemAutoApprovalReviewCompleted(let note) where isOurs(note.threadId): reviewed(note)
    case .guardianWarning(let note) where isOurs(note.threadId):
      // The end of a review says the same.
      if autoReviews.isEmpty { warn(note.message) }
    case .configWarning(let note):
      let place = [note.path, note.range.map { "\($0.start.line):\($0.start.column)" }].compactMap { $0 }
      let details = [note.details, place.isEmpty ? nil : place.joined(separator: ":")].compactMap { $0 }
      warn(([note.summary] + details).joined(separator: " · "))
    case .deprecationNotice(let note) where !note.isForClients: warn(note.summary)
    case .stetSnapshotDegraded(let note) where isOurs(note.threadId):
      warn("Undo is limited: " + (note.detail ?? note.reason))
    case .stetApprovalRefused(let note) where isOurs(note.threadId):
      warn("Refused without asking, as the approval policy says: \(note.what) (\(note.reason))")
    default: break
    }
  }

  private func isOurs(_ threadId: String) -> Bool { thread?.id == threadId }

  private mutating func started(_ started: Turn) {
    if turn?.id != started.id { turnDiff = "" }
    turn = RunningTurn(id: started.id, startedAt: turn?.id == started.id ? turn?.startedAt ?? now : now)
  }

  private mutating func completed(_ note: TurnCompletedNotification) {
    let done = note.turn
    let wasCut = done.status != .completed
    transcript.closeTurn(done.id, wasCut: wasCut)
    for prompt in prompts.prompts where prompt.turnId == done.id { resolved(prompt.id) }
    let wasOurs = turn?.id == done.id
    if wasOurs || turn == nil {
      turn = nil
      returnPending(after: done.status)
      takeOverQueue(after: done.status)
    }
    switch done.status {
    case .interrupted:
      transcript.addOwn(.note(NoteContent(kind: .stopped, text: stopWords)), turnId: done.id, now: now)
    case .failed: if let error = done.error { addFailure(error, done.id) }
    case .completed, .inProgress, .unknown: break
    }
    call("stet: the turn is over", for: .turnComplete)
    // After a stop or a failure the queue waits for the user.
    if wasOurs { sendDueReview(after: done.status) }
    if done.status == .completed, wasOurs { sendNextQueued() }
  }

  private var stopWords: String {
    let count = outbox.queue.count
    return count == 0
      ? "stopped" : "stopped · \(Words.plural(count, "queued message")) kept, enter sends the first"
  }

  private mutating func failed(_ note: ErrorNotification) {
    if note.willRetry {
      transcript.setRetry(
        ErrorContent(retrying: note.error, retryAt: note.stet.map { now.advanced(by: $0.retryInMs) }),
        turnId: note.turnId, now: now)
    } else {
      addFailure(note.error, note.turnId)
    }
  }

  /// The server tells a failure twice, as an error and in the turn's end; it is shown once.
  private mutating func addFailure(_ error: TurnError, _ turnId: String) {
    let isShown = transcript.items.suffix(4).contains { item in
      guard case .error(let shown) = item.content, item.turnId == turnId else { return false }
      return !shown.willRetry && shown.message == error.message
    }
    guard !isShown else { return }
    transcript.closeTurn(turnId, wasCut: true)
    transcript.addOwn(.error(ErrorContent(error)), turnId: turnId, now: now)
  }

  mutating func noteArrival(_ item: ThreadItem) {
    if case .userMessage(let message) = item, let id = message.clientId {
      if let text = outbox.arrived(clientId: id) { takeAway(text) }
      if thread?.preview.isEmpty == true { thread?.preview = UserContent(message).text }
    }
  }

  /// A message that was given back when the connection was lost, and had arrived all the same.
  private mutating func takeAway(_ text: String) {
    if composer.text == text {
      composer.clear()
    } else if let index = outbox.queue.firstIndex(of: text) {
      outbox.queue.remove(at: index)
    }
    noteDraftChange()
  }

  mutating func resolved(_ id: RequestID) {
    // The review screen belongs to the question it was opened for, not to the next one.
    let wasShown = prompts.current?.id == id
    if let prompt = prompts.prompts.first(where: { $0.id == id }), case .review(let review) = prompt.kind {
      lastReview = review
      if let id = review.reviewId { forgetWaiting(id) }
    }
    prompts.remove(id)
    if wasShown { closeReview() }
  }

  mutating func closeReview() {
    guard viewer == nil else { return }
    keepTyped(reviewField)
    reviewField = nil
    dialogs.removeAll { if case .review = $0 { true } else { false } }
  }
}
