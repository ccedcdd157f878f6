import StetProtocol
import StetText

/// From an action to the part of the state that does it. Each group has its own file.
extension AppState {
  mutating func perform(_ action: Action, _ key: Key) {
    switch action {
    case .edit(let command): edit(command)
    case .app(let command): perform(command)
    case .composer(let command): perform(command)
    case .vi(let command): perform(command, key)
    case .popup(let command): perform(command)
    case .transcript(let command): perform(command, key)
    case .prompt(let command): perform(command, key)
    case .field(let command): perform(command)
    case .review(let command): perform(command)
    case .reviewConfirm(let command): perform(command)
    case .reviewFiles(let command): perform(command)
    case .list(let command): perform(command)
    case .queue(let command): perform(command)
    case .undo(let command): perform(command)
    case .compact(let command): perform(command)
    case .page(let command): perform(command)
    case .permissions(let command): perform(command)
    case .outside(let command): perform(command)
    }
  }

  /// Edits whichever text has the keys.
  private mutating func edit(_ command: EditCommand) {
    if case .list = dialogs.last {
      updateList { list in
        list.filter.apply(command)
        list.selected = 0
      }
    } else if case .permissions = dialogs.last {
      updatePermissions { $0.field?.apply(command) }
    } else if contexts.first == .field {
      updateField { $0?.buffer.apply(command) }
    } else {
      composer.edit(command)
      noteDraftChange()
    }
  }

  private mutating func perform(_ command: AppCommand) {
    switch command {
    case .help: dialogs.append(.page(PageDialog(.help)))
    case .interrupt: interrupt()
    case .stop: stopTurn()
    case .suspend: emit(.suspend)
    case .focusPrompt: togglePromptFocus()
    case .threads: openThreadPicker()
    case .demo: emit(.startDemo)
    case .trust: trustDirectory()
    case .nextMode: wantNextMode()
    case .mouse: toggleMouse()
    }
  }

  /// ctrl-c: clears a draft, else stops, else (twice) quits (U5).
  private mutating func interrupt() {
    if launch == .viewer { return quit() }
    if !dialogs.isEmpty, !isWorking, lastInterrupt == nil {
      closeDialog()
      lastInterrupt = now
      show("ctrl-c again quits")
      return
    }
    if !composer.isEmpty {
      composer.remember(composer.keptText)
      composer.clear()
      noteDraftChange()
      show("cleared · ctrl-y brings it back")
    } else if isWorking, turn?.isStopping != true {
      stopTurn()
      lastInterrupt = now
    } else if lastInterrupt != nil {
      quit()
    } else {
      lastInterrupt = now
      show("ctrl-c again quits")
    }
  }

  mutating func quit() {
    saveDraft()
    emit(.quit(dump: settings.dumpsOnExit && !transcript.isEmpty ? plainTranscript() : nil))
  }

  private mutating func togglePromptFocus() {
    guard let prompt = prompts.current else { return isReviewOpen ? () : openWaiting() }
    if prompts.isCurrentFocused {
      prompts.focused = nil
    } else {
      while !dialogs.isEmpty { closeDialog() }
      prompts.focused = prompt.id
      focus = .composer
    }
  }

  // MARK: Composer

  private mutating func perform(_ command: ComposerCommand) {
    switch command {
    case .send: send()
    case .sendQueued: sendNextQueued()
    case .queue: enqueue()
    case .toTranscript: enterTranscript()
    case .editor: emit(.edit(text: composer.keptText, fileName: "message.md", purpose: .draft))
    case .up: moveInComposer(-1)
    case .down: moveInComposer(1)
    case .historyList: openHistory()
    case .queueList: dialogs.append(.queue(QueueDialog()))
    case .pageUp: scrollTranscript(by: -max(1, transcriptRows - 2))
    case .pageDown: scrollTranscript(by: max(1, transcriptRows - 2))
    case .halfPageUp: scrollTranscript(by: -max(1, transcriptRows / 2))
    case .halfPageDown: scrollTranscript(by: max(1, transcriptRows / 2))
    }
  }

  /// enter: opens the paste the caret stands on, runs a command, else sends.
  mutating func send() {
    if composer.tokenAtCaret != nil {
      if !composer.openToken() { show("too long to edit here · ctrl-g opens your editor") }
      return
    }
    let text = composer.text
    guard text.contains(where: { !$0.isWhitespace }) else { return }
    if composer.isCommand { return runOwn(String(text.dropFirst().drop { $0.isWhitespace })) }
    if let (command, argument) = SlashCommand.parse(text) {
      _ = composer.take()
      noteDraftChange()
      run(command, argument)
      return
    }
    if case .missing = setup, thread == nil {
      show("there is no model to send this to · with an empty line, d opens the demo", isWarning: true)
      return
    }
    guard closedReason == nil else {
      show("not connected: the message stays here", isWarning: true)
      return
    }
    guard !waitsForPrompts(text, queues: false), let message = expanded(text) else { return }
    emit(.save(.history(composer.keptText)))
    _ = composer.take()
    noteDraftChange()
    submit(message)
  }

  /// `!`: a command of the user's own, which runs as in a shell of theirs and whose output the model sees (U9).
  private mutating func runOwn(_ command: String) {
    guard !command.isEmpty else { return show("! runs a shell command: ! make test") }
    guard let thread, closedReason == nil else {
      show("not connected to a thread: the command stays here", isWarning: true)
      return
    }
    emit(.save(.history(composer.text)))
    _ = composer.take()
    noteDraftChange()
    emit(.send(.threadShellCommand(.init(threadId: thread.id, command: command)), .shellCommand))
    transcript.layout.follow()
  }

  mutating func enqueue() {
    guard outbox.queue.count < Outbox.maxQueue else {
      show("the queue is full", isWarning: true)
      return
    }
    guard !waitsForPrompts(composer.text, queues: true), let message = expanded(composer.text) else { return }
    let kept = composer.keptText
    guard composer.take().contains(where: { !$0.isWhitespace }) else { return }
    outbox.queue.append(message)
    emit(.save(.history(kept)))
    noteDraftChange()
  }

  mutating func moveInComposer(_ step: Int) {
    let layout = ComposerLayout(composer, width: composerWidth)
    if let target = layout.position(rowsAway: step), !composer.isBrowsingHistory {
      composer.buffer.move(to: target)
    } else if step < 0 {
      composer.showOlder()
    } else {
      composer.showNewer()
    }
    noteDraftChange()
  }

  /// Columns of the composer's text.
  var composerWidth: Int { max(1, size.columns - (size.columns >= 30 ? 4 : 2)) }

  private mutating func enterTranscript() {
    focus = .transcript
    transcript.selected = transcript.selected ?? transcript.items.indices.last
    revealSelected()
  }

  // MARK: Popup

  private mutating func perform(_ command: PopupCommand) {
    switch command {
    case .next: popup?.move(by: 1)
    case .previous: popup?.move(by: -1)
    case .complete: choosePopupEntry(runs: false)
    case .choose: choosePopupEntry(runs: true)
    case .close:
      dismissedPopup = popup?.query
      popup = nil
    }
  }

  private mutating func choosePopupEntry(runs: Bool) {
    guard let popup, popup.entries.indices.contains(popup.selected) else { return }
    let entry = popup.entries[popup.selected]
    self.popup = nil
    composer.buffer.replace(popup.range, with: entry.text + " ")
    noteDraftChange()
    if runs, popup.kind == .command { send() }
  }
}
