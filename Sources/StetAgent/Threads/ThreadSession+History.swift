import StetJSON
import StetProtocol
import StetStore

/// The part of a session that deals with its stored history.
extension ThreadSession {
  static let promptUnread = RPCError.internalError(
    "the history of the thread can't be read, so the model can't be asked; see the warning")

  /// Bytes of logs whose prompt is read before it is needed: beyond it the wait would be felt by other threads.
  private static let eagerPromptBytes: Int64 = 32 << 20

  /// The prompt is unread, and reading it takes long.
  var hasLargePrompt: Bool {
    guard let unread else { return false }
    return unread.segments.reduce(0) { $0 + Int64($1.range.count) } > Self.eagerPromptBytes
  }

  /// Reads the prompt, if that was not done yet.
  func readPrompt() async {
    guard let view = unread else { return }
    do {
      let (replay, notices) = try await services.historyThread.run { [histories = services.histories] in
        let replay = try histories.reading { try histories.reader(view).prompt() }
        return (replay, try histories.notices(view))
      }
      prompt = replay.prompt
      facts = replay.facts
      announcedTools = replay.announced
      storedCompaction = replay.isCompacted
      sealedFor = replay.sealedFor
      meter = ContextMeter(replay.measure, ratio: replay.ratio)
      files.reset(replay.seen)
      unread = nil
      await restoreReviews(replay.reviews)
      for notice in news(notices + replay.notices) { feed.warn(notice) }
    } catch {
      feed.warn("The history of the thread can't be read: \((error as? StoreError)?.message ?? "\(error)")")
    }
  }

  /// Whether an item of the stored part has an id.
  var storedIds: @Sendable (String) -> Bool {
    guard let view = feed.history.stored else { return { _ in false } }
    let (histories, log) = (services.histories, services.environment.log)
    return { id in
      do {
        return try histories.reader(view).contains(item: id)
      } catch {
        log.error("looking for an item: \(error)")
        return false
      }
    }
  }

  // MARK: - Injected items

  /// `thread/inject_items`: the items go to the model with the next request; nothing is shown.
  func inject(_ items: [JSONValue], _ reply: AgentReply<EmptyResponse>) async {
    guard unread == nil else { return reply(.failure(Self.promptUnread)) }
    if let fault = InjectedItems.fault(items) { return reply(.failure(fault)) }
    injected += items
    // Between a call and its output nothing may stand.
    if running.map({ $0.machine.calls.isEmpty }) ?? true { takeInjected() }
    feed.ordered { _, _ in reply(.success(EmptyResponse())) }
  }

  /// Appends what waited; during a review it goes on waiting, for it is meant for the thread's own prompt.
  func takeInjected() {
    guard running?.review == nil else { return }
    for item in injected { append(item) }
    injected = []
  }

  // MARK: - Revert

  /// `thread/revert`: ends the turn, then goes on from before `turnId`. Order: both statuses, the reply,
  /// `thread/reverted`, and a `warning` that says what was not touched.
  func revert(before turnId: String, _ reply: AgentReply<ThreadRevertResponse>) async {
    await interruptAndWait()
    feed.bounceStatus()
    do {
      let settings = settings
      let done = try await services.historyThread.run { [id, journal, services] in
        try HistoryRevert.perform(thread: id, before: turnId, settings, journal, services.histories)
      }
      feed.reset(done.view, done.counted)
      prompt = PromptLog()
      meter = ContextMeter(ratio: meter.ratio)
      cache.forget()
      former = nil
      facts = nil
      sentContext = [:]
      files.reset([:])
      total = done.counted?.usage.total ?? .zero
      unread = done.view
      let response = ThreadRevertResponse(
        thread: wire([], status: .idle), turnsBackwardsCursor: done.turnsCursor,
        itemsBackwardsCursor: done.itemsCursor)
      feed.ordered { _, _ in
        reply(.success(response))
        services.sink.notify(.threadReverted(ThreadRevertedNotification(threadId: id)), thread: id)
      }
      feed.warn(
        "The conversation was taken back to before that turn. Files were not touched: what the turns that are gone "
          + "changed on disk is still there.")
    } catch {
      let known = (error as? RPCError) ?? .invalidRequest((error as? StoreError)?.message ?? "\(error)")
      feed.ordered { _, _ in reply(.failure(known)) }
    }
  }
}
