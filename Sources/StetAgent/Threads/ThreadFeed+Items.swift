import StetProtocol

extension ThreadFeed {
  func itemStarted(_ item: ThreadItem, turn turnId: String) {
    let now = clock.nowMs()
    state.withLock { state in
      guard state.active == turnId, let turn = state.turns.lastIndex(where: { $0.id == turnId }),
        state.ids.insert(item.id).inserted
      else { return }
      let position = state.turns[turn].entries.count
      state.turns[turn].entries.append(TurnState.Entry(item: item, position: position, startedAtMs: now))
      state.open[item.id] = Open(turn: turn, entry: position)
      if item.mayTakeLong {
        journal.append(
          ThreadRecord.itemStarted,
          ThreadRecord.ItemStarted(turnId: turnId, position: position, startedAtMs: now, item: item))
      }
      sink.notify(
        .itemStarted(
          ItemStartedNotification(item: item, threadId: threadId, turnId: turnId, startedAtMs: Int(now))),
        thread: threadId)
    }
  }

  func itemUpdated(_ item: ThreadItem) {
    state.withLock { state in
      guard let open = state.open[item.id] else { return }
      state.turns[open.turn].entries[open.entry].item = item
    }
  }

  func itemProgress(_ notification: ServerNotification, item itemId: String) {
    state.withLock { state in
      guard state.open[itemId] != nil else { return }
      sink.notify(notification, thread: threadId)
    }
  }

  func itemCompleted(_ item: ThreadItem) {
    state.withLock { complete(item, in: &$0) }
  }

  /// An item that is whole at once: a user message.
  func itemWhole(_ item: ThreadItem, turn turnId: String) {
    itemStarted(item, turn: turnId)
    itemCompleted(item)
  }

  func itemDetached(_ itemId: String) {
    state.withLock { $0.open[itemId]?.detached = true }
  }

  func isOpen(_ itemId: String) -> Bool {
    state.withLock { $0.open[itemId] != nil }
  }

  func complete(_ item: ThreadItem, in state: inout State) {
    guard let open = state.open.removeValue(forKey: item.id) else { return }
    let now = clock.nowMs()
    let turnId = state.turns[open.turn].id
    state.turns[open.turn].entries[open.entry].item = item
    state.turns[open.turn].entries[open.entry].completedAtMs = now
    let entry = state.turns[open.turn].entries[open.entry]
    journal.append(
      ThreadRecord.item,
      ThreadRecord.Item(
        turnId: turnId, position: entry.position, startedAtMs: entry.startedAtMs, completedAtMs: now,
        item: item))
    sink.notify(
      .itemCompleted(
        ItemCompletedNotification(item: item, threadId: threadId, turnId: turnId, completedAtMs: Int(now))),
      thread: threadId)
  }
}

extension ThreadItem {
  /// Whether the item is worth a record before it is complete: a crash in the middle would hide what ran (R9).
  fileprivate var mayTakeLong: Bool {
    switch self {
    case .commandExecution, .fileChange, .mcpToolCall, .dynamicToolCall: true
    default: false
    }
  }
}
