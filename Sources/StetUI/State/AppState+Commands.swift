import StetProtocol

/// What the `/` commands do, and the themes.
extension AppState {
  mutating func run(_ command: SlashCommand, _ argument: String) {
    // What an earlier command said must not stand where the keys of this one's screen are told.
    notice = nil
    switch command {
    case .help: dialogs.append(.page(PageDialog(.help)))
    case .compact: openCompact(argument)
    case .status: openStatus()
    case .diff: runDiff(argument)
    case .review: runReview(argument)
    case .dump: runDump(argument)
    case .quit: quit()
    case .queue:
      if outbox.queue.isEmpty { show("nothing is queued") } else { dialogs.append(.queue(QueueDialog())) }
    case .undo: if let obstacle = undoObstacle { show(obstacle) } else { openUndo() }
    case .redo: if let obstacle = undoObstacle { show(obstacle) } else { openUndo(forRedo: true) }
    case .model: if argument.isEmpty { openModels() } else { wantModel(argument) }
    case .mode: runMode(argument)
    case .permissions: openPermissions(testing: argument)
    case .theme: runTheme(argument)
    case .reconnect: reconnect()
    case .new, .resume: runThreadCommand(command, argument)
    case .fork, .rename, .export, .`init`, .mcp: runOpenThreadCommand(command, argument)
    }
  }

  private mutating func openStatus() {
    dialogs.append(.page(PageDialog(.status)))
    // A thread that was resumed has made no request yet that would have told.
    if let thread, knowsContext, closedReason == nil {
      emit(.send(.stetContextRead(.init(threadId: thread.id)), .contextRead))
    }
  }

  private mutating func reconnect() {
    guard canReconnect else {
      switch link {
      case .open: show("connected: nothing was lost")
      case .connecting, .comingBack: show("still connecting")
      case .down: show("this connection can't come back", isWarning: true)
      }
      return
    }
    canReconnect = false
    link = .connecting
    silentSince = now
    show("connecting …")
    emit(.reconnect)
  }

  private mutating func runThreadCommand(_ command: SlashCommand, _ argument: String) {
    guard !isWorking else {
      show("a turn is running: esc stops it", isWarning: true)
      return
    }
    guard server != nil, closedReason == nil else {
      show("not connected", isWarning: true)
      return
    }
    if command == .new {
      launch = .new(prompt: nil)
      startThread()
    } else if argument.isEmpty {
      openThreadPicker()
    } else {
      launch = .resume(argument)
      resumeThread(argument)
    }
  }

  private mutating func openModels() {
    let list = ListDialog(
      kind: .models, title: "Model from the next message on", rows: modelRows(),
      placeholder: "asking the server …")
    dialogs.append(.list(list))
    emit(.send(.modelList(ModelListParams()), .modelList))
  }

  private mutating func runMode(_ argument: String) {
    if let mode = WorkMode(rawValue: argument) {
      wantMode(mode)
      return
    }
    let current = wanted.mode ?? thread?.mode
    let rows = WorkMode.allCases.map { mode in
      ListDialog.Row(id: mode.rawValue, title: mode.rawValue, facts: mode.words, isCurrent: mode == current)
    }
    dialogs.append(.list(ListDialog(kind: .modes, title: "Mode from the next message on", rows: rows)))
  }

  // MARK: Themes

  private mutating func runTheme(_ argument: String) {
    if themes.contains(where: { $0.name == argument }) {
      selectTheme(argument)
      hasChosenTheme = true
      emit(.save(.theme(argument)))
      return
    }
    let rows = themes.map { theme in
      ListDialog.Row(
        id: theme.name, title: theme.name, facts: theme.isDark ? "dark" : "light",
        isCurrent: theme.name == self.theme.name)
    }
    dialogs.append(.list(ListDialog(kind: .themes(before: theme.name), title: "Theme", rows: rows)))
  }

  /// Shows the theme under the cursor while the list is open.
  mutating func previewTheme() {
    guard case .list(let list) = dialogs.last, case .themes = list.kind, let row = list.chosen else { return }
    selectTheme(row.id)
  }

  mutating func selectTheme(_ name: String) {
    if let found = themes.first(where: { $0.name == name }) { theme = found }
  }

  mutating func install(_ themes: [Theme], use name: String?) {
    let bundled = Theme.bundled.filter { own in !themes.contains { $0.name == own.name } }
    self.themes = themes + bundled
    if let name {
      if self.themes.contains(where: { $0.name == name }) {
        hasChosenTheme = true
        selectTheme(name)
      } else {
        warn("There is no theme \(name); /theme lists them.")
      }
    } else {
      selectTheme(theme.name)
    }
  }

  /// The terminal's background decides only where the user did not.
  mutating func adopt(isDark: Bool) {
    guard !hasChosenTheme, theme.isDark != isDark else { return }
    theme = themes.first { $0.name == (isDark ? "ember" : "paper") } ?? .standard(isDark: isDark)
  }
}
