import StetProtocol
import StetStore

/// Takes a stored history back to before a turn: one record in the thread's own log (R6).
struct HistoryRevert: Sendable {
  let view: HistoryView
  /// The last counts that are left, with their turn.
  let counted: ThreadRecord.Usage?
  let turnsCursor: String?
  let itemsCursor: String?

  /// Blocks. Throws what the client is answered with; then nothing is changed.
  static func perform(
    thread: String, before turnId: String, _ settings: TurnSettings, _ journal: ThreadJournal,
    _ histories: HistoryStore
  ) throws -> HistoryRevert {
    guard let before = try histories.open(thread) else { throw RPCError.noRollout(thread) }
    guard let place = try histories.reader(before.view).find(turn: turnId) else {
      throw RPCError.invalidRequest("turn not found: \(turnId)")
    }
    let base = ThreadRecord.Base(
      threadId: before.view.segments[place.segment].thread, endOffset: place.mark.offset)
    try journal.require(ThreadRecord.revert, ThreadRecord.Revert(turnId: turnId, history: base))
    // The settings are the thread's, not its history's: they stay as they are.
    journal.append(ThreadRecord.settings, ThreadRecord.Settings(settings))
    journal.sync()
    guard let after = try histories.open(thread) else { throw RPCError.noRollout(thread) }
    let reader = try histories.reader(after.view)
    let pages = HistoryPages(thread: thread, reader: reader, live: [])
    return HistoryRevert(
      view: after.view, counted: try reader.last(HistoryKind.usage, as: ThreadRecord.Usage.self),
      turnsCursor: try pages.lastTurnCursor(), itemsCursor: try pages.lastItemCursor())
  }
}
