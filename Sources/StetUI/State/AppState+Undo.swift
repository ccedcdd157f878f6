import StetProtocol

/// The undo screen: list, dry run, confirm, result (rollback.md B3).
extension AppState {
  var undoState: UndoState? {
    for case .undo(let undo) in dialogs.reversed() { return undo }
    return nil
  }

  /// Why nothing can be undone now, or nil.
  var undoObstacle: String? {
    if thread == nil { return "no thread is open" }
    if server?.snapshots != true { return "this server keeps no snapshots" }
    if isWorking { return "a turn is running: esc stops it" }
    return nil
  }

  var undoApplyObstacle: String? {
    guard let undo = undoState else { return "nothing to put back" }
    if undo.content == .conversation, undo.entry?.turnId != nil { return nil }
    guard undo.plan != nil else { return "still looking" }
    return undo.applicable.isEmpty ? "no file can be put back" : nil
  }

  var reachObstacle: String? {
    undoState?.entry?.turnId == nil ? "only a turn has a before" : nil
  }

  var overwriteObstacle: String? {
    guard let undo = undoState, undo.plan != nil else { return "still looking" }
    return undo.overwrites || undo.conflicts > 0 ? nil : "nothing that changed since is left alone"
  }

  var redoObstacle: String? {
    guard let undo = undoState,
      undo.entries.contains(where: { $0.cause == "restore" && $0.state == "active" })
    else { return "nothing was undone" }
    return undo.isRedo ? "y redoes it" : nil
  }

  /// `forRedo`: with the last undo selected, to be taken back.
  mutating func openUndo(forRedo: Bool = false) {
    guard let thread else { return }
    var undo = UndoState()
    undo.startsWithRedo = forRedo
    dialogs.append(.undo(undo))
    emit(.send(.stetSnapshotList(.init(threadId: thread.id, limit: 100)), .snapshotList))
  }

  mutating func perform(_ command: UndoCommand) {
    switch command {
    case .close: closeDialog()
    case .lineDown: updateUndo { $0.top += 1 }
    case .lineUp: updateUndo { $0.top = max(0, $0.top - 1) }
    case .pageDown: updateUndo { [rows = size.rows] in $0.top += max(1, rows - 6) }
    case .pageUp: updateUndo { [rows = size.rows] in $0.top = max(0, $0.top - max(1, rows - 6)) }
    case .nextTurn: selectSnapshot(by: 1)
    case .previousTurn: selectSnapshot(by: -1)
    case .reach:
      updateUndo {
        $0.isOnwards.toggle()
        $0.overwrites = false
      }
      planSelected()
    case .overwrite:
      updateUndo { $0.overwrites.toggle() }
      planSelected()
    case .content: updateUndo { $0.content = $0.content.next }
    case .redo:
      let index = undoState?.entries.firstIndex { $0.cause == "restore" && $0.state == "active" }
      if let index {
        updateUndo {
          $0.selected = index
          $0.overwrites = false
        }
        planSelected()
      }
    case .apply: applyPlan()
    }
  }

  private mutating func selectSnapshot(by step: Int) {
    updateUndo {
      $0.selected = min(max(0, $0.selected + step), max(0, $0.entries.count - 1))
      // It was said of what was listed then.
      $0.overwrites = false
    }
    planSelected()
  }

  /// The newest change is selected and planned at once.
  mutating func receiveSnapshots(_ result: Result<StetSnapshotListResponse, RPCError>) {
    switch result {
    case .failure(let error): updateUndo { $0.phase = .failed(error.message) }
    case .success(let response):
      let usable = response.data.filter { $0.state == "active" && ($0.files > 0 || $0.cause == "restore") }
        .sorted { $0.seq > $1.seq }
      updateUndo { undo in
        undo.entries = usable
        let restore = usable.firstIndex { $0.cause == "restore" }
        let turn = usable.firstIndex { !$0.standsAlone } ?? 0
        undo.selected = undo.startsWithRedo ? restore ?? turn : turn
        undo.phase = usable.isEmpty ? .nothing : .planning
      }
      // What was asked for is not there: no plan of something else in its place.
      if undoState?.startsWithRedo == true, undoState?.entry?.cause != "restore" {
        closeDialog()
        return show("nothing was undone that could be redone")
      }
      planSelected()
    }
  }

  /// Asks for the dry run of what is selected. Nothing is touched by it.
  private mutating func planSelected() {
    guard let thread, let entry = undoState?.entry else { return }
    updateUndo { undo in
      undo.phase = .planning
      undo.top = 0
    }
    emit(
      .send(request(thread.id, entry, planId: nil), .snapshotPlan(snapshotId: entry.snapshotId)))
  }

  private func request(_ threadId: String, _ entry: StetSnapshot, planId: String?) -> ClientRequest {
    let turn = entry.turnId ?? ""
    let rewinds = planId != nil && undoState?.content == .both
    let conflicts = undoState?.overwrites == true ? "overwriteKeepCopy" : "skip"
    if entry.standsAlone {
      return .stetSnapshotRedo(
        .init(
          threadId: threadId, snapshotId: entry.snapshotId, dryRun: planId == nil, planId: planId,
          onConflict: conflicts))
    }
    return .stetSnapshotRestore(
      .init(
        threadId: threadId, scope: undoState?.isOnwards == true ? .through(turn) : .turn(turn),
        conversation: rewinds ? "fork" : "keep", dryRun: planId == nil, planId: planId, onConflict: conflicts)
    )
  }

  mutating func receivePlan(_ id: String, _ result: Result<StetSnapshotRestoreResponse, RPCError>) {
    // An answer for a change that is no longer selected says nothing about the one that is.
    guard undoState?.entry?.snapshotId == id else { return }
    switch result {
    case .success(let plan): updateUndo { $0.phase = .planned(plan) }
    case .failure(let error): updateUndo { $0.phase = .failed(error.message) }
    }
  }

  private mutating func applyPlan() {
    guard let thread, let undo = undoState, let entry = undo.entry else { return }
    if undo.content == .conversation, let turn = entry.turnId {
      updateUndo { $0.phase = .applying }
      var fork = ThreadForkParams(threadId: thread.id)
      fork.beforeTurnId = turn
      return emit(.send(.threadFork(fork), .snapshotFork))
    }
    guard let plan = undo.plan else { return }
    updateUndo { $0.phase = .applying }
    let tag = undo.isRedo ? RequestTag.snapshotRedo : .snapshotRestore
    emit(.send(request(thread.id, entry, planId: plan.planId), tag))
  }

  /// The conversation goes on from before the turn; files were not touched.
  mutating func receiveRewind(_ result: Result<JSONValue, RPCError>) {
    switch result {
    case .success(let value):
      guard let id = value["thread"]?["id"]?.stringValue else {
        return updateUndo { $0.phase = .failed("the server's answer names no thread") }
      }
      goOn(in: id)
    case .failure(let error): updateUndo { $0.phase = .failed(error.message) }
    }
  }

  private mutating func goOn(in id: String) {
    dialogs.removeAll { if case .undo = $0 { true } else { false } }
    toComposer()
    resumeThread(id)
    show("this goes on from before that turn; the old conversation stays in the list")
  }

  /// The result on the screen is what the server verified, not what was meant.
  mutating func receiveRestore(_ result: Result<StetSnapshotRestoreResponse, RPCError>, isRedo: Bool) {
    switch result {
    case .success(let response):
      if let fork = response.thread { return goOn(in: fork.id) }
      dialogs.removeAll { if case .undo = $0 { true } else { false } }
      toComposer()
      let rows = response.files.map { entry in
        UndoContent.Row(path: entry.path, words: entry.result, isRefused: entry.action == "refuse")
      }
      let changed = response.files.count { $0.action != "refuse" && $0.action != "none" }
      let refused = response.files.count { $0.action == "refuse" }
      var title =
        (isRedo ? "Redone: " : "Undone: ") + Words.plural(changed, "file")
        + (isRedo ? " changed again" : " put back")
      if refused > 0 { title += ", \(refused) left alone" }
      if !isRedo { title += " · /redo redoes it" }
      if response.files.contains(where: { $0.reason != nil && $0.action != "refuse" }) {
        title += " · what changed since is kept with it: stet undo --kept FILE prints it"
      }
      transcript.addOwn(.undo(UndoContent(title: title, rows: rows)), now: now)
      transcript.layout.follow()
      turnDiff = ""
    case .failure(let error):
      // A plan that no longer fits is made anew and shown again before anything happens.
      if error.data?["stetError"]?.stringValue == "planStale" {
        show("files changed meanwhile: look again", isWarning: true)
        planSelected()
      } else {
        updateUndo { $0.phase = .failed(error.message) }
      }
    }
  }
}
