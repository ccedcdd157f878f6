/// Undo and redo steps of one buffer, bounded in number and in size.
struct EditHistory: Sendable {
  struct State: Sendable {
    var characters: [Character]
    var caret: Int
  }

  /// More steps than anyone walks back.
  static let maxSteps = 200
  /// Characters over all steps (16 bytes each): 8 MB at most for one field.
  static let maxCharacters = 500_000

  private var past: [State] = []
  private var future: [State] = []
  private var kept = 0

  mutating func remember(_ state: State) {
    future.removeAll()
    past.append(state)
    kept += state.characters.count
    while past.count > 1, past.count > Self.maxSteps || kept > Self.maxCharacters {
      kept -= past.removeFirst().characters.count
    }
  }

  mutating func undo(from present: State) -> State? {
    guard let state = past.popLast() else { return nil }
    kept -= state.characters.count
    future.append(present)
    return state
  }

  mutating func redo(from present: State) -> State? {
    guard let state = future.popLast() else { return nil }
    past.append(present)
    kept += present.characters.count
    return state
  }
}
