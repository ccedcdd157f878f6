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
  /// The ids of each turn's entries.
  private var ids: [EntryIds] = []
  /// Where a turn is, by its id.
  private var places: [String: Int] = [:]
  /// The turn that the last record was of: most often the next one is of it too.
  private var last: (id: [UInt8], place: Int)?

  /// Takes a record by its text, where it is one that needs no looking into; false where it has to be parsed.
  mutating func add(text entry: LogEntry) -> Bool {
    var text = RecordText(entry.payloadBytes)
    guard text.take(#"{"turnId":""#), let id = text.plain(), text.take(",") else { return false }
    switch entry.type {
    case ThreadRecord.turnStarted:
      guard text.take(#""startedAtMs":"#), let started = text.number(), text.take("}"), text.isAtEnd else {
        return false
      }
      begin(String(decoding: id, as: UTF8.self), started)
    case ThreadRecord.turnCompleted:
      guard text.take(#""status":"completed","completedAtMs":"#), let completed = text.number(),
        text.take(#","durationMs":"#), let duration = text.number(), text.take(#","error":null}"#),
        text.isAtEnd
      else { return false }
      guard let place = place(id) else { return true }
      turns[place].end(
        ThreadRecord.TurnCompleted(
          turnId: turns[place].id, status: .completed, completedAtMs: completed, durationMs: duration))
    case ThreadRecord.item:
      guard let item = Self.item(&text) else { return false }
      guard let place = place(id) else { return true }
      put(item.entry, item.id, in: place)
    default: return false
    }
    return true
  }

  private static func item(
    _ text: inout RecordText
  ) -> (entry: TurnState.Entry, id: UnsafeRawBufferPointer)? {
    guard text.take(#""position":"#), let position = text.number().flatMap({ Int(exactly: $0) }),
      text.take(#","startedAtMs":"#), let started = text.number(),
      text.take(#","completedAtMs":"#), let completed = text.number(), text.take(#","item":"#)
    else { return nil }
    let place = text.place
    // The review of a change is for some clients only.
    guard text.take(#"{"type":""#), let type = text.plain(), !type.elementsEqual("fileChange".utf8),
      text.take(#","id":""#), let id = text.plain(), let rest = text.rest(from: place)
    else { return nil }
    let entry = TurnState.Entry(
      item: .unknown(.verbatim(rest)), position: position, startedAtMs: started,
      completedAtMs: completed)
    return (entry, id)
  }

  /// Takes a record that was parsed.
  mutating func add(_ record: LogRecord) {
    guard let id = record.payload["turnId"]?.stringValue else { return }
    switch record.type {
    case ThreadRecord.turnStarted:
      begin(id, Self.number(record.payload["startedAtMs"]) ?? 0)
    case ThreadRecord.turnCompleted:
      guard let place = places[id], let end = Self.end(id, record.payload) else { return }
      turns[place].end(end)
    case ThreadRecord.itemStarted:
      guard let place = places[id], let begun = Self.decode(ThreadRecord.ItemStarted.self, record.payload)
      else { return }
      put(begun.entry, begun.item.id, in: place)
    case ThreadRecord.item:
      guard let place = places[id], let entry = Self.entry(record.payload) else { return }
      put(entry, entry.item.id, in: place)
    default: return
    }
  }

  /// The turns, oldest first; what had no end is closed.
  func finished() -> [TurnState] {
    turns.map { turn in
      var turn = turn
      let entries = turn.entries
      if zip(entries, entries.dropFirst()).contains(where: { $0.position > $1.position }) {
        turn.entries.sort { $0.position < $1.position }
      }
      if entries.contains(where: { $0.completedAtMs == nil }) { turn.entries = turn.entries.map(\.cut) }
      return turn
    }
  }

  // MARK: - Parts

  private mutating func begin(_ id: String, _ startedAtMs: Int64) {
    var turn = TurnState(id: id, startedAtMs: startedAtMs)
    turn.status = .interrupted
    places[id] = turns.count
    last = (Array(id.utf8), turns.count)
    turns.append(turn)
    ids.append(EntryIds())
  }

  private mutating func place(_ id: UnsafeRawBufferPointer) -> Int? {
    if let last, last.id.elementsEqual(id) { return last.place }
    guard let place = places[String(decoding: id, as: UTF8.self)] else { return nil }
    last = (Array(id), place)
    return place
  }

  private mutating func put(_ entry: TurnState.Entry, _ id: String, in place: Int) {
    var id = id
    id.withUTF8 { put(entry, UnsafeRawBufferPointer($0), in: place) }
  }

  private mutating func put(_ entry: TurnState.Entry, _ id: UnsafeRawBufferPointer, in place: Int) {
    if let known = ids[place].index(of: id) {
      turns[place].entries[known] = entry
    } else {
      turns[place].entries.append(entry)
    }
  }

  /// The entry of a record that was parsed, its item not taken apart; nil when there is none in it.
  static func entry(_ payload: JSONValue) -> TurnState.Entry? {
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

/// The ids of a turn's items in their order, as bytes in one piece: a turn may have thousands.
private struct EntryIds {
  private var bytes: [UInt8] = []
  private var hashes: [UInt64] = []
  private var ends: [Int] = []

  /// Where an id is; nil for a new one, which is added.
  mutating func index(of id: UnsafeRawBufferPointer) -> Int? {
    // FNV-1a: only a filter, since ids of one hash are compared.
    let hash = id.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    for index in hashes.indices.reversed() where hashes[index] == hash {
      if bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]].elementsEqual(id) { return index }
    }
    hashes.append(hash)
    bytes.append(contentsOf: id)
    ends.append(bytes.count)
    return nil
  }
}
