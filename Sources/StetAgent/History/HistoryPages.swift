import StetProtocol
import StetStore

/// Pages of a thread's turns and items: first what is stored, then the turns that run or ran since it was loaded.
/// Blocks on the disk.
struct HistoryPages {
  /// As in Codex: pages that a client does not size.
  static let turnLimit = 25
  static let itemLimit = 100
  /// A page with more would be a message of many megabytes.
  static let maximumLimit = 1_000

  private enum Place {
    case stored(HistoryReader.Place)
    case live(Int)
  }

  let thread: String
  /// Nil when nothing is stored.
  let reader: HistoryReader?
  let live: [TurnState]

  // MARK: - Turns

  func turns(
    cursor text: String?, limit: UInt32?, direction: SortDirection?, view: TurnItemsView?
  ) throws -> TurnsPage {
    let limit = Self.limit(limit, standard: Self.turnLimit)
    let descending = direction != .asc
    let view = view ?? .summary
    var anchor: Place?
    var includes = true
    if let text {
      let cursor = try HistoryCursor(text, thread: thread, scope: .turns)
      anchor = try find(cursor.turnId)
      includes = cursor.includeAnchor
      if anchor == nil { throw RPCError.invalidRequest("invalid cursor: \(text)") }
    }
    let places = try places(from: anchor, including: includes, descending: descending, limit: limit + 1)
    let turns = try places.prefix(limit).map { try state($0, view) }
    return TurnsPage(
      data: turns.map { $0.wire(view) }, backwardsCursor: try cursor(turns.first, includes: true),
      nextCursor: places.count > limit ? try cursor(turns.last, includes: false) : nil)
  }

  /// Every turn with all its items, oldest first.
  func all() throws -> [Turn] { try storedTurns() + live.map { $0.wire(.full) } }

  /// Those of them that are on disk.
  func storedTurns() throws -> [Turn] { try reader?.allTurns().wire() ?? [] }

  /// The cursor of the newest turn; nil when there is none.
  func lastTurnCursor() throws -> String? {
    guard let last = try places(from: nil, including: true, descending: true, limit: 1).first else {
      return nil
    }
    return try cursor(try state(last, .notLoaded), includes: true)
  }

  // MARK: - Items

  func items(_ params: ThreadItemsListParams) throws -> ThreadItemsListResponse {
    let limit = Self.limit(params.limit, standard: Self.itemLimit)
    let found = try items(
      turn: params.turnId, cursor: params.cursor, descending: params.sortDirection == .desc, limit: limit + 1)
    let page = Array(found.prefix(limit))
    func cursor(_ entry: ThreadItemEntry?, _ includes: Bool) throws -> String? {
      guard let entry else { return nil }
      return try HistoryCursor(thread: thread, turn: entry.turnId, item: entry.item.id, includes: includes)
        .text()
    }
    return ThreadItemsListResponse(
      data: page, nextCursor: found.count > limit ? try cursor(page.last, false) : nil,
      backwardsCursor: try cursor(page.first, true))
  }

  /// The cursor of the newest item; nil when there is none.
  func lastItemCursor() throws -> String? {
    try items(turn: nil, cursor: nil, descending: true, limit: 1).first.map {
      try HistoryCursor(thread: thread, turn: $0.turnId, item: $0.item.id, includes: true).text()
    }
  }

  /// Items of a turn by their ids, in the order asked for; unknown ones are left out.
  func items(turn id: String, ids: [String]) throws -> [ThreadItemEntry] {
    guard let place = try find(id) else { throw RPCError.invalidRequest("turn not found: \(id)") }
    let refs = try refs(place)
    return try ids.compactMap { id in
      try refs.first { $0.isItem(id) }.map { try entry($0, of: place, id: nil) }
    }
  }

  // MARK: - Items, parts

  private enum Ref {
    case stored(HistoryReader.ItemPlace)
    case live(TurnState.Entry)

    func isItem(_ id: String) -> Bool {
      switch self {
      case .stored(let place): place.row.key == HistoryKey.of(id)
      case .live(let entry): entry.item.id == id
      }
    }
  }

  private func items(
    turn only: String?, cursor: ThreadItemsListCursor?, descending: Bool, limit: Int
  ) throws -> [ThreadItemEntry] {
    let (anchor, item, includes) = try anchor(only, cursor)
    var found: [ThreadItemEntry] = []
    var place = anchor
    var first = true
    repeat {
      // The anchor's own turn is read in part, the others whole.
      let turns = try places(
        from: place, including: first, descending: descending, limit: only == nil ? 32 : 1)
      if turns.isEmpty { break }
      for turn in turns {
        var refs = try refs(turn)
        if descending { refs.reverse() }
        if first, let item {
          guard let index = refs.firstIndex(where: { $0.isItem(item) }) else {
            throw RPCError.invalidRequest("item not found: \(item)")
          }
          refs.removeFirst(includes ? index : index + 1)
        }
        first = false
        var id: String?
        for ref in refs.prefix(limit - found.count) {
          let entry = try entry(ref, of: turn, id: id)
          id = entry.turnId
          found.append(entry)
        }
        if found.count == limit { return found }
      }
      place = turns.last
    } while only == nil
    return found
  }

  private func anchor(
    _ only: String?, _ cursor: ThreadItemsListCursor?
  ) throws -> (turn: Place?, item: String?, includes: Bool) {
    var turn: Place?
    if let only {
      turn = try find(only)
      if turn == nil { throw RPCError.invalidRequest("turn not found: \(only)") }
    }
    switch cursor {
    case nil: return (turn, nil, true)
    case .item(let id):
      guard turn != nil else { throw RPCError.invalidRequest("an item anchor requires a non-empty `turnId`") }
      return (turn, id, false)
    case .cursor(let text):
      let cursor = try HistoryCursor(text, thread: thread, scope: .items)
      guard let place = try find(cursor.turnId), only == nil || only == cursor.turnId else {
        throw RPCError.invalidRequest("invalid cursor: \(text)")
      }
      return (place, cursor.itemId, cursor.includeAnchor)
    }
  }

  private func refs(_ place: Place) throws -> [Ref] {
    switch place {
    case .stored(let turn): return try reader?.items(of: turn).map(Ref.stored) ?? []
    case .live(let index): return live[index].entries.map(Ref.live)
    }
  }

  private func entry(_ ref: Ref, of turn: Place, id: String?) throws -> ThreadItemEntry {
    let entry: TurnState.Entry? =
      switch ref {
      case .live(let entry): entry
      case .stored(let place): try reader?.entry(place)
      }
    guard let entry else { throw RPCError.internalError("the history is closed") }
    return ThreadItemEntry(
      turnId: try id ?? state(turn, .notLoaded).id, item: entry.item, startedAtMs: Int(entry.startedAtMs),
      completedAtMs: entry.completedAtMs.map { Int($0) })
  }

  // MARK: - Turns, parts

  private func find(_ id: String) throws -> Place? {
    if let index = live.lastIndex(where: { $0.id == id }) { return .live(index) }
    return try reader?.find(turn: id).map(Place.stored)
  }

  private func places(
    from anchor: Place?, including: Bool, descending: Bool, limit: Int
  ) throws -> [Place] {
    var found: [Place] = []
    var stored: HistoryReader.Place?
    var indices = live.startIndex..<live.endIndex
    var skipsStored = false
    switch anchor {
    case nil: break
    case .live(let index):
      indices =
        descending ? 0..<(including ? index + 1 : index) : (including ? index : index + 1)..<live.count
      skipsStored = !descending
    case .stored(let place):
      stored = place
      if descending { indices = 0..<0 }
    }
    func addStored() throws {
      guard let reader, !skipsStored, found.count < limit else { return }
      found += try reader.turns(
        from: stored, including: including, descending: descending, limit: limit - found.count
      ).map(Place.stored)
    }
    if descending {
      found += indices.reversed().prefix(limit).map(Place.live)
      try addStored()
    } else {
      try addStored()
      found += indices.prefix(limit - found.count).map(Place.live)
    }
    return found
  }

  private func state(_ place: Place, _ view: TurnItemsView) throws -> TurnState {
    switch place {
    case .live(let index): return live[index]
    case .stored(let turn):
      guard let reader else { throw RPCError.internalError("the history is closed") }
      return try reader.turn(turn, view)
    }
  }

  private func cursor(_ turn: TurnState?, includes: Bool) throws -> String? {
    guard let turn else { return nil }
    return try HistoryCursor(thread: thread, turn: turn.id, includes: includes).text()
  }

  private static func limit(_ limit: UInt32?, standard: Int) -> Int {
    min(max(1, limit.map { Int($0) } ?? standard), maximumLimit)
  }
}
