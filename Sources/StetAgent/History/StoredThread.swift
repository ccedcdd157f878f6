import StetProtocol
import StetStore

/// What a session needs of a stored thread to begin with; the rest is read when it is asked for (R4).
struct StoredThread: Sendable {
  let view: HistoryView
  let usage: ThreadTokenUsage?
  /// The turn of these counts.
  let usageTurn: String?
  /// Messages that wait for their turn.
  let queue: [QueuedSubmission]
  let goal: ThreadGoal?
  /// The last turn was stopped or failed.
  let lastTurnStopped: Bool

  /// Blocks on the disk.
  init(_ reader: HistoryReader, thread: String) throws {
    view = reader.view
    let counted = try reader.last(HistoryKind.usage, as: ThreadRecord.Usage.self)
    usage = counted?.usage
    usageTurn = counted?.turnId
    // What waits is the thread's own: not its parent's, and a revert does not bring back what was taken.
    let waiting = try reader.own(HistoryKind.queue, as: ThreadRecord.Queue.self)
    let stored = waiting.flatMap { $0.threadId == thread ? $0.submissions : nil } ?? []
    let goal = try reader.own(HistoryKind.goal, as: ThreadRecord.Goal.self)?.goal
    self.goal = goal.flatMap { $0.threadId == thread ? $0 : nil }
    let last = try reader.turns(from: nil, including: true, descending: true, limit: 1).first
    // The turn of a queued message had begun with it when the program was killed: it waits no more.
    queue =
      try stored.first.flatMap { first in
        try last.map { try Self.began($0, with: first, reader) } == true ? Array(stored.dropFirst()) : nil
      } ?? stored
    lastTurnStopped = try last.map { try reader.turn($0, .notLoaded).status != .completed } ?? false
  }

  private static func began(
    _ turn: HistoryReader.Place, with submission: QueuedSubmission, _ reader: HistoryReader
  ) throws -> Bool {
    guard let place = try reader.items(of: turn).first(where: { $0.row.kind == HistoryKind.userMessage }),
      case .userMessage(let item) = try reader.entry(place).item
    else { return false }
    return item.clientId == submission.clientUserMessageId && item.content == submission.input
  }
}
