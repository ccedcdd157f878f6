import StetProtocol

/// Whole turns: those of a thread that is opened, and earlier ones that are read later.
extension Transcript {
  /// Replaces everything by the turns of a resumed thread.
  mutating func load(_ turns: [Turn], now: Instant) {
    reset()
    for turn in turns {
      for item in turn.items {
        put(item, turnId: turn.id, isFinal: turn.status != .inProgress || isComplete(item), now: now)
      }
      switch turn.status {
      case .interrupted:
        closeTurn(turn.id, wasCut: true)
        addOwn(.note(NoteContent(kind: .stopped, text: "stopped")), turnId: turn.id, now: now)
      case .failed:
        closeTurn(turn.id, wasCut: true)
        if let error = turn.error { addOwn(.error(ErrorContent(error)), turnId: turn.id, now: now) }
      case .completed, .inProgress, .unknown: break
      }
    }
  }

  /// Puts earlier turns before everything, without moving what is on the screen. Returns how many entries they are;
  /// what is there already is not put there twice.
  mutating func prepend(_ turns: [Turn], now: Instant) -> Int {
    var past = Transcript()
    past.ownItems = ownItems
    past.restore(folds: folds)
    past.load(turns, now: now)
    ownItems = past.ownItems
    let fresh = past.items.filter { positions[$0.id] == nil }
    guard !fresh.isEmpty else { return 0 }
    items.insert(contentsOf: fresh, at: 0)
    index()
    selected = selected.map { $0 + fresh.count }
    layout.insertFirst(fresh.count, items)
    return fresh.count
  }

  /// Forgets the first entries. The one that is selected must not be among them.
  mutating func dropFirst(_ count: Int) {
    guard count > 0 else { return }
    items.removeFirst(min(count, items.count))
    index()
    selected = selected.map { max(0, $0 - count) }
    layout.dropFirst(count)
  }

  /// Takes an entry of our own away whose matter is over.
  mutating func withdraw(_ id: String) {
    guard let place = positions[id] else { return }
    items.remove(at: place)
    index()
    if let old = selected, old >= place { selected = old == place ? nil : old - 1 }
    layout.remove(place)
  }

  mutating func reset() {
    items = []
    positions = [:]
    layout = TranscriptLayout()
    selected = nil
    isCut = false
  }

  private mutating func index() {
    positions = [:]
    for (position, item) in items.enumerated() { positions[item.id] = position }
  }
}
