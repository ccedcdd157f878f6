import StetJSON
import StetProtocol

extension StoredTurns {
  /// The turns for clients, oldest first. One of which everything is text is written here, once.
  func wire() -> [Turn] {
    parts.indices.map { place in
      let part = parts[place]
      let order = order(of: part)
      guard part.isText, errors[place] == nil else { return state(place, order).wire(.full) }
      return Turn(
        id: String(decoding: texts[part.id], as: UTF8.self), status: part.status,
        startedAt: Int(part.startedAtMs / 1_000), completedAt: part.completedAtMs.map { Int($0 / 1_000) },
        durationMs: part.durationMs.map { Int($0) }, text: text(part, order))
    }
  }

  /// The turns as the thread remembers them, oldest first; what had no end is closed.
  func finished() -> [TurnState] {
    parts.indices.map { state($0, order(of: parts[$0])) }
  }

  /// Bytes of a turn without its items.
  private static let shell = 320

  private func text(_ part: Part, _ order: [Int]) -> JSONText {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.shell + part.bytes)
    func write(_ text: StaticString) {
      bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
    func write(_ number: Int64?) {
      guard let number else { return write("null") }
      bytes.append(contentsOf: String(number).utf8)
    }
    write(#"{"id":""#)
    bytes.append(contentsOf: texts[part.id])
    write(#"","rootTurnId":""#)
    bytes.append(contentsOf: texts[part.id])
    write(#"","items":["#)
    var isFirst = true
    for index in order {
      if !isFirst { write(",") }
      isFirst = false
      bytes.append(contentsOf: texts[items[index].text])
    }
    write(#"],"itemsView":"full","status":""#)
    bytes.append(contentsOf: part.status.name.utf8)
    write(#"","error":null,"startedAt":"#)
    write(part.startedAtMs / 1_000)
    write(#","completedAt":"#)
    write(part.completedAtMs.map { $0 / 1_000 })
    write(#","durationMs":"#)
    write(part.durationMs)
    write("}")
    return JSONText(bytes)
  }

  private func state(_ place: Int, _ order: [Int]) -> TurnState {
    let part = parts[place]
    var turn = TurnState(id: String(decoding: texts[part.id], as: UTF8.self), startedAtMs: part.startedAtMs)
    turn.rootId = roots[place]
    turn.status = part.status
    turn.completedAtMs = part.completedAtMs
    turn.durationMs = part.durationMs
    turn.error = errors[place]
    turn.entries = order.map { index in
      let item = items[index]
      if let value = item.value { return values[value].cut }
      return TurnState.Entry(
        item: .unknown(.verbatim(JSONText(Array(texts[item.text])))), position: item.position,
        startedAtMs: item.startedAtMs, completedAtMs: item.completedAtMs)
    }
    return turn
  }

  /// The items of a turn by their place in it, those of one place as they came.
  private func order(of part: Part) -> [Int] {
    var order: [Int] = []
    var index = part.newest
    while index >= 0 {
      order.append(index)
      index = items[index].previous
    }
    order.reverse()
    if part.isOrdered { return order }
    return order.sorted { (items[$0].position, $0) < (items[$1].position, $1) }
  }
}
