import StetJSON
import StetProtocol
import StetStore

/// Which records of a log the history index has to find again.
enum HistoryRecords {
  /// Notes one record; false when it can't be read.
  static func add(_ entry: LogEntry, to rows: inout HistoryRows, _ state: inout HistoryState) -> Bool {
    state.nextOffset = entry.offset + Int64(entry.length)
    state.nextOrdinal = entry.ordinal + 1
    state.lastOffset = entry.offset
    state.lastSum = entry.sum
    do {
      try note(entry, &rows, &state)
      return true
    } catch {
      return false
    }
  }

  private static func note(
    _ entry: LogEntry, _ rows: inout HistoryRows, _ state: inout HistoryState
  ) throws {
    func mark(_ kind: Int, _ name: String? = nil) {
      rows.marks.append(
        HistoryMark(
          kind: kind, offset: entry.offset, length: entry.length, key: name.map(HistoryKey.of) ?? 0))
    }
    switch entry.type {
    case ThreadRecord.meta:
      mark(HistoryKind.meta)
      if let base = try entry.payload().decode(ThreadRecord.Meta.self).history {
        rows.cuts.append(HistoryCut(at: 0, base: base.threadId, end: base.endOffset))
      }
    case ThreadRecord.revert:
      let base = try entry.payload().decode(ThreadRecord.Revert.self).history
      rows.cuts.append(HistoryCut(at: entry.offset, base: base.threadId, end: base.endOffset))
    case ThreadRecord.settings: mark(HistoryKind.settings)
    case ThreadRecord.tools: mark(HistoryKind.tools)
    case ThreadRecord.facts: mark(HistoryKind.facts)
    case ThreadRecord.usage: mark(HistoryKind.usage)
    case ThreadRecord.queue: mark(HistoryKind.queue)
    case ThreadRecord.goal: mark(HistoryKind.goal)
    case ThreadRecord.compacted: mark(HistoryKind.restart)
    case ThreadRecord.turnStarted: mark(HistoryKind.turn, try entry.payload()["turnId"]?.stringValue)
    case ThreadRecord.turnCompleted: mark(HistoryKind.turnEnd, try entry.payload()["turnId"]?.stringValue)
    case ThreadRecord.item: item(entry, RecordBlobs.bare(try entry.payload()), begun: false, &rows)
    case ThreadRecord.itemStarted: item(entry, RecordBlobs.bare(try entry.payload()), begun: true, &rows)
    case ThreadSummary.recordType:
      state.summary = ThreadSummary.text(state.summary, applying: try entry.payload())
    default: break
    }
  }

  private static func item(_ entry: LogEntry, _ payload: JSONValue, begun: Bool, _ rows: inout HistoryRows) {
    guard let turn = payload["turnId"]?.stringValue, let id = payload["item"]?["id"]?.stringValue else {
      return
    }
    let kind =
      switch payload["item"]?["type"]?.stringValue {
      case "userMessage": HistoryKind.userMessage
      case "agentMessage": HistoryKind.agentMessage
      default: HistoryKind.other
      }
    rows.items.append(
      HistoryItem(
        turn: HistoryKey.of(turn), offset: entry.offset, length: entry.length, key: HistoryKey.of(id),
        kind: kind + (begun ? HistoryKind.started : 0), position: payload["position"]?.intValue ?? 0))
  }
}
