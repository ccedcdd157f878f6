import StetProtocol

/// What closes a turn that was cut off (R9): it reads as interrupted, what ran in it as failed, and every call has an
/// output. A fork of a running turn is closed the same way.
struct CrashRepair: Sendable {
  enum Cause: Sendable { case crash, fork }

  private let turnId: String
  private let items: [ThreadRecord.Item]
  /// What the prompt lacks.
  let prompt: [JSONValue]

  /// Nil when no turn is open.
  init?(_ reader: HistoryReader, _ cause: Cause) throws {
    guard let place = try reader.openTurn() else { return nil }
    let turn = try reader.id(of: place)
    turnId = turn
    items = try reader.items(of: place).filter(\.isBegun).map { place in
      let entry = try reader.entry(place)
      return ThreadRecord.Item(
        turnId: turn, position: entry.position, startedAtMs: entry.startedAtMs,
        completedAtMs: entry.startedAtMs, item: entry.item)
    }
    let lost =
      cause == .crash
      ? "no result: stet was stopped while this call ran"
      : "no result: the thread was forked while this call ran"
    var log = try reader.prompt(since: place).prompt
    let note = cause == .crash ? TurnMachine.stoppedNote : TurnMachine.abortedNote
    let missing = log.unansweredCalls.map { $0.output(.text(lost, success: false)) }
    prompt = (missing + [MessageItem.ours(note)]).map { item in
      let noted = log.noted(item, origin: nil)
      log.append(noted)
      return noted
    }
  }

  /// Writes it down.
  func apply(to journal: ThreadJournal) {
    for item in items { journal.append(ThreadRecord.item, item) }
    for item in prompt { journal.append(ThreadRecord.prompt, item) }
    journal.append(
      ThreadRecord.turnCompleted,
      ThreadRecord.TurnCompleted(turnId: turnId, status: .interrupted, completedAtMs: nil))
  }
}
