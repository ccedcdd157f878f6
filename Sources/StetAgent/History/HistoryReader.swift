import StetJSON
import StetProtocol
import StetStore

/// Reads one history from its logs by place, a page at a time. Not for two threads at once; blocks on the disk.
final class HistoryReader {
  /// Where a turn begins.
  struct Place: Hashable {
    let segment: Int
    let mark: HistoryMark
  }

  /// An item of a turn; the newest record of it.
  struct ItemPlace: Hashable {
    let segment: Int
    let row: HistoryItem

    var isBegun: Bool { row.kind >= HistoryKind.started }
  }

  let view: HistoryView
  private let index: HistoryIndex
  private let blobs: RecordBlobs
  private var readers: [String: LogReader] = [:]
  /// Called with the thread in whose log a line is damaged that the index takes for sound.
  private let suspect: (String) -> Void

  init(
    view: HistoryView, index: HistoryIndex, blobs: RecordBlobs, suspect: @escaping (String) -> Void
  ) {
    self.view = view
    self.index = index
    self.blobs = blobs
    self.suspect = suspect
  }

  // MARK: - Records

  /// The payload of the last record of a kind.
  func last<Payload: Decodable>(_ kind: Int, as type: Payload.Type) throws -> Payload? {
    for segment in view.segments.indices.reversed() {
      if let mark = try lastMark(kind, in: segment) {
        return try payload(segment, mark.offset, mark.length).decode(type)
      }
    }
    return nil
  }

  /// What never changes of the thread that the history ends with.
  func meta() throws -> ThreadRecord.Meta? { try own(HistoryKind.meta, as: ThreadRecord.Meta.self) }

  /// The payload of the last record of a kind in the thread's own log, whatever was reverted in it.
  func own<Payload: Decodable>(_ kind: Int, as type: Payload.Type) throws -> Payload? {
    guard let own = view.segments.last,
      let mark = try index.marks(
        own.thread, kind: kind, in: 0..<own.range.upperBound, descending: true, limit: 1
      ).first
    else { return nil }
    return try payload(view.segments.count - 1, mark.offset, mark.length).decode(type)
  }

  func payload(_ segment: Int, _ offset: Int64, _ length: Int) throws -> JSONValue {
    do throws(StoreError) {
      return blobs.unpack(try log(segment).record(at: offset, length: length).payload)
    } catch {
      if error.code == .corrupt { suspect(view.segments[segment].thread) }
      throw error
    }
  }

  // MARK: - Turns

  func find(turn id: String) throws -> Place? {
    let key = HistoryKey.of(id)
    for segment in view.segments.indices.reversed() {
      let part = view.segments[segment]
      if let mark = try index.mark(part.thread, kind: HistoryKind.turn, key: key, in: part.range) {
        return Place(segment: segment, mark: mark)
      }
    }
    return nil
  }

  /// Up to `limit` turns from a place on, in one direction; nil begins at the end of that direction.
  func turns(from place: Place?, including: Bool, descending: Bool, limit: Int) throws -> [Place] {
    var found: [Place] = []
    var segment = place?.segment ?? (descending ? view.segments.count - 1 : 0)
    var bound = place?.mark.offset
    while view.segments.indices.contains(segment), found.count < limit {
      let part = view.segments[segment]
      var range = part.range
      if let bound {
        range =
          descending
          ? range.lowerBound..<max(range.lowerBound, bound + (including ? 1 : 0))
          : min(range.upperBound, bound + (including ? 0 : 1))..<range.upperBound
      }
      let here = segment
      found += try index.marks(
        part.thread, kind: HistoryKind.turn, in: range, descending: descending, limit: limit - found.count
      ).map { Place(segment: here, mark: $0) }
      bound = nil
      segment += descending ? -1 : 1
    }
    return found
  }

  /// The items of a turn, by their place in it.
  func items(of turn: Place) throws -> [ItemPlace] {
    var places: [ItemPlace] = []
    var known: [Int64: Int] = [:]
    // A background command may finish long after its turn, in another part.
    for segment in turn.segment..<view.segments.count {
      let part = view.segments[segment]
      for row in try index.items(part.thread, turn: turn.mark.key, in: part.range) {
        let place = ItemPlace(segment: segment, row: row)
        if let index = known[row.key] {
          places[index] = place
        } else {
          known[row.key] = places.count
          places.append(place)
        }
      }
    }
    return places.enumerated().sorted {
      ($0.element.row.position, $0.offset) < ($1.element.row.position, $1.offset)
    }.map(\.element)
  }

  /// Whether an item of this id is in the history; a wrong yes is possible, a wrong no is not.
  func contains(item id: String) throws -> Bool {
    let key = HistoryKey.of(id)
    for part in view.segments where try index.item(part.thread, key: key, in: part.range) != nil {
      return true
    }
    return false
  }

  func entry(_ place: ItemPlace) throws -> TurnState.Entry {
    let payload = try payload(place.segment, place.row.offset, place.row.length)
    if place.isBegun { return try payload.decode(ThreadRecord.ItemStarted.self).entry.cut }
    do {
      return try payload.decode(ThreadRecord.Item.self).entry
    } catch {
      // An item of a newer version, or a damaged one: it must not take the whole thread with it.
      guard let entry = StoredTurns.entry(payload) else { throw error }
      return entry
    }
  }

  /// The id of the turn that begins at a place.
  func id(of turn: Place) throws -> String {
    try payload(turn.segment, turn.mark.offset, turn.mark.length).decode(ThreadRecord.TurnStarted.self).turnId
  }

  /// A turn with as many items as the view needs. One without an end was cut off: it reads as interrupted.
  func turn(_ place: Place, _ wanted: TurnItemsView) throws -> TurnState {
    let start = try payload(place.segment, place.mark.offset, place.mark.length).decode(
      ThreadRecord.TurnStarted.self)
    var turn = TurnState(id: start.turnId, startedAtMs: start.startedAtMs)
    turn.rootId = start.rootTurnId
    turn.status = .interrupted
    if let end = try end(of: place) { turn.end(end) }
    if wanted == .notLoaded { return turn }
    var items = try items(of: place)
    if wanted == .summary {
      let first = items.first { $0.row.kind == HistoryKind.userMessage }
      let last = items.last { $0.row.kind == HistoryKind.agentMessage }
      items = [first, last].compactMap { $0 }
    }
    turn.entries = try items.map(entry)
    return turn
  }

  /// Turns that are looked through for changed files: what was changed longer ago is in an earlier summary.
  private static let changesDepth = 200

  /// Paths of files that were changed, newest first.
  func changedFiles(_ limit: Int) throws -> [String] {
    var found: [String] = []
    for turn in try turns(from: nil, including: true, descending: true, limit: Self.changesDepth) {
      for place in try items(of: turn).reversed() where place.row.kind == HistoryKind.other {
        guard case .fileChange(let item) = try entry(place).item, item.status == .completed else { continue }
        for change in item.changes where !found.contains(change.path) { found.append(change.path) }
      }
      if found.count >= limit { break }
    }
    return Array(found.prefix(limit))
  }

  /// All turns, read from front to back.
  func allTurns() throws -> StoredTurns {
    var turns = StoredTurns()
    try scan(entries: StoredTurns.types, from: nil) { entry in
      if !turns.add(text: entry) { turns.add(try record(entry)) }
    }
    return turns
  }

  /// The last turn, if it has no end: its process was killed, or it runs elsewhere.
  func openTurn() throws -> Place? {
    guard let last = try turns(from: nil, including: true, descending: true, limit: 1).first else {
      return nil
    }
    return try end(of: last) == nil ? last : nil
  }

  // MARK: - The prompt

  /// What is sent to the model, read from the last place where the prompt began anew.
  func prompt() throws -> ThreadReplay {
    var replay = ThreadReplay()
    for (kind, type) in [(HistoryKind.facts, ThreadRecord.facts), (HistoryKind.tools, ThreadRecord.tools)] {
      for segment in view.segments.indices.reversed() {
        guard let mark = try lastMark(kind, in: segment) else { continue }
        replay.add(
          LogRecord(
            type: type, payload: try payload(segment, mark.offset, mark.length), timestampMs: 0, ordinal: 0))
        break
      }
    }
    var restart: (Int, Int64)?
    for segment in view.segments.indices.reversed() {
      guard let mark = try lastMark(HistoryKind.restart, in: segment) else { continue }
      restart = (segment, mark.offset)
      break
    }
    try scan(from: restart, types: ThreadReplay.types) { replay.add($0) }
    replay.finish()
    return replay
  }

  /// What the last compaction replaced, read from the place where the prompt began anew before it.
  func formerPrompt() throws -> FormerPrompt? {
    var restarts: [(segment: Int, offset: Int64)] = []
    for segment in view.segments.indices.reversed() where restarts.count < 2 {
      let part = view.segments[segment]
      restarts += try index.marks(
        part.thread, kind: HistoryKind.restart, in: part.range, descending: true, limit: 2
      ).map { (segment, $0.offset) }
    }
    guard !restarts.isEmpty else { return nil }
    var replay = ThreadReplay()
    try scan(from: restarts.count > 1 ? restarts[1] : nil, types: ThreadReplay.types) { replay.add($0) }
    return replay.former
  }

  /// The records that a turn and what follows it put into the prompt.
  func prompt(since turn: Place) throws -> ThreadReplay {
    var replay = ThreadReplay()
    try scan(from: (turn.segment, turn.mark.offset), types: ThreadReplay.types) { replay.add($0) }
    replay.finish()
    return replay
  }

  // MARK: - Parts

  private func end(of turn: Place) throws -> ThreadRecord.TurnCompleted? {
    for segment in (turn.segment..<view.segments.count).reversed() {
      let part = view.segments[segment]
      if let mark = try index.mark(
        part.thread, kind: HistoryKind.turnEnd, key: turn.mark.key, in: part.range)
      {
        return try payload(segment, mark.offset, mark.length).decode(ThreadRecord.TurnCompleted.self)
      }
    }
    return nil
  }

  private func lastMark(_ kind: Int, in segment: Int) throws -> HistoryMark? {
    let part = view.segments[segment]
    return try index.marks(part.thread, kind: kind, in: part.range, descending: true, limit: 1).first
  }

  private func scan(
    from start: (segment: Int, offset: Int64)?, types: Set<String>, _ visit: (LogRecord) -> Void
  ) throws {
    try scan(entries: types, from: start) { visit(try record($0)) }
  }

  /// Records that can't be understood are passed over: who indexed them has told of them. A line that is damaged since
  /// then is an error.
  private func scan(
    entries types: Set<String>, from start: (segment: Int, offset: Int64)?,
    _ visit: (LogEntry) throws -> Void
  ) throws {
    for segment in (start?.segment ?? 0)..<view.segments.count {
      let (thread, range) = (view.segments[segment].thread, view.segments[segment].range)
      let from = segment == start?.segment ? start?.offset ?? range.lowerBound : range.lowerBound
      let found = try log(segment).scan(from: from, to: range.upperBound, types: types) { entry in
        do {
          try visit(entry)
          return true
        } catch {
          return false
        }
      }.faults.filter { $0.kind == .damaged }
      guard let first = found.first else { continue }
      let known = Set(try index.faults(thread, in: from..<range.upperBound).map(\.offset))
      guard found.contains(where: { !known.contains($0.offset) }) else { continue }
      suspect(thread)
      throw StoreError(
        .corrupt, "\(view.segments[segment].path) is damaged at byte \(first.offset) since it was indexed.")
    }
  }

  private func record(_ entry: LogEntry) throws -> LogRecord {
    LogRecord(
      type: entry.type, payload: blobs.unpack(try entry.payload()), timestampMs: entry.timestampMs,
      ordinal: entry.ordinal)
  }

  private func log(_ segment: Int) throws(StoreError) -> LogReader {
    let path = view.segments[segment].path
    if let reader = readers[path] { return reader }
    let reader = try LogReader(path: path)
    readers[path] = reader
    return reader
  }
}
