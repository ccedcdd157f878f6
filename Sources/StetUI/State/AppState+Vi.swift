/// vi's keys in the composer (U7).
extension AppState {
  mutating func perform(_ command: ViCommand, _ key: Key) {
    guard let vi = composer.vi else { return }
    switch command {
    case .count: add(digit: key)
    case .lineStart where vi.count != nil: add(digit: key)
    case .down, .up:
      guard vi.pending == nil else {
        composer.perform(command)
        break
      }
      // By the rows on the screen, and over the ends to other messages, as the arrows do; not with a selection.
      for _ in 0..<min(vi.count ?? 1, Self.maxRows) {
        if vi.isVisual {
          moveSelection(command == .down ? 1 : -1)
        } else {
          moveInComposer(command == .down ? 1 : -1)
        }
      }
      composer.vi?.forgetPending()
      composer.vi?.steps = []
    default: composer.perform(command)
    }
    noteDraftChange()
  }

  private mutating func moveSelection(_ step: Int) {
    let layout = ComposerLayout(composer, width: composerWidth)
    if let target = layout.position(rowsAway: step) { composer.buffer.move(to: target) }
  }

  /// Rows that one key moves by; no draft on a screen has more in sight.
  private static let maxRows = 200

  private mutating func add(digit key: Key) {
    guard let digit = key.typed?.wholeNumberValue else { return }
    composer.vi?.add(digit: digit)
  }

  mutating func adoptViKeys() {
    composer.vi = settings.hasViKeys ? composer.vi ?? ViState() : nil
  }
}
