/// What `.` repeats: the keys of the last change, and what was typed behind them.
extension Composer {
  /// Does a step of a command, and keeps the command's keys if it changed the draft.
  mutating func record(
    _ step: ViState.Step, _ state: inout ViState, _ body: (inout Composer, inout ViState) -> Void
  ) {
    let before = buffer.characters
    let wasNormal = state.mode == .normal
    state.steps.append(step)
    body(&self, &state)
    guard !state.isPending else { return }
    let steps = state.steps
    state.steps = []
    guard wasNormal, !state.isVisual, step != .command(.undo), step != .command(.redo),
      state.mode == .insert || buffer.characters != before
    else { return }
    state.lastChange = .init(steps: steps)
    if state.mode == .insert { beginInsertion(&state) }
  }

  func beginInsertion(_ state: inout ViState) {
    state.insertion = .init(start: buffer.caret, behind: buffer.count - buffer.caret)
  }

  /// The insert mode is left: what was typed in it belongs to the change. Tokens of pastes are not typed.
  func noteInserted(_ state: inout ViState) {
    defer { state.insertion = nil }
    guard let insertion = state.insertion, buffer.caret >= insertion.start,
      buffer.count - buffer.caret == insertion.behind
    else { return }
    state.lastChange?.inserted = buffer.characters[insertion.start..<buffer.caret].filter {
      label(of: $0) == nil
    }
  }

  /// A count in front of `.` takes the place of the change's own.
  mutating func repeatChange(_ state: inout ViState) {
    let count = state.count
    state.forgetPending()
    defer { state.steps = [] }
    guard let change = state.lastChange else { return }
    state.count = count
    for step in change.steps {
      switch step {
      case .digit(let digit): if count == nil { state.add(digit: digit) }
      case .command(let command): run(command, &state)
      case .awaited(let character): take(character, &state)
      }
    }
    if state.mode == .insert {
      buffer.insert(change.inserted)
      run(.toNormal, &state)
    }
    state.lastChange = change
  }
}
