import StetProtocol
import StetText

/// From a key to an action: the active contexts are asked in order, then the key is text.
extension AppState {
  mutating func handle(_ input: InputEvent) {
    switch input {
    case .key(let key): press(key)
    case .paste(let text): paste(text)
    case .mouse(let mouse): handle(mouse)
    case .focus(let isFocused): isPaneFocused = isFocused
    case .resize(let size): self.size = size
    }
  }

  mutating func press(_ key: Key) {
    let promptBefore = promptHasKeys ? prompts.current?.id : nil
    if key != .ctrl("c") { lastInterrupt = nil }
    keysTaken += 1
    dispatch(key)
    lastKey = now
    // A key that was not typing leaves the prompt's turn to take keys as it was.
    let isStill = promptBefore != nil && prompts.current?.id == promptBefore && dialogs.isEmpty
    let isEngaged = isStill && focus == .composer && composer.isEmpty
    prompts.updateCurrent { $0.isEngaged = isEngaged }
  }

  private mutating func dispatch(_ key: Key) {
    var obstacle: String?
    if contexts.contains(.vi), composer.vi?.awaited != nil, let character = key.typed {
      composer.take(awaited: character)
      return noteDraftChange()
    }
    for context in contexts {
      if let binding = Keymap.standard.binding(key, in: context) {
        if let reason = binding.unavailable(self) {
          obstacle = obstacle ?? reason
          continue
        }
        perform(binding.action, key)
        return
      }
      if let character = key.typed, type(character, in: context) { return }
    }
    if let obstacle { show(obstacle) }
  }

  /// Where keys go now, the nearest first.
  var contexts: [KeyContext] {
    if let dialog = dialogs.last {
      if case .review = dialog {
        if reviewField != nil { return [.field, .global] }
        if review?.confirm != nil { return [.reviewConfirm, .global] }
        if review?.view.showsFiles == true { return [.reviewFiles, .global] }
      }
      return [dialog.context, .global]
    }
    if promptHasKeys, let prompt = prompts.current {
      let own: [KeyContext] = [prompt.field == nil ? prompt.context : .field]
      if prompts.isCurrentFocused || prompt.field != nil { return own + [.global] }
      return own + [.empty, .composer, .global]
    }
    if focus == .transcript { return (isWorking ? [.working] : []) + [.transcript, .global] }
    var contexts: [KeyContext] = popup == nil ? [] : [.popup]
    if let vi = composer.vi {
      if vi.isCommanding { contexts.append(.vi) } else if !composer.isEmpty { contexts.append(.viInsert) }
    }
    if isWorking { contexts.append(.working) }
    if isStartScreen, composer.isEmpty { contexts.append(.start) }
    contexts.append(composer.isEmpty ? .empty : .draft)
    return contexts + [.composer, .global]
  }

  /// Nothing to talk to and nothing said yet: the start screen explains and offers the demo.
  var isStartScreen: Bool {
    guard case .missing = setup else { return false }
    return thread == nil && dialogs.isEmpty
  }

  /// Puts a character into the text that a context edits; false if it edits none.
  private mutating func type(_ character: Character, in context: KeyContext) -> Bool {
    switch context {
    case .composer:
      guard takesText(character) else { return true }
      composer.type(character)
      noteDraftChange()
    case .field: updateField { $0?.buffer.type(character) }
    case .permissionTest: updatePermissions { $0.field?.type(character) }
    case .list:
      updateList { list in
        list.filter.type(character)
        list.selected = 0
      }
    default: return false
    }
    return true
  }

  /// In vi's normal mode letters are commands; only what opens a list in an empty composer is text there, too.
  private mutating func takesText(_ character: Character) -> Bool {
    guard composer.vi?.isCommanding == true else { return true }
    guard composer.isEmpty, "/@!$".contains(character) else { return false }
    composer.vi?.mode = .insert
    return true
  }

  private mutating func paste(_ text: String) {
    lastKey = now
    keysTaken += 1
    let line = Composer.characters(of: text).map { $0.isNewline ? " " : $0 }
    if case .list = dialogs.last {
      updateList { list in
        list.filter.insert(line)
        list.selected = 0
      }
    } else if case .permissions = dialogs.last {
      updatePermissions { $0.field?.insert(line) }
    } else if let field, contexts.first == .field {
      let whole = field.takesLines ? Composer.characters(of: text) : line
      updateField { $0?.buffer.insert(whole) }
    } else if dialogs.isEmpty {
      focus = .composer
      composer.paste(text)
      prompts.updateCurrent { $0.isEngaged = false }
      noteDraftChange()
    }
  }

  private mutating func handle(_ mouse: Mouse) {
    switch mouse.action {
    case .wheelUp: scroll(by: -3, at: mouse.position)
    case .wheelDown: scroll(by: 3, at: mouse.position)
    case .press: click(mouse.position)
    case .release, .drag: break
    }
  }

  /// Scrolls what is under the wheel: the top screen, else the transcript, which may stand beside it.
  private mutating func scroll(by lines: Int, at position: Point) {
    guard let dialog = dialogs.last, !showsDetail || position.x > conversationColumns else {
      let whole = size
      size.columns = conversationColumns
      scrollTranscript(by: lines)
      size = whole
      return
    }
    switch dialog {
    case .list: updateList { $0.move(by: lines.signum()) }
    case .page: updatePage { $0.scroll(by: lines) }
    case .undo: updateUndo { $0.top = max(0, $0.top + lines) }
    case .compact: updateCompact { $0.top = max(0, $0.top + lines) }
    case .review: updateReview { $0.moveCursor(by: lines) }
    case .permissions: updatePermissions { $0.move(by: lines.signum()) }
    case .queue, .outside: break
    }
  }

  /// A click in the transcript selects the entry and unfolds it; elsewhere it gives the composer the keys.
  private mutating func click(_ position: Point) {
    if case .review = dialogs.last { return clickReview(position) }
    guard dialogs.isEmpty, !transcript.isEmpty else { return }
    let layout = ConversationLayout(self)
    guard layout.transcript.contains(position) else {
      focus = .composer
      return
    }
    let rows = visibleTranscriptRows(height: layout.transcript.height)
    let row = position.y - layout.transcript.y
    guard rows.indices.contains(row) else { return }
    focus = .transcript
    transcript.selected = rows[row].item
    if rows[row].isHead, transcript.items[rows[row].item].canFold {
      transcript.toggleFold(rows[row].item)
      revealSelected()
    }
  }
}

extension Prompt {
  var context: KeyContext {
    switch kind {
    case .command: .command
    case .review(let review): review.isSingleHunk ? .hunk : .hunks
    case .question: .question
    case .tool: .tool
    case .permissions: .permissions
    }
  }
}
