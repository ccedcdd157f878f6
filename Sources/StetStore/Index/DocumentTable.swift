/// The SQL of the searchable texts. `search` is an FTS5 table whose trigrams find any part of a word or path, in any
/// script; a row of `documents` says where a text comes from. Only which texts have a trigram is kept, not where:
/// a third of the space, and who searches looks at the text anyway.
enum DocumentTable {
  /// Terms shorter than a trigram can't be looked up and are found by reading.
  static let shortestTerm = 3

  /// One text a row, in a fixed order: what `ThreadIndex.digest` is made of.
  static let everything = """
    SELECT json_array(thread_id, turn_id, item_id, kind, time_ms, ordinal, search.text)
    FROM documents JOIN search ON search.rowid = documents.id JOIN logs ON logs.number = documents.log
    ORDER BY thread_id, ordinal, turn_id, item_id
    """

  static func create(_ database: SQLiteDatabase) throws(StoreError) {
    try database.execute(
      """
      DROP TABLE IF EXISTS documents;
      DROP TABLE IF EXISTS search;
      DROP TABLE IF EXISTS turns;
      DROP TABLE IF EXISTS progress;
      DROP TABLE IF EXISTS logs;
      CREATE TABLE logs (
        number INTEGER PRIMARY KEY, thread_id TEXT NOT NULL UNIQUE, path TEXT NOT NULL, bytes INTEGER NOT NULL
      );
      CREATE TABLE documents (
        id INTEGER PRIMARY KEY, log INTEGER NOT NULL, turn_id TEXT NOT NULL, item_id TEXT NOT NULL,
        kind TEXT NOT NULL, time_ms INTEGER NOT NULL, ordinal INTEGER NOT NULL, key INTEGER NOT NULL
      );
      CREATE INDEX documents_key ON documents (log, key);
      CREATE VIRTUAL TABLE search USING fts5 (text, tokenize = 'trigram', detail = 'none');
      CREATE TABLE turns (log INTEGER NOT NULL, turn_id TEXT NOT NULL, ordinal INTEGER NOT NULL,
        PRIMARY KEY (log, turn_id)) WITHOUT ROWID;
      """)
  }

  /// The number of a thread's log; made when there is none.
  private static func number(of thread: String, _ database: SQLiteDatabase) throws(StoreError) -> Int64 {
    let sql = "SELECT number FROM logs WHERE thread_id = ?"
    if let number = try database.run(sql, [.text(thread)], row: { $0.integer(0) }).first { return number }
    try database.run("INSERT INTO logs (thread_id, path, bytes) VALUES (?, '', 0)", [.text(thread)])
    return try database.run(sql, [.text(thread)], row: { $0.integer(0) }).first ?? 0
  }

  static func add(
    _ document: SearchDocument, ordinal: Int, thread: String, _ database: SQLiteDatabase
  ) throws(StoreError) {
    let log = try number(of: thread, database)
    let names: [SQLiteValue] = [.integer(log), .text(document.turnId), .text(document.itemId)]
    let key = HistoryKey.of("\(document.turnId)\n\(document.itemId)")
    let known = try database.run(
      "SELECT id FROM documents WHERE log = ? AND turn_id = ? AND item_id = ? AND key = ?",
      names + [.integer(key)]
    ) { $0.integer(0) }.first
    let rest: [SQLiteValue] = [
      .text(document.kind), .integer(document.timeMs), .integer(Int64(ordinal)),
    ]
    if let known {
      try database.run(
        "UPDATE documents SET kind = ?, time_ms = ?, ordinal = ? WHERE id = ?", rest + [.integer(known)])
      try database.run(
        "UPDATE search SET text = ? WHERE rowid = ?", [.text(document.text), .integer(known)])
    } else {
      try database.run(
        """
        INSERT INTO documents (log, turn_id, item_id, kind, time_ms, ordinal, key) VALUES (?, ?, ?, ?, ?, ?, ?)
        """, names + rest + [.integer(key)])
      try database.run(
        "INSERT INTO search (rowid, text) VALUES (last_insert_rowid(), ?)", [.text(document.text)])
    }
  }

  static func cut(
    fromOrdinal ordinal: Int, thread: String, _ database: SQLiteDatabase
  ) throws(StoreError) {
    let values: [SQLiteValue] = [.integer(try number(of: thread, database)), .integer(Int64(ordinal))]
    try database.run(
      """
      DELETE FROM search
      WHERE rowid IN (SELECT id FROM documents WHERE log = ? AND ordinal >= ?)
      """, values)
    try database.run("DELETE FROM documents WHERE log = ? AND ordinal >= ?", values)
    try database.run("DELETE FROM turns WHERE log = ? AND ordinal >= ?", values)
  }

  static func begin(
    turn: String, ordinal: Int, thread: String, _ database: SQLiteDatabase
  ) throws(StoreError) {
    try database.run(
      "INSERT OR REPLACE INTO turns (log, turn_id, ordinal) VALUES (?, ?, ?)",
      [.integer(try number(of: thread, database)), .text(turn), .integer(Int64(ordinal))])
  }

  static func cut(turn: String, thread: String, _ database: SQLiteDatabase) throws(StoreError) {
    let began = try database.run(
      "SELECT ordinal FROM turns WHERE log = ? AND turn_id = ?",
      [.integer(try number(of: thread, database)), .text(turn)]
    ) { $0.integer(0) }.first
    try cut(fromOrdinal: Int(began ?? 0), thread: thread, database)
  }

  static func remove(thread: String, _ database: SQLiteDatabase) throws(StoreError) {
    try cut(fromOrdinal: 0, thread: thread, database)
    try database.run("DELETE FROM logs WHERE thread_id = ?", [.text(thread)])
  }

  static func removeAll(_ database: SQLiteDatabase) throws(StoreError) {
    try database.run("DELETE FROM search")
    try database.run("DELETE FROM documents")
    try database.run("DELETE FROM turns")
    try database.run("DELETE FROM logs")
  }

  /// How far a thread's log was read, and where the log lay then.
  static func progress(
    _ thread: String, _ database: SQLiteDatabase
  ) throws(StoreError) -> (path: String, bytes: Int64)? {
    try database.run("SELECT path, bytes FROM logs WHERE thread_id = ? AND path <> ''", [.text(thread)]) {
      row in
      (row.text(0) ?? "", row.integer(1))
    }.first
  }

  static func setProgress(
    _ thread: String, path: String, bytes: Int64, _ database: SQLiteDatabase
  ) throws(StoreError) {
    try database.run(
      """
      INSERT INTO logs (thread_id, path, bytes) VALUES (?, ?, ?)
      ON CONFLICT (thread_id) DO UPDATE SET path = excluded.path, bytes = excluded.bytes
      """,
      [.text(thread), .text(path), .integer(bytes)])
  }

  /// All of it.
  static func allProgress(
    _ database: SQLiteDatabase
  ) throws(StoreError) -> [(thread: String, path: String, bytes: Int64)] {
    try database.run("SELECT thread_id, path, bytes FROM logs WHERE path <> ''") { row in
      (row.text(0) ?? "", row.text(1) ?? "", row.integer(2))
    }
  }
}
