import StetProtocol

/// `thread/queue/*`: messages that start turns of their own, one after the other.
///
/// The head starts when a turn has completed, and at once on an idle thread. After an interrupt or a failure the
/// queue waits for the user: for `thread/queue/start` or another turn that completes.
extension ThreadSession {
  func queueAdd(_ params: ThreadQueueAddParams, _ reply: AgentReply<ThreadQueueAddResponse>) async {
    let submission = QueuedSubmission(
      id: ThreadIds.make(nowMs: nowMs()), input: params.input,
      clientUserMessageId: params.clientUserMessageId)
    do {
      try queue.add(submission)
    } catch {
      return reply(.failure(error))
    }
    queueChanged { reply(.success(ThreadQueueAddResponse(queuedSubmission: submission))) }
    await goOn()
  }

  func queueList(_ params: ThreadQueueListParams, _ reply: AgentReply<ThreadQueueListResponse>) {
    var rest = queue.submissions[...]
    if let cursor = params.cursor {
      guard let place = rest.firstIndex(where: { $0.id == cursor }) else {
        return reply(.failure(.invalidRequest("invalid cursor: \(cursor)")))
      }
      rest = rest[(place + 1)...]
    }
    let page = Array(rest.prefix(params.limit.map { Int($0) } ?? MessageQueue.limit))
    let next = page.count < rest.count ? page.last?.id : nil
    feed.ordered { _, _ in reply(.success(ThreadQueueListResponse(data: page, nextCursor: next))) }
  }

  func queueUpdate(_ params: ThreadQueueUpdateParams, _ reply: AgentReply<ThreadQueueUpdateResponse>) {
    do {
      let submission = try queue.update(params.queuedSubmissionId, params.input)
      queueChanged { reply(.success(ThreadQueueUpdateResponse(queuedSubmission: submission))) }
    } catch {
      reply(.failure(error))
    }
  }

  func queueDelete(_ params: ThreadQueueDeleteParams, _ reply: AgentReply<ThreadQueueDeleteResponse>) {
    guard queue.submissions.contains(where: { $0.id == params.queuedSubmissionId }) else {
      return reply(.success(ThreadQueueDeleteResponse(deleted: false)))
    }
    _ = queue.take(params.queuedSubmissionId)
    queueChanged { reply(.success(ThreadQueueDeleteResponse(deleted: true))) }
  }

  func queueReorder(_ params: ThreadQueueReorderParams, _ reply: AgentReply<EmptyResponse>) {
    do {
      try queue.reorder(params.queuedSubmissionIds)
      queueChanged { reply(.success(EmptyResponse())) }
    } catch {
      reply(.failure(error))
    }
  }

  /// Starts a turn with a queued message now. While a turn runs it is refused: the message keeps its place.
  func queueStart(
    _ params: ThreadQueueStartParams, _ reply: @escaping AgentReply<ThreadQueueStartResponse>
  ) async {
    while let turn = running, turn.machine.phase == .ended { await turnEnded() }
    if let turn = running {
      return reply(.failure(.invalidRequest("thread \(id) has an active turn: \(turn.id)")))
    }
    guard let submission = queue.take(params.queuedSubmissionId) else {
      return reply(
        .failure(
          params.queuedSubmissionId.map(RPCError.noQueuedSubmission) ?? .invalidRequest("the queue is empty"))
      )
    }
    await start(submission) { result in reply(result.map { ThreadQueueStartResponse(turn: $0.turn) }) }
  }

  // MARK: - What goes on by itself

  /// Something waits that `goOn` would start.
  var mayGoOn: Bool { !queue.isEmpty || goal.isActive }

  /// Starts what waits: the head of the queue, else the work on an active goal. Does nothing while a turn runs, after
  /// a stop, and when nothing waits.
  func goOn() async {
    guard !isClosing, running == nil, services.environment.startsTurnsAlone else { return }
    if !isHeld, let submission = queue.take(nil) { return await start(submission) { _ in } }
    await pursueGoal()
  }

  /// A turn is over: what waits is looked at in the order of the clients' calls.
  func turnIsOver(_ turn: Running, _ outcome: TurnOutcome) {
    isHeld = outcome != .completed
    goalTurnIsOver(turn, outcome)
    post { await $0.goOn() }
  }

  /// Input of a turn that ended before it could take it: it waits as a queued message (L7).
  func putBack(_ keys: [String]) {
    let items = keys.compactMap { key -> UserMessageItem? in
      guard case .userMessage(let item)? = running?.steers.removeValue(forKey: key) else { return nil }
      return item
    }
    guard !items.isEmpty else { return }
    queue.putBack(
      items.map {
        QueuedSubmission(id: $0.id, input: $0.content, clientUserMessageId: $0.clientId ?? $0.id)
      })
    queueChanged {}
  }

  /// A message whose turn ended while hooks looked at it: it waits as a queued one.
  func keep(_ input: [UserInput], clientId: String?) {
    let id = ThreadIds.make(nowMs: nowMs())
    queue.putBack([QueuedSubmission(id: id, input: input, clientUserMessageId: clientId ?? id)])
    queueChanged {}
    post { await $0.goOn() }
  }

  private func start(
    _ submission: QueuedSubmission, _ reply: @escaping AgentReply<TurnStartResponse>
  ) async {
    // In the log the message waits until the turn holds it: a program that is killed in between loses nothing.
    starting = submission
    queueChanged {}
    await startTurn(
      TurnStartParams(
        threadId: id, input: submission.input, clientUserMessageId: submission.clientUserMessageId), reply)
    guard starting != nil, !isClosing else { return }
    if running == nil {
      // Refused: it waits again.
      starting = nil
      queue.untake(submission)
      queueChanged {}
    } else if running?.opening == nil {
      startedQueued()
    }
  }

  /// The queued message that a turn began with is in the history now.
  func startedQueued() {
    guard starting != nil else { return }
    starting = nil
    journal.append(
      ThreadRecord.queue, ThreadRecord.Queue(threadId: id, submissions: queue.submissions))
  }

  /// Writes the queue down; the reply, then `thread/queue/changed`.
  private func queueChanged(_ reply: () -> Void) {
    journal.append(
      ThreadRecord.queue,
      ThreadRecord.Queue(threadId: id, submissions: [starting].compactMap { $0 } + queue.submissions))
    feed.ordered { _, _ in
      reply()
      services.sink.notify(.threadQueueChanged(ThreadQueueChangedNotification(threadId: id)), thread: id)
    }
  }
}
