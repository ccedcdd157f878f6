import StetJSON
import StetProtocol
import StetStore

/// Rebuilds all turns of a thread from its records, fast: a finished item goes to the clients as it stands in the log
/// and is not taken apart, but for what a client may get less of or what has to be closed.
struct StoredTurns {
  static let types: Set = [
    ThreadRecord.turnStarted, ThreadRecord.itemStarted, ThreadRecord.item, ThreadRecord.turnCompleted,
  ]

  private var turns: [TurnState] = []
  /// Where a turn is, by its id.
  private var places: [String: Int] = [:]

  mutating func add(_ record: LogRecord) {
    guard let id = record.payload["turnId"]?.stringValue else { return }
    switch record.type {
    case ThreadRecord.turnStarted:
      var turn = TurnState(id: id, startedAtMs: Self.number(record.payload["startedAtMs"]) ?? 0)
      turn.status = .interrupted
      places[id] = turns.count
      turns.append(turn)
    case ThreadRecord.turnCompleted:
      guard let place = places[id], let end = Self.end(id, record.payload) else { return }
      turns[place].end(end)
    case ThreadRecord.itemStarted:
      guard let place = places[id], let begun = Self.decode(ThreadRecord.ItemStarted.self, record.payload)
      else { return }
      put(begun.entry, in: place)
    case ThreadRecord.item:
      guard let place = places[id], let entry = Self.entry(record.payload) else { return }
      put(entry, in: place)
    default: return
    }
  }

  /// The turns, oldest first; what had no end is closed.
  func finished() -> [TurnState] {
    turns.map { turn in
      var turn = turn
      turn.entries.sort { $0.position < $1.position }
      turn.entries = turn.entries.map(\.cut)
      return turn
    }
  }

  // MARK: - Parts

  private mutating func put(_ entry: TurnState.Entry, in place: Int) {
    if let known = turns[place].entries.lastIndex(where: { $0.item.id == entry.item.id }) {
      turns[place].entries[known] = entry
    } else {
      turns[place].entries.append(entry)
    }
  }

  private static func entry(_ payload: JSONValue) -> TurnState.Entry? {
    guard let value = payload["item"], let position = payload["position"]?.intValue,
      let started = number(payload["startedAtMs"])
    else { return nil }
    var item = ThreadItem.unknown(value)
    // Its review is for some clients only.
    if value["type"]?.stringValue == "fileChange" {
      guard let change = decode(ThreadItem.self, value) else { return nil }
      item = change
    }
    return TurnState.Entry(
      item: item, position: position, startedAtMs: started, completedAtMs: number(payload["completedAtMs"]))
  }

  private static func end(_ id: String, _ payload: JSONValue) -> ThreadRecord.TurnCompleted? {
    guard payload["error"]?.isNull ?? true, let name = payload["status"]?.stringValue,
      let status = TurnStatus.variants.first(where: { $0.name == name })?.value
    else { return decode(ThreadRecord.TurnCompleted.self, payload) }
    return ThreadRecord.TurnCompleted(
      turnId: id, status: status, completedAtMs: number(payload["completedAtMs"]),
      durationMs: number(payload["durationMs"]))
  }

  private static func decode<Payload: Decodable>(_ type: Payload.Type, _ value: JSONValue) -> Payload? {
    do {
      return try value.decode(type)
    } catch {
      return nil
    }
  }

  private static func number(_ value: JSONValue?) -> Int64? { value?.intValue.map { Int64($0) } }
}
