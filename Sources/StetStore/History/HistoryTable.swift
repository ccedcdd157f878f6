/// The SQL of the history index. Logs have a number, so that their many rows do not repeat their names.
enum HistoryTable {
  private static let log = "(SELECT number FROM logs WHERE thread = ?)"

  static func create(_ database: SQLiteDatabase) throws(StoreError) {
    try database.execute(
      """
      DROP TABLE IF EXISTS logs; DROP TABLE IF EXISTS cuts; DROP TABLE IF EXISTS marks; DROP TABLE IF EXISTS items;
      DROP TABLE IF EXISTS faults;
      CREATE TABLE logs (
        number INTEGER PRIMARY KEY, thread TEXT NOT NULL UNIQUE, next_offset INTEGER NOT NULL,
        next_ordinal INTEGER NOT NULL, last_offset INTEGER NOT NULL, last_sum TEXT NOT NULL, summary TEXT NOT NULL
      );
      CREATE TABLE cuts (
        log INTEGER NOT NULL, at INTEGER NOT NULL, base TEXT NOT NULL, stop INTEGER NOT NULL, PRIMARY KEY (log, at)
      ) WITHOUT ROWID;
      CREATE TABLE marks (
        log INTEGER NOT NULL, kind INTEGER NOT NULL, place INTEGER NOT NULL, length INTEGER NOT NULL,
        key INTEGER NOT NULL, PRIMARY KEY (log, kind, place)
      ) WITHOUT ROWID;
      CREATE INDEX marks_key ON marks (log, kind, key) WHERE key <> 0;
      CREATE TABLE items (
        log INTEGER NOT NULL, turn INTEGER NOT NULL, place INTEGER NOT NULL, length INTEGER NOT NULL,
        key INTEGER NOT NULL, kind INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (log, turn, place)
      ) WITHOUT ROWID;
      CREATE INDEX items_key ON items (log, key);
      CREATE TABLE faults (
        log INTEGER NOT NULL, place INTEGER NOT NULL, kind INTEGER NOT NULL, line INTEGER NOT NULL,
        PRIMARY KEY (log, place, kind)
      ) WITHOUT ROWID;
      """)
  }

  /// One text a row, in a fixed order: what `HistoryIndex.digest` is made of.
  static let everything = [
    "SELECT json_array(thread, next_offset, next_ordinal, last_offset, last_sum, summary) FROM logs ORDER BY thread",
    rows("cuts", "at, base, stop", by: "at"), rows("marks", "kind, place, length, key", by: "kind, place"),
    rows("items", "turn, place, length, key, kind, position", by: "turn, place"),
    rows("faults", "place, kind, line", by: "place, kind"),
  ]

  private static func rows(_ table: String, _ columns: String, by order: String) -> String {
    "SELECT json_array(thread, \(columns)) FROM \(table) JOIN logs ON logs.number = log ORDER BY thread, \(order)"
  }

  static func threads(_ database: SQLiteDatabase) throws(StoreError) -> [String] {
    try database.run("SELECT thread FROM logs ORDER BY thread") { $0.text(0) ?? "" }
  }

  static func state(_ thread: String, _ database: SQLiteDatabase) throws(StoreError) -> HistoryState? {
    try database.run(
      "SELECT next_offset, next_ordinal, last_offset, last_sum, summary FROM logs WHERE thread = ?",
      [.text(thread)]
    ) { row in
      HistoryState(
        nextOffset: row.integer(0), nextOrdinal: Int(row.integer(1)), lastOffset: row.integer(2),
        lastSum: row.text(3) ?? "", summary: row.text(4) ?? "{}")
    }.first
  }

  static func add(
    _ rows: HistoryRows, _ state: HistoryState, _ thread: String, _ database: SQLiteDatabase
  ) throws(StoreError) {
    try database.run(
      """
      INSERT INTO logs (thread, next_offset, next_ordinal, last_offset, last_sum, summary)
      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (thread) DO UPDATE SET next_offset = excluded.next_offset,
      next_ordinal = excluded.next_ordinal, last_offset = excluded.last_offset, last_sum = excluded.last_sum,
      summary = excluded.summary WHERE excluded.next_offset >= next_offset
      """,
      [
        .text(thread), .integer(state.nextOffset), .integer(Int64(state.nextOrdinal)),
        .integer(state.lastOffset), .text(state.lastSum), .text(state.summary),
      ])
    guard
      let number = try database.run(
        "SELECT number FROM logs WHERE thread = ?", [.text(thread)], row: { $0.integer(0) }
      ).first
    else { return }
    for cut in rows.cuts {
      try database.run(
        "INSERT OR REPLACE INTO cuts VALUES (?, ?, ?, ?)",
        [.integer(number), .integer(cut.at), .text(cut.base), .integer(cut.end)])
    }
    for mark in rows.marks {
      try database.run(
        "INSERT OR REPLACE INTO marks VALUES (?, ?, ?, ?, ?)",
        [
          .integer(number), .integer(Int64(mark.kind)), .integer(mark.offset), .integer(Int64(mark.length)),
          .integer(mark.key),
        ])
    }
    for item in rows.items {
      try database.run(
        "INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
          .integer(number), .integer(item.turn), .integer(item.offset), .integer(Int64(item.length)),
          .integer(item.key), .integer(Int64(item.kind)), .integer(Int64(item.position)),
        ])
    }
    for fault in rows.faults {
      try database.run(
        "INSERT OR REPLACE INTO faults VALUES (?, ?, ?, ?)",
        [.integer(number), .integer(fault.offset), .integer(code(fault.kind)), .integer(Int64(fault.line))])
    }
  }

  /// Above 0 it is the number of records that are missing.
  private static func code(_ kind: LogFault.Kind) -> Int64 {
    switch kind {
    case .damaged: 0
    case .unreadable: -1
    case .missing(let count): Int64(count)
    }
  }

  static func faults(
    _ thread: String, _ range: Range<Int64>, _ database: SQLiteDatabase
  ) throws(StoreError) -> [LogFault] {
    try database.run(
      "SELECT kind, line, place FROM faults WHERE log = \(log) AND place >= ? AND place < ? ORDER BY place, kind DESC",
      [.text(thread), .integer(range.lowerBound), .integer(range.upperBound)]
    ) { row in
      let kind: LogFault.Kind =
        switch row.integer(0) {
        case 0: .damaged
        case let count where count > 0: .missing(Int(count))
        default: .unreadable
        }
      return LogFault(kind: kind, line: Int(row.integer(1)), offset: row.integer(2))
    }
  }

  static func forget(_ thread: String, _ database: SQLiteDatabase) throws(StoreError) {
    for table in ["cuts", "marks", "items", "faults"] {
      try database.run("DELETE FROM \(table) WHERE log = \(log)", [.text(thread)])
    }
    try database.run("DELETE FROM logs WHERE thread = ?", [.text(thread)])
  }

  static func lastCut(
    _ thread: String, before end: Int64, _ database: SQLiteDatabase
  ) throws(StoreError) -> HistoryCut? {
    try database.run(
      "SELECT at, base, stop FROM cuts WHERE log = \(log) AND at < ? ORDER BY at DESC LIMIT 1",
      [.text(thread), .integer(end)]
    ) { HistoryCut(at: $0.integer(0), base: $0.text(1) ?? "", end: $0.integer(2)) }.first
  }

  static func marks(
    _ thread: String, _ kind: Int, _ range: Range<Int64>, descending: Bool, limit: Int,
    _ database: SQLiteDatabase
  ) throws(StoreError) -> [HistoryMark] {
    try database.run(
      """
      SELECT place, length, key FROM marks WHERE log = \(log) AND kind = ? AND place >= ? AND place < ?
      ORDER BY place \(descending ? "DESC" : "ASC") LIMIT ?
      """,
      [
        .text(thread), .integer(Int64(kind)), .integer(range.lowerBound), .integer(range.upperBound),
        .integer(Int64(limit)),
      ]
    ) { HistoryMark(kind: kind, offset: $0.integer(0), length: Int($0.integer(1)), key: $0.integer(2)) }
  }

  static func mark(
    _ thread: String, _ kind: Int, _ key: Int64, _ range: Range<Int64>, _ database: SQLiteDatabase
  ) throws(StoreError) -> HistoryMark? {
    try database.run(
      """
      SELECT place, length FROM marks WHERE log = \(log) AND kind = ? AND key = ? AND key <> 0
      AND place >= ? AND place < ? ORDER BY place DESC LIMIT 1
      """,
      [
        .text(thread), .integer(Int64(kind)), .integer(key), .integer(range.lowerBound),
        .integer(range.upperBound),
      ]
    ) { HistoryMark(kind: kind, offset: $0.integer(0), length: Int($0.integer(1)), key: key) }.first
  }

  static func items(
    _ thread: String, _ turn: Int64, _ range: Range<Int64>, _ database: SQLiteDatabase
  ) throws(StoreError) -> [HistoryItem] {
    try database.run(
      """
      SELECT turn, place, length, key, kind, position FROM items WHERE log = \(log) AND turn = ? AND place >= ?
      AND place < ? ORDER BY place
      """, [.text(thread), .integer(turn), .integer(range.lowerBound), .integer(range.upperBound)], row: item)
  }

  static func item(
    _ thread: String, _ key: Int64, _ range: Range<Int64>, _ database: SQLiteDatabase
  ) throws(StoreError) -> HistoryItem? {
    try database.run(
      """
      SELECT turn, place, length, key, kind, position FROM items WHERE log = \(log) AND key = ? AND place >= ?
      AND place < ? ORDER BY place DESC LIMIT 1
      """, [.text(thread), .integer(key), .integer(range.lowerBound), .integer(range.upperBound)], row: item
    ).first
  }

  private static func item(_ row: SQLiteStatement) -> HistoryItem {
    HistoryItem(
      turn: row.integer(0), offset: row.integer(1), length: Int(row.integer(2)), key: row.integer(3),
      kind: Int(row.integer(4)), position: Int(row.integer(5)))
  }
}
