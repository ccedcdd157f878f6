import StetProtocol

/// A turn as the thread remembers it, running or over.
struct TurnState: Hashable, Sendable {
  struct Entry: Hashable, Sendable {
    var item: ThreadItem
    var position: Int
    var startedAtMs: Int64
    /// Nil while the item is open.
    var completedAtMs: Int64?

    /// The entry as it is shown when nothing will complete it any more.
    var cut: Entry {
      var entry = self
      if completedAtMs == nil { entry.item = item.cut }
      return entry
    }
  }

  let id: String
  /// The first turn of the work that led to this one, as the client says; nil: this one.
  var rootId: String?
  var status = TurnStatus.inProgress
  var startedAtMs: Int64
  var completedAtMs: Int64?
  var durationMs: Int64?
  var error: TurnError?
  /// By `position`, without gaps in a running turn.
  var entries: [Entry] = []

  init(id: String, startedAtMs: Int64) {
    self.id = id
    self.startedAtMs = startedAtMs
  }

  mutating func end(_ record: ThreadRecord.TurnCompleted) {
    status = record.status
    completedAtMs = record.completedAtMs
    durationMs = record.durationMs
    error = record.error
  }

  /// The turn as clients see it (protocol.md §2).
  func wire(_ view: TurnItemsView) -> Turn {
    Turn(
      id: id, rootTurnId: rootId ?? id, items: items(view), itemsView: view, status: status, error: error,
      startedAt: Int(startedAtMs / 1_000), completedAt: completedAtMs.map { Int($0 / 1_000) },
      durationMs: durationMs.map { Int($0) })
  }

  /// The turn as `turn/completed` carries it: its last message, if it has one.
  var completedWire: Turn {
    var turn = wire(.notLoaded)
    if let message = entries.last(where: { if case .agentMessage = $0.item { true } else { false } }) {
      turn.items = [message.item]
      turn.itemsView = .summary
    }
    return turn
  }

  private func items(_ view: TurnItemsView) -> [ThreadItem] {
    switch view {
    case .full: return entries.map(\.item)
    case .summary:
      let first = entries.first { if case .userMessage = $0.item { true } else { false } }
      let last = entries.last { if case .agentMessage = $0.item { true } else { false } }
      return [first, last].compactMap { $0?.item }
    default: return []
    }
  }
}
