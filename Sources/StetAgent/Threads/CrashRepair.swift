import StetProtocol

/// Closes what a killed process left open (R9): the turn reads as interrupted, every call has an output.
enum CrashRepair {
  static let lostOutput = "no result: stet was stopped while this call ran"

  static func apply(_ opened: inout ThreadStore.Opened) {
    let calls = opened.replay.prompt.unansweredCalls
    guard opened.replay.hasOpenTurn || !calls.isEmpty else { return }
    let journal = opened.journal
    var items = calls.map { $0.output(.text(lostOutput, success: false)) }
    items.append(MessageItem.user(TurnMachine.stoppedNote))
    for item in items { journal.append(ThreadRecord.prompt, item) }
    if let turn = opened.replay.turns.last, turn.status == .inProgress {
      journal.append(
        ThreadRecord.turnCompleted,
        ThreadRecord.TurnCompleted(turnId: turn.id, status: .interrupted, completedAtMs: nil))
    }
    opened.replay.close(with: items)
  }
}
