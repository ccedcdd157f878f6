extension Composer {
  /// Does a command of vi's normal and visual modes. Moving by rows and over the ends of the draft is not its business.
  mutating func perform(_ command: ViCommand) {
    guard var state = vi else { return }
    vi = nil
    if command == .repeatChange, !state.isVisual {
      repeatChange(&state)
    } else {
      record(.command(command), &state) { $0.run(command, &$1) }
    }
    if state.isCommanding { standOnCharacter() }
    vi = state
  }

  /// A character that a command waited for.
  mutating func take(awaited character: Character) {
    guard var state = vi, state.awaited != nil else { return }
    vi = nil
    record(.awaited(character), &state) { $0.take(character, &$1) }
    if state.isCommanding { standOnCharacter() }
    vi = state
  }

  mutating func take(_ character: Character, _ state: inout ViState) {
    guard let awaited = state.awaited else { return }
    state.awaited = nil
    switch awaited {
    case .find(let find):
      state.lastFind = .init(find: find, character: character)
      go(
        buffer.viFind(.init(find: find, character: character), count: takeCount(&state), isRepeated: false),
        &state)
    case .replacement where state.isVisual: replaceSelection(with: character, &state)
    case .replacement: replaceHere(with: character, takeCount(&state))
    case .goTo:
      if character == "g" { go(buffer.viTop, &state) } else { state.forgetPending() }
    case .object(let isInner):
      if let range = buffer.viObject(character, isInner: isInner) { take(range, &state) }
      state.forgetPending()
    case .register:
      if ViState.names(character) { state.register = character } else { state.forgetPending() }
    }
  }

  /// A text object goes to the operator that waits for it, or is what is selected.
  private mutating func take(_ range: Range<Int>, _ state: inout ViState) {
    if let pending = state.pending {
      apply(pending, range, hasLines: false, &state)
    } else if state.isVisual, !range.isEmpty {
      state.anchor = range.lowerBound
      buffer.move(to: range.upperBound - 1)
    }
  }

  mutating func run(_ command: ViCommand, _ state: inout ViState) {
    if state.isVisual, select(command, &state) { return }
    switch command {
    case .left, .right, .down, .up, .wordForward, .wordBack, .wordEnd, .bigWordForward, .bigWordBack,
      .bigWordEnd,
      .lineStart, .textStart, .lineEnd, .lastLine:
      move(command, &state)
    case .find: state.awaited = .find(.init(isForward: true, stopsBefore: false))
    case .findBack: state.awaited = .find(.init(isForward: false, stopsBefore: false))
    case .till: state.awaited = .find(.init(isForward: true, stopsBefore: true))
    case .tillBack: state.awaited = .find(.init(isForward: false, stopsBefore: true))
    case .repeatFind, .repeatFindBack:
      guard var found = state.lastFind else { return state.forgetPending() }
      if command == .repeatFindBack { found.find.isForward.toggle() }
      go(buffer.viFind(found, count: takeCount(&state), isRepeated: true), &state)
    case .goTo: state.awaited = .goTo
    case .register: state.awaited = .register
    case .replace: state.awaited = .replacement
    case .delete: operate(.delete, &state)
    case .change: operate(.change, &state)
    case .yank: operate(.yank, &state)
    case .insert, .append:
      if state.pending != nil {
        state.awaited = .object(isInner: command == .insert)
      } else {
        insert(command, &state)
      }
    case .visual, .visualLines:
      state.forgetPending()
      (state.mode, state.anchor) = (command == .visual ? .visual : .visualLines, buffer.caret)
    case .toNormal:
      noteInserted(&state)
      if buffer.caret > buffer.lineStart { buffer.move(to: buffer.caret - 1) }
      state.mode = .normal
    case .cancel, .count: state.forgetPending()
    default: change(command, &state)
    }
  }

  private mutating func change(_ command: ViCommand, _ state: inout ViState) {
    let count = takeCount(&state)
    let caret = buffer.caret
    switch command {
    case .deleteToEnd: apply(.delete, caret..<buffer.lineEnd, hasLines: false, &state)
    case .changeToEnd: apply(.change, caret..<buffer.lineEnd, hasLines: false, &state)
    case .yankLine: wholeLines(.yank, count, &state)
    case .substituteLine: wholeLines(.change, count, &state)
    case .deleteCharacter: apply(.delete, caret..<min(caret + count, buffer.lineEnd), hasLines: false, &state)
    case .deleteBefore: apply(.delete, max(buffer.lineStart, caret - count)..<caret, hasLines: false, &state)
    case .substitute: apply(.change, caret..<min(caret + count, buffer.lineEnd), hasLines: false, &state)
    case .putAfter, .putBefore: put(isAfter: command == .putAfter, state)
    case .toggleCase: toggleCase(count)
    case .join: join(count)
    case .undo: for _ in 0..<count { buffer.undo() }
    case .redo: for _ in 0..<count { buffer.redo() }
    default: insert(command, &state)
    }
    state.forgetPending()
  }

  private mutating func insert(_ command: ViCommand, _ state: inout ViState) {
    switch command {
    case .append: buffer.move(to: min(buffer.caret + 1, buffer.lineEnd))
    case .insertAtStart: buffer.move(to: buffer.textStart(ofLineAt: buffer.caret))
    case .appendAtEnd: buffer.move(to: buffer.lineEnd)
    case .openBelow:
      buffer.move(to: buffer.lineEnd)
      buffer.insert(["\n"])
    case .openAbove:
      buffer.move(to: buffer.lineStart)
      buffer.insert(["\n"])
      buffer.move(to: buffer.caret - 1)
    default: break
    }
    state.forgetPending()
    state.mode = .insert
  }

  // MARK: Motions

  private mutating func move(_ command: ViCommand, _ state: inout ViState) {
    let count = takeCount(&state)
    // cw changes the word, not the blanks behind it.
    let isOnWord = buffer.caret < buffer.count && !buffer.characters[buffer.caret].isWhitespace
    if state.pending == .change, isOnWord, command == .wordForward || command == .bigWordForward {
      return go(buffer.viWordRest(count: count, isBig: command == .bigWordForward), &state)
    }
    go(buffer.viMotion(command, count: count, forOperator: state.pending != nil), &state)
  }

  private mutating func go(_ motion: ViMotion?, _ state: inout ViState) {
    defer { state.forgetPending() }
    guard let motion else { return }
    guard let pending = state.pending else { return buffer.move(to: motion.target) }
    let (from, to) = (min(buffer.caret, motion.target), max(buffer.caret, motion.target))
    if motion.hasLines {
      apply(pending, buffer.start(ofLineAt: from)..<buffer.end(ofLineAt: to), hasLines: true, &state)
    } else {
      apply(pending, from..<min(buffer.count, to + (motion.isInclusive ? 1 : 0)), hasLines: false, &state)
    }
  }

  /// An operator twice is about whole lines.
  private mutating func operate(_ wanted: ViState.Operator, _ state: inout ViState) {
    guard state.pending == wanted else {
      guard state.pending == nil else { return state.forgetPending() }
      state.pending = wanted
      (state.multiplier, state.count) = (state.count ?? 1, nil)
      return
    }
    wholeLines(wanted, takeCount(&state), &state)
    state.forgetPending()
  }

  private mutating func wholeLines(_ wanted: ViState.Operator, _ count: Int, _ state: inout ViState) {
    var end = buffer.lineEnd
    for _ in 1..<max(1, count) where end < buffer.count { end = buffer.end(ofLineAt: end + 1) }
    apply(wanted, buffer.lineStart..<end, hasLines: true, &state)
  }

  mutating func apply(
    _ wanted: ViState.Operator, _ range: Range<Int>, hasLines: Bool, _ state: inout ViState
  ) {
    let taken = Array(buffer.characters[range.clamped(to: 0..<buffer.count)])
    state.keep(.init(text: taken, hasLines: hasLines), isYank: wanted == .yank)
    switch wanted {
    case .yank: if !hasLines { buffer.move(to: range.lowerBound) }
    case .change:
      if !range.isEmpty { buffer.replace(range, with: []) }
      state.mode = .insert
    case .delete:
      var range = range
      // A whole line goes with one of its line ends.
      if hasLines, range.upperBound < buffer.count {
        range = range.lowerBound..<range.upperBound + 1
      } else if hasLines, range.lowerBound > 0 {
        range = range.lowerBound - 1..<range.upperBound
      }
      guard !range.isEmpty else { return }
      buffer.replace(range, with: [])
      if hasLines { buffer.move(to: buffer.textStart(ofLineAt: buffer.caret)) }
    }
  }

  // MARK: Changes

  private mutating func put(isAfter: Bool, _ state: ViState) {
    guard let held = state.held, !held.text.isEmpty || held.hasLines else { return }
    if held.hasLines {
      let place = isAfter ? buffer.lineEnd : buffer.lineStart
      buffer.replace(place..<place, with: isAfter ? ["\n"] + held.text : held.text + ["\n"])
      buffer.move(to: isAfter ? place + 1 : place)
    } else {
      let place = isAfter ? min(buffer.caret + 1, buffer.lineEnd) : buffer.caret
      buffer.replace(place..<place, with: held.text)
      buffer.move(to: buffer.caret - 1)
    }
  }

  private mutating func replaceHere(with character: Character, _ count: Int) {
    let end = buffer.caret + count
    guard end <= buffer.lineEnd else { return }
    buffer.replace(buffer.caret..<end, with: Array(repeating: Self.harmless(character), count: count))
    buffer.move(to: buffer.caret - 1)
  }

  private mutating func toggleCase(_ count: Int) {
    toggleCase(buffer.caret..<min(buffer.caret + count, buffer.lineEnd))
  }

  mutating func toggleCase(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    let changed = buffer.characters[range].flatMap { character in
      character.isUppercase ? Array(character.lowercased()) : Array(character.uppercased())
    }
    buffer.replace(range, with: changed)
  }

  mutating func join(_ count: Int) {
    for _ in 0..<max(1, count - 1) {
      let end = buffer.lineEnd
      guard end < buffer.count else { return }
      let next = buffer.textStart(ofLineAt: end + 1)
      buffer.replace(end..<next, with: [" "])
      buffer.move(to: end)
    }
  }

  private func takeCount(_ state: inout ViState) -> Int {
    defer { (state.count, state.multiplier) = (nil, 1) }
    return min(ViState.maxCount, max(1, state.count ?? 1) * state.multiplier)
  }

  /// The caret of the normal mode stands on a character, not behind the last one.
  private mutating func standOnCharacter() {
    if buffer.caret > buffer.lineStart, buffer.caret == buffer.lineEnd { buffer.move(to: buffer.caret - 1) }
  }
}
