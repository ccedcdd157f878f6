import StetProtocol
import StetStore

/// What a session needs of a stored thread to begin with; the rest is read when it is asked for (R4).
struct StoredThread: Sendable {
  let view: HistoryView
  let usage: ThreadTokenUsage?
  /// Messages that wait for their turn.
  let queue: [QueuedSubmission]
  let goal: ThreadGoal?
  /// The last turn was stopped or failed.
  let lastTurnStopped: Bool

  /// Blocks on the disk.
  init(_ reader: HistoryReader, thread: String) throws {
    view = reader.view
    usage = try reader.last(HistoryKind.usage, as: ThreadRecord.Usage.self)?.usage
    // What waits is the thread's own: not its parent's, and a revert does not bring back what was taken.
    let waiting = try reader.own(HistoryKind.queue, as: ThreadRecord.Queue.self)
    queue = waiting.flatMap { $0.threadId == thread ? $0.submissions : nil } ?? []
    let goal = try reader.own(HistoryKind.goal, as: ThreadRecord.Goal.self)?.goal
    self.goal = goal.flatMap { $0.threadId == thread ? $0 : nil }
    let last = try reader.turns(from: nil, including: true, descending: true, limit: 1).first
    lastTurnStopped = try last.map { try reader.turn($0, .notLoaded).status != .completed } ?? false
  }
}
