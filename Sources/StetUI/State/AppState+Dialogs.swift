import StetProtocol

/// Lists, pages and the queue.
extension AppState {
  mutating func updateList(_ change: (inout ListDialog) -> Void) {
    guard case .list(var list) = dialogs.last else { return }
    change(&list)
    list.move(by: 0)
    dialogs[dialogs.count - 1] = .list(list)
    previewTheme()
  }

  mutating func updatePage(_ change: (inout PageDialog) -> Void) {
    guard case .page(var page) = dialogs.last else { return }
    change(&page)
    dialogs[dialogs.count - 1] = .page(page)
  }

  mutating func updateUndo(_ change: (inout UndoState) -> Void) {
    guard let index = dialogs.lastIndex(where: { if case .undo = $0 { true } else { false } }),
      case .undo(var undo) = dialogs[index]
    else { return }
    change(&undo)
    dialogs[index] = .undo(undo)
  }

  mutating func closeDialog() {
    guard let dialog = dialogs.popLast() else { return }
    if case .review = dialog {
      // What was only looked at is over, unless something was said of it; a question keeps its review.
      layAside()
      forgetCommitting()
      viewer = nil
      reviewField = nil
    }
    if case .list(let list) = dialog, case .themes(let before) = list.kind { selectTheme(before) }
  }

  // MARK: Lists

  mutating func perform(_ command: ListCommand) {
    if command != .delete { updateList { $0.deleting = nil } }
    switch command {
    case .next: updateList { $0.move(by: 1) }
    case .previous: updateList { $0.move(by: -1) }
    case .pageDown: updateList { $0.move(by: max(1, $0.pageRows)) }
    case .pageUp: updateList { $0.move(by: -max(1, $0.pageRows)) }
    case .choose: chooseInList()
    case .close: if !endRenaming() { closeDialog() }
    case .fork: forkPicked()
    case .rename: renamePicked()
    case .archive: archivePicked()
    case .delete: deletePicked()
    case .searchText: togglePickerSearch()
    }
  }

  private mutating func chooseInList() {
    guard case .list(let list) = dialogs.last, let row = list.chosen else { return }
    if list.renaming != nil { return setPickedName(list) }
    dialogs.removeLast()
    switch list.kind {
    case .threads:
      if let session = row.foreign {
        dialogs = []
        bring(session)
      } else if row.id == thread?.id {
        show("this is the open thread")
      } else {
        dialogs = []
        launch = .resume(row.id)
        resumeThread(row.id)
      }
    case .models: wantModel(row.id)
    case .modes: if let mode = WorkMode(rawValue: row.id) { wantMode(mode) }
    case .themes:
      selectTheme(row.id)
      hasChosenTheme = true
      emit(.save(.theme(row.id)))
      show("theme \(row.id)")
    case .history: composer.replace(with: row.id)
    }
  }

  mutating func wantModel(_ name: String) {
    wanted.model = name
    show("\(name) from the next message on")
  }

  mutating func wantMode(_ mode: WorkMode) {
    if send(mode) {
      wanted.mode = nil
      show("\(mode.rawValue): \(mode.words)")
      return
    }
    wanted.mode = mode == thread?.mode ? nil : mode
    show("\(mode.rawValue) from the next message on")
  }

  mutating func openHistory() {
    let rows = composer.history.reversed().map { message in
      ListDialog.Row(id: message, title: Words.firstLine(message), facts: "")
    }
    dialogs.append(.list(ListDialog(kind: .history, title: "Messages sent before", rows: Array(rows))))
  }

  // MARK: Threads

  /// Threads shown by the picker; the filter looks through these.
  static let pickerLimit: UInt32 = 200

  mutating func openThreadPicker() {
    listThreads(forPicker: true)
    let list = ListDialog(
      kind: .threads(generation: threadListGeneration), title: "Threads", placeholder: "looking for threads …"
    )
    dialogs.append(.list(list))
    lookForForeign()
  }

  /// Asks for threads: the workspace's newest for `resume --last`, the newest of all for the picker.
  mutating func listThreads(forPicker: Bool) {
    threadListGeneration += 1
    var params = ThreadListParams(
      limit: forPicker ? Self.pickerLimit : 1, sortDirection: .desc, sortKey: .updatedAt,
      sourceKinds: ThreadSourceKind.ofUsers)
    if !forPicker {
      if server?.choosesDirectory != true { params.cwd = .one(environment.directory) }
      isOpeningThread = true
    }
    emit(.send(.threadList(params), .threadList(generation: threadListGeneration)))
  }

  mutating func receiveThreads(_ result: Result<ThreadListResponse, RPCError>, generation: Int) {
    guard generation == threadListGeneration else { return }
    if launch == .resumeLast {
      isOpeningThread = false
      openLast(result)
      return
    }
    guard case .list(var list) = dialogs.last, case .threads(generation) = list.kind else { return }
    switch result {
    case .success(let response):
      let rows = threadRows(response.data, response.stet ?? [:])
      list.replaceRows(with: withForeign(rows, here: rows.count(where: \.isHere)))
      list.placeholder = "no thread yet: what you write now starts the first"
    case .failure(let error): list.placeholder = "the threads could not be listed: \(error.message)"
    }
    list.move(by: 0)
    dialogs[dialogs.count - 1] = .list(list)
  }

  /// Asks anew for what the open picker shows; the filter and the place stay.
  mutating func listThreadsAgain() {
    guard case .list(var list) = dialogs.last, case .threads = list.kind else { return }
    // A search is made anew with the next settling.
    if list.hits != nil { return updateList { $0.hits = ListDialog.Hits() } }
    listThreads(forPicker: true)
    list.kind = .threads(generation: threadListGeneration)
    dialogs[dialogs.count - 1] = .list(list)
  }

  private mutating func openLast(_ result: Result<ThreadListResponse, RPCError>) {
    switch result {
    case .success(let response):
      if let newest = response.data.first {
        launch = .resume(newest.id)
        resumeThread(newest.id)
      } else {
        launch = .new(prompt: nil)
        show("no earlier thread in this directory: this is a new one")
        apply(setup)
      }
    case .failure(let error):
      launch = .new(prompt: nil)
      failedToOpen(error, isResume: true)
    }
  }

  /// This workspace's threads first, newest first.
  func threadRows(_ threads: [Thread], _ tallies: [String: StetThreadTally] = [:]) -> [ListDialog.Row] {
    let wall = environment.wallClock + now.milliseconds / 1000
    let sorted = threads.enumerated().sorted { left, right in
      let isLeftHere = left.element.cwd == environment.directory
      let isRightHere = right.element.cwd == environment.directory
      if isLeftHere != isRightHere { return isLeftHere }
      if left.element.updatedAt != right.element.updatedAt {
        return left.element.updatedAt > right.element.updatedAt
      }
      return left.offset < right.offset
    }
    return sorted.map { _, thread in
      let title = Words.firstLine(thread.name ?? thread.preview)
      var facts = [Words.age(seconds: wall - thread.updatedAt)]
      if let turns = tallies[thread.id]?.turns, turns > 0 { facts.append(Words.plural(turns, "turn")) }
      if thread.cwd != environment.directory {
        facts.append(Words.path(thread.cwd, directory: "", home: environment.home))
      }
      if let branch = thread.gitInfo?.branch { facts.append(Words.firstLine(branch)) }
      if let tally = tallies[thread.id], let added = tally.added, let removed = tally.removed,
        added + removed > 0
      {
        facts.append("+\(added) −\(removed)")
      }
      return ListDialog.Row(
        id: thread.id, title: title.isEmpty ? "(nothing said)" : title, facts: facts.joined(separator: " · "),
        isCurrent: thread.id == self.thread?.id, isHere: thread.cwd == environment.directory)
    }
  }

  // MARK: Pages and queue

  mutating func perform(_ command: PageCommand) {
    switch command {
    case .lineDown: updatePage { $0.scroll(by: 1) }
    case .lineUp: updatePage { $0.scroll(by: -1) }
    case .pageDown: updatePage { $0.scroll(by: max(1, $0.pageRows - 1)) }
    case .pageUp: updatePage { $0.scroll(by: -max(1, $0.pageRows - 1)) }
    case .halfPageDown: updatePage { $0.scroll(by: max(1, $0.pageRows / 2)) }
    case .halfPageUp: updatePage { $0.scroll(by: -max(1, $0.pageRows / 2)) }
    case .first: updatePage { $0.top = 0 }
    case .last: updatePage { $0.scroll(by: $0.lineCount) }
    case .nextEntry: stepDetail(1)
    case .previousEntry: stepDetail(-1)
    case .copy: copyPage()
    case .close: closeDialog()
    }
  }

  private mutating func copyPage() {
    guard case .page(let page) = dialogs.last else { return }
    switch page.kind {
    case .item(let id): if let item = transcript.item(id) { emit(.copy(item.copyText)) }
    case .help, .status, .mcp:
      emit(.copy(pageLines(page, width: 80).map(\.copyText).joined(separator: "\n")))
    }
  }

  mutating func perform(_ command: QueueCommand) {
    guard case .queue(var queue) = dialogs.last else { return }
    let index = queue.selected
    switch command {
    case .next: queue.selected += 1
    case .previous: queue.selected -= 1
    case .edit: editQueued(index)
    case .drop: if outbox.queue.indices.contains(index) { outbox.queue.remove(at: index) }
    case .moveDown where outbox.queue.indices.contains(index + 1):
      outbox.queue.swapAt(index, index + 1)
      queue.selected += 1
    case .moveUp where index > 0 && outbox.queue.indices.contains(index):
      outbox.queue.swapAt(index, index - 1)
      queue.selected -= 1
    case .moveDown, .moveUp: break
    case .close: closeDialog()
    }
    noteDraftChange()
    guard case .queue = dialogs.last else { return }
    queue.selected = min(max(0, queue.selected), max(0, outbox.queue.count - 1))
    dialogs[dialogs.count - 1] = .queue(queue)
    if outbox.queue.isEmpty { closeDialog() }
  }

  private mutating func editQueued(_ index: Int) {
    guard outbox.queue.indices.contains(index) else { return }
    guard composer.isEmpty else {
      show("the composer holds a draft · send or clear it first")
      return
    }
    composer.replace(withMessage: outbox.queue.remove(at: index))
    closeDialog()
    toComposer()
  }
}
