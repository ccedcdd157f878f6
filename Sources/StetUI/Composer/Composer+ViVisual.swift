/// What is selected in vi's visual modes, and what is done with it.
extension Composer {
  /// The characters that are selected, to be shown as such.
  var selection: Range<Int>? {
    guard let vi, vi.isVisual else { return nil }
    return selection(vi)
  }

  func selection(_ state: ViState) -> Range<Int> {
    let low = min(state.anchor, buffer.caret, buffer.count)
    let high = min(max(state.anchor, buffer.caret), buffer.count)
    if state.mode == .visualLines { return buffer.start(ofLineAt: low)..<buffer.end(ofLineAt: high) }
    return low..<min(high + 1, buffer.count)
  }

  /// A command of the visual modes; false for what moves as it does in the normal mode.
  mutating func select(_ command: ViCommand, _ state: inout ViState) -> Bool {
    let range = selection(state)
    let hasLines = state.mode == .visualLines
    switch command {
    case .visual, .visualLines:
      let wanted: ViState.Mode = command == .visual ? .visual : .visualLines
      state.mode = state.mode == wanted ? .normal : wanted
    case .cancel where !state.isPending: state.mode = .normal
    case .openBelow, .openAbove:
      let anchor = min(state.anchor, buffer.count)
      state.anchor = buffer.caret
      buffer.move(to: anchor)
    case .insert, .append:
      state.awaited = .object(isInner: command == .insert)
      return true
    case .delete, .deleteCharacter, .deleteBefore: leave(.delete, range, hasLines: hasLines, &state)
    case .deleteToEnd: leave(.delete, lines(range), hasLines: true, &state)
    case .change, .substitute: leave(.change, range, hasLines: hasLines, &state)
    case .changeToEnd, .substituteLine: leave(.change, lines(range), hasLines: true, &state)
    case .yank: leave(.yank, range, hasLines: hasLines, &state)
    case .yankLine: leave(.yank, lines(range), hasLines: true, &state)
    case .putAfter, .putBefore: put(over: range, &state)
    case .toggleCase:
      toggleCase(range)
      buffer.move(to: range.lowerBound)
      state.mode = .normal
    case .join:
      let count = buffer.characters[range].count(where: \.isNewline) + 1
      buffer.move(to: range.lowerBound)
      join(count)
      state.mode = .normal
    case .undo, .redo, .repeatChange, .insertAtStart, .appendAtEnd, .toNormal: break
    default: return false
    }
    state.forgetPending()
    return true
  }

  private func lines(_ range: Range<Int>) -> Range<Int> {
    buffer.start(
      ofLineAt: range.lowerBound)..<buffer.end(ofLineAt: max(range.lowerBound, range.upperBound - 1))
  }

  private mutating func leave(
    _ wanted: ViState.Operator, _ range: Range<Int>, hasLines: Bool, _ state: inout ViState
  ) {
    // `.` does the same to as many characters or lines from the caret.
    let count = hasLines ? buffer.characters[range].count(where: \.isNewline) + 1 : range.count
    let digits = String(min(count, ViState.maxCount)).compactMap {
      $0.wholeNumberValue.map(ViState.Step.digit)
    }
    let command: ViCommand = wanted == .delete ? .deleteCharacter : .substitute
    let operation: ViCommand = wanted == .delete ? .delete : .change
    let isInOneLine = hasLines || !buffer.characters[range].contains(where: \.isNewline)
    state.mode = .normal
    apply(wanted, range, hasLines: hasLines, &state)
    state.forgetPending()
    if wanted == .yank { buffer.move(to: range.lowerBound) }
    guard wanted != .yank, isInOneLine else { return }
    let steps = hasLines ? [.command(operation), .command(operation)] : [ViState.Step.command(command)]
    state.lastChange = .init(steps: digits + steps)
    if wanted == .change { beginInsertion(&state) }
  }

  private mutating func put(over range: Range<Int>, _ state: inout ViState) {
    let (text, hasLines) = (state.held?.text ?? [], state.held?.hasLines ?? false)
    state.register = nil
    state.keep(
      .init(text: Array(buffer.characters[range]), hasLines: state.mode == .visualLines), isYank: false)
    buffer.replace(range, with: hasLines && state.mode == .visual ? ["\n"] + text + ["\n"] : text)
    buffer.move(to: max(range.lowerBound, range.lowerBound + text.count - 1))
    state.mode = .normal
  }

  mutating func replaceSelection(with character: Character, _ state: inout ViState) {
    let range = selection(state)
    let replaced = buffer.characters[range].map { $0.isNewline ? $0 : Self.harmless(character) }
    if !replaced.isEmpty { buffer.replace(range, with: replaced) }
    buffer.move(to: range.lowerBound)
    state.mode = .normal
    state.forgetPending()
  }
}
