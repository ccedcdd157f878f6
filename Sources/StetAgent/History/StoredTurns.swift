import StetJSON
import StetProtocol
import StetStore

/// Rebuilds all turns of a thread from its records, fast: a finished item goes to the clients as it stands in the log
/// and is not taken apart, but for what a client may get less of or what has to be closed. The texts lie in one piece of
/// memory: values of their own for thousands of them would cost more than reading the log.
struct StoredTurns {
  static let types: Set = [
    ThreadRecord.turnStarted, ThreadRecord.itemStarted, ThreadRecord.item, ThreadRecord.turnCompleted,
  ]

  /// A turn; its items are a chain from the newest to the oldest.
  struct Part {
    let id: Range<Int>
    let startedAtMs: Int64
    var status = TurnStatus.interrupted
    var completedAtMs: Int64?
    var durationMs: Int64?
    var newest = -1
    /// Bytes of its items' texts.
    var bytes = 0
    /// Their places in the turn rise with the chain.
    var isOrdered = true
    /// All of it can be written as it stands.
    var isText = true
  }

  struct Item {
    let hash: UInt64
    let id: Range<Int>
    var text: Range<Int>
    /// Its place in `values` where it was taken apart.
    var value: Int?
    var position: Int
    var startedAtMs: Int64
    var completedAtMs: Int64?
    /// The item before it in its turn; -1 for none.
    let previous: Int
  }

  private(set) var parts: [Part] = []
  private(set) var items: [Item] = []
  private(set) var texts: [UInt8] = []
  private(set) var values: [TurnState.Entry] = []
  /// Why turns failed, by their place.
  private(set) var errors: [Int: TurnError] = [:]
  /// What led to turns that are not their own root, by their place.
  private(set) var roots: [Int: String] = [:]
  /// Where turns are by their ids: asked only for a record of another than the last one, and complete up to
  /// `knownParts`.
  private var places: [String: Int] = [:]
  private var knownParts = 0

  /// Takes a record by its text, where it is one that needs no looking into; false where it has to be parsed.
  mutating func add(text entry: LogEntry) -> Bool {
    var text = RecordText(entry.payloadBytes)
    guard text.take(#"{"turnId":""#), let id = text.plain(), text.take(",") else { return false }
    switch entry.type {
    case ThreadRecord.turnStarted:
      guard text.take(#""startedAtMs":"#), let started = text.number(), text.take("}"), text.isAtEnd else {
        return false
      }
      begin(id, started)
    case ThreadRecord.turnCompleted:
      guard text.take(#""status":"completed","completedAtMs":"#), let completed = text.number(),
        text.take(#","durationMs":"#), let duration = text.number(), text.take(#","error":null}"#),
        text.isAtEnd
      else { return false }
      guard let place = place(id) else { return true }
      parts[place].status = .completed
      parts[place].completedAtMs = completed
      parts[place].durationMs = duration
      errors[place] = nil
    case ThreadRecord.item: return addItem(&text, of: id)
    default: return false
    }
    return true
  }

  private mutating func addItem(_ text: inout RecordText, of turn: UnsafeRawBufferPointer) -> Bool {
    guard text.take(#""position":"#), let position = text.number().flatMap({ Int(exactly: $0) }),
      text.take(#","startedAtMs":"#), let started = text.number(),
      text.take(#","completedAtMs":"#), let completed = text.number(), text.take(#","item":"#)
    else { return false }
    let start = text.place
    guard text.take(#"{"type":""#), text.plain() != nil, text.take(#","id":""#), let id = text.plain() else {
      return false
    }
    let idStart = text.place - 1 - id.count - start
    // What stet adds to an item is for some clients only.
    guard let rest = text.rest(from: start), !RecordText.contains(rest, #""stet":"#) else { return false }
    guard let place = place(turn) else { return true }
    let offset = texts.count
    let range = offset..<(offset + rest.count)
    if let known = index(of: id, in: place) {
      texts.append(contentsOf: rest)
      replace(known, in: place, text: range, value: nil, position, started, completed)
    } else {
      texts.append(contentsOf: rest)
      append(
        in: place, id: (offset + idStart)..<(offset + idStart + id.count), text: range, value: nil, position,
        started, completed)
    }
    return true
  }

  /// Takes a record that was parsed.
  mutating func add(_ record: LogRecord) {
    guard var id = record.payload["turnId"]?.stringValue else { return }
    if record.type == ThreadRecord.turnStarted {
      id.withUTF8 { begin(UnsafeRawBufferPointer($0), Self.number(record.payload["startedAtMs"]) ?? 0) }
      // Whatever is in such an id is written with care.
      parts[parts.count - 1].isText = false
      roots[parts.count - 1] = record.payload["rootTurnId"]?.stringValue
      return
    }
    guard let place = id.withUTF8({ self.place(UnsafeRawBufferPointer($0)) }) else { return }
    switch record.type {
    case ThreadRecord.turnCompleted:
      guard let end = Self.end(id, record.payload) else { return }
      parts[place].status = end.status
      parts[place].completedAtMs = end.completedAtMs
      parts[place].durationMs = end.durationMs
      errors[place] = end.error
    case ThreadRecord.itemStarted:
      guard let begun = Self.decode(ThreadRecord.ItemStarted.self, record.payload) else { return }
      put(begun.entry, in: place)
    case ThreadRecord.item:
      guard let entry = Self.entry(record.payload) else { return }
      put(entry, in: place)
    default: return
    }
  }

  // MARK: - Parts

  private mutating func begin(_ id: UnsafeRawBufferPointer, _ startedAtMs: Int64) {
    let start = texts.count
    texts.append(contentsOf: id)
    parts.append(Part(id: start..<texts.count, startedAtMs: startedAtMs))
  }

  /// The place of a turn; most records are of the last one.
  private mutating func place(_ id: UnsafeRawBufferPointer) -> Int? {
    if let last = parts.last, isEqual(last.id, id) { return parts.count - 1 }
    while knownParts < parts.count {
      places[String(decoding: texts[parts[knownParts].id], as: UTF8.self)] = knownParts
      knownParts += 1
    }
    return places[String(decoding: id, as: UTF8.self)]
  }

  private mutating func put(_ entry: TurnState.Entry, in place: Int) {
    var id = entry.item.id
    id.withUTF8 { bytes in
      let id = UnsafeRawBufferPointer(bytes)
      values.append(entry)
      let value = values.count - 1
      if let known = index(of: id, in: place) {
        replace(
          known, in: place, text: 0..<0, value: value, entry.position, entry.startedAtMs, entry.completedAtMs)
      } else {
        let start = texts.count
        texts.append(contentsOf: id)
        append(
          in: place, id: start..<texts.count, text: 0..<0, value: value, entry.position, entry.startedAtMs,
          entry.completedAtMs)
      }
    }
  }

  private mutating func append(
    in place: Int, id: Range<Int>, text: Range<Int>, value: Int?, _ position: Int, _ startedAtMs: Int64,
    _ completedAtMs: Int64?
  ) {
    let newest = parts[place].newest
    if newest >= 0, items[newest].position > position { parts[place].isOrdered = false }
    if value != nil { parts[place].isText = false }
    parts[place].bytes += text.count + 1
    parts[place].newest = items.count
    let hash = texts.withUnsafeBytes { Self.hash(UnsafeRawBufferPointer(rebasing: $0[id])) }
    items.append(
      Item(
        hash: hash, id: id, text: text, value: value, position: position, startedAtMs: startedAtMs,
        completedAtMs: completedAtMs, previous: newest))
  }

  private mutating func replace(
    _ index: Int, in place: Int, text: Range<Int>, value: Int?, _ position: Int, _ startedAtMs: Int64,
    _ completedAtMs: Int64?
  ) {
    if items[index].position != position { parts[place].isOrdered = false }
    if value != nil { parts[place].isText = false }
    parts[place].bytes += text.count
    items[index].text = text
    items[index].value = value
    items[index].position = position
    items[index].startedAtMs = startedAtMs
    items[index].completedAtMs = completedAtMs
  }

  /// Where an item of a turn is, the newest first: an item that ends is mostly one that began lately.
  private func index(of id: UnsafeRawBufferPointer, in place: Int) -> Int? {
    var index = parts[place].newest
    if index < 0 { return nil }
    let hash = Self.hash(id)
    while index >= 0 {
      if items[index].hash == hash, isEqual(items[index].id, id) { return index }
      index = items[index].previous
    }
    return nil
  }

  private func isEqual(_ range: Range<Int>, _ id: UnsafeRawBufferPointer) -> Bool {
    range.count == id.count
      && texts.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[range]).elementsEqual(id) }
  }

  /// FNV-1a: only a filter, since ids of one hash are compared.
  private static func hash(_ id: UnsafeRawBufferPointer) -> UInt64 {
    id.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  /// The entry of a record that was parsed, its item not taken apart; nil when there is none in it.
  static func entry(_ payload: JSONValue) -> TurnState.Entry? {
    guard let value = payload["item"], let position = payload["position"]?.intValue,
      let started = number(payload["startedAtMs"])
    else { return nil }
    var item = ThreadItem.unknown(value)
    // What stet adds to an item is for some clients only.
    if value["stet"] != nil {
      guard let known = decode(ThreadItem.self, value) else { return nil }
      item = known
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
