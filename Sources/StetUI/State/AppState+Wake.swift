extension AppState {
  /// When the picture changes by itself: send `.tick` then. Nil while nothing moves, so an idle screen causes no
  /// wake-up at all (U11).
  public func nextWake(now: Instant) -> Instant? {
    var wakes: [Instant] = []
    if isMoving {
      // A command that outlived its turn counts seconds; only a turn has a spinner. Each frame shows it as it is at that
      // moment: while text streams it turns with the frames that come anyway, and asks for none of its own.
      if isWorking, settings.animates {
        wakes.append((paintedAt ?? now).advanced(by: StatusLine.spinnerMs))
      } else {
        let (next, overflow) = (now.milliseconds / 1000 + 1).multipliedReportingOverflow(by: 1000)
        if !overflow { wakes.append(Instant(milliseconds: next)) }
      }
    }
    if let silenceLimit { wakes.append(silenceLimit) }
    if let rest = pictures.rest(now: now) { wakes.append(rest) }
    if let notice { wakes.append(notice.until) }
    if let draftChangedAt { wakes.append(draftChangedAt.advanced(by: Self.draftDelayMs)) }
    if arrivalObstacle != nil, let openAt = arrival?.openAt { wakes.append(openAt) }
    if let prompt = prompts.current, !promptHasKeys, focus == .composer, composer.isEmpty, dialogs.isEmpty,
      let armedAt = prompt.armedAt(lastKey: lastKey)
    {
      // Also when that moment is over by now: the state knows the time of its last event only.
      wakes.append(armedAt)
    }
    return wakes.min().map { max($0, now.advanced(by: 1)) }
  }

  /// A spinner turns or seconds count on the screen. A turn that waits for the user is still.
  private var isMoving: Bool {
    guard isWorking else { return transcript.hasTickingTail }
    return prompts.current == nil || transcript.hasTickingTail
  }
}

extension Transcript {
  /// Something among the last entries shows a running time.
  var hasTickingTail: Bool {
    items.suffix(20).contains { item in
      guard item.isTicking else { return false }
      if case .command(let command) = item.content { return command.state == .running }
      return true
    }
  }
}
