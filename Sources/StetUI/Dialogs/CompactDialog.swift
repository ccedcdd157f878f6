import StetProtocol

/// `/compact`: what a compaction would keep and what it would summarise, before anything happens.
struct CompactDialog: Sendable {
  enum Phase: Sendable {
    case loading
    case ready(StetContextUse)
    /// The request to undo is on its way.
    case undoing
    case failed(String)
  }

  /// What the user wrote behind the command.
  var wish: String
  var phase = Phase.loading
  var top = 0

  var use: StetContextUse? { if case .ready(let use) = phase { use } else { nil } }
}

extension AppState {
  var compactDialog: CompactDialog? {
    for case .compact(let dialog) in dialogs.reversed() { return dialog }
    return nil
  }

  /// Why there is nothing to compact, or nil.
  var compactObstacle: String? {
    // Without a preview it can be done all the same.
    if case .failed? = compactDialog?.phase { return nil }
    guard let use = compactDialog?.use else { return "still looking" }
    return (use.summarised ?? 0) > 0 ? nil : "there is nothing that a summary could replace"
  }

  var compactUndoObstacle: String? {
    guard let use = compactDialog?.use else { return "still looking" }
    return use.canUndo == true ? nil : "there is no compaction to undo"
  }

  /// The server is stet's own: it knows what the window holds. A plain Codex server does not.
  var knowsContext: Bool {
    guard let server else { return false }
    return !server.serverVersion.isEmpty || server.hunkReview || server.snapshots
  }

  mutating func openCompact(_ wish: String) {
    guard let thread else { return show("no thread is open") }
    if isWorking { return show("a turn is running: esc stops it", isWarning: true) }
    guard knowsContext else {
      // A plain Codex server shows no preview, and takes no wish.
      emit(.send(.threadCompactStart(.init(threadId: thread.id)), .compactStart))
      return
    }
    dialogs.append(.compact(CompactDialog(wish: wish)))
    emit(.send(.stetContextRead(.init(threadId: thread.id)), .contextRead))
  }

  mutating func updateCompact(_ change: (inout CompactDialog) -> Void) {
    for index in dialogs.indices.reversed() {
      guard case .compact(var dialog) = dialogs[index] else { continue }
      change(&dialog)
      dialogs[index] = .compact(dialog)
      return
    }
  }

  mutating func perform(_ command: CompactCommand) {
    switch command {
    case .close: closeDialog()
    case .lineDown: updateCompact { $0.top += 1 }
    case .lineUp: updateCompact { $0.top = max(0, $0.top - 1) }
    case .start:
      guard let thread, let dialog = compactDialog else { return }
      closeDialog()
      let wish = dialog.wish.isEmpty ? nil : dialog.wish
      emit(.send(.threadCompactStart(.init(threadId: thread.id, stetInstructions: wish)), .compactStart))
    case .undo:
      guard let thread else { return }
      updateCompact { $0.phase = .undoing }
      emit(.send(.stetCompactUndo(.init(threadId: thread.id)), .compactUndo))
    }
  }

  mutating func receiveContext(_ result: Result<StetContextUse, RPCError>) {
    switch result {
    case .success(let use):
      take(use)
      updateCompact { $0.phase = .ready(use) }
    case .failure(let error): updateCompact { $0.phase = .failed(error.message) }
    }
  }

  /// What was found of the last request's cache stays: an answer between requests says nothing of it.
  private mutating func take(_ use: StetContextUse) {
    var use = use
    if use.cacheable == nil {
      (use.cacheable, use.cached, use.cacheMiss) = (context?.cacheable, context?.cached, context?.cacheMiss)
    }
    context = use
  }

  mutating func receiveCompactUndo(_ result: Result<StetContextUse, RPCError>) {
    switch result {
    case .success(let use):
      take(use)
      dialogs.removeAll { if case .compact = $0 { true } else { false } }
      transcript.addOwn(
        .note(
          NoteContent(
            kind: .info,
            text: "The last compaction was undone: the model sees the whole history again, about "
              + "\(Words.count(use.tokens)) of \(Words.count(use.window)) tokens.")), now: now)
      transcript.layout.follow()
    case .failure(let error): updateCompact { $0.phase = .failed(error.message) }
    }
  }
}
