/// The SQL of the searchable texts. `search` is an FTS5 table whose trigrams find any part of a word or path, in any
/// script; a row of `documents` says where a text comes from.
enum DocumentTable {
  /// Terms shorter than a trigram can't be looked up and are found by reading.
  static let shortestTerm = 3

  /// One text a row, in a fixed order: what `ThreadIndex.digest` is made of.
  static let everything = """
    SELECT json_array(thread_id, turn_id, item_id, kind, time_ms, ordinal, search.text)
    FROM documents JOIN search ON search.rowid = documents.id ORDER BY thread_id, ordinal, turn_id, item_id
    """

  static func create(_ database: SQLiteDatabase) throws(StoreError) {
    try database.execute(
      """
      DROP TABLE IF EXISTS documents;
      DROP TABLE IF EXISTS search;
      DROP TABLE IF EXISTS turns;
      DROP TABLE IF EXISTS progress;
      CREATE TABLE documents (
        id INTEGER PRIMARY KEY, thread_id TEXT NOT NULL, turn_id TEXT NOT NULL, item_id TEXT NOT NULL,
        kind TEXT NOT NULL, time_ms INTEGER NOT NULL, ordinal INTEGER NOT NULL,
        UNIQUE (thread_id, turn_id, item_id)
      );
      CREATE VIRTUAL TABLE search USING fts5 (text, tokenize = 'trigram');
      CREATE TABLE turns (thread_id TEXT NOT NULL, turn_id TEXT NOT NULL, ordinal INTEGER NOT NULL,
        PRIMARY KEY (thread_id, turn_id)) WITHOUT ROWID;
      CREATE TABLE progress (thread_id TEXT PRIMARY KEY, path TEXT NOT NULL, bytes INTEGER NOT NULL)
        WITHOUT ROWID;
      """)
  }

  static func add(
    _ document: SearchDocument, ordinal: Int, thread: String, _ database: SQLiteDatabase
  ) throws(StoreError) {
    let key: [SQLiteValue] = [.text(thread), .text(document.turnId), .text(document.itemId)]
    let known = try database.run(
      "SELECT id FROM documents WHERE thread_id = ? AND turn_id = ? AND item_id = ?", key
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
        INSERT INTO documents (thread_id, turn_id, item_id, kind, time_ms, ordinal) VALUES (?, ?, ?, ?, ?, ?)
        """, key + rest)
      try database.run(
        "INSERT INTO search (rowid, text) VALUES (last_insert_rowid(), ?)", [.text(document.text)])
    }
  }

  static func cut(
    fromOrdinal ordinal: Int, thread: String, _ database: SQLiteDatabase
  ) throws(StoreError) {
    let values: [SQLiteValue] = [.text(thread), .integer(Int64(ordinal))]
    try database.run(
      """
      DELETE FROM search
      WHERE rowid IN (SELECT id FROM documents WHERE thread_id = ? AND ordinal >= ?)
      """, values)
    try database.run("DELETE FROM documents WHERE thread_id = ? AND ordinal >= ?", values)
    try database.run("DELETE FROM turns WHERE thread_id = ? AND ordinal >= ?", values)
  }

  static func begin(
    turn: String, ordinal: Int, thread: String, _ database: SQLiteDatabase
  ) throws(StoreError) {
    try database.run(
      "INSERT OR REPLACE INTO turns (thread_id, turn_id, ordinal) VALUES (?, ?, ?)",
      [.text(thread), .text(turn), .integer(Int64(ordinal))])
  }

  static func cut(turn: String, thread: String, _ database: SQLiteDatabase) throws(StoreError) {
    let began = try database.run(
      "SELECT ordinal FROM turns WHERE thread_id = ? AND turn_id = ?", [.text(thread), .text(turn)]
    ) { $0.integer(0) }.first
    try cut(fromOrdinal: Int(began ?? 0), thread: thread, database)
  }

  static func remove(thread: String, _ database: SQLiteDatabase) throws(StoreError) {
    try cut(fromOrdinal: 0, thread: thread, database)
    try database.run("DELETE FROM progress WHERE thread_id = ?", [.text(thread)])
  }

  static func removeAll(_ database: SQLiteDatabase) throws(StoreError) {
    try database.run("DELETE FROM search")
    try database.run("DELETE FROM documents")
    try database.run("DELETE FROM turns")
    try database.run("DELETE FROM progress")
  }

  /// How far a thread's log was read, and where the log lay then.
  static func progress(
    _ thread: String, _ database: SQLiteDatabase
  ) throws(StoreError) -> (path: String, bytes: Int64)? {
    try database.run("SELECT path, bytes FROM progress WHERE thread_id = ?", [.text(thread)]) { row in
      (row.text(0) ?? "", row.integer(1))
    }.first
  }

  static func setProgress(
    _ thread: String, path: String, bytes: Int64, _ database: SQLiteDatabase
  ) throws(StoreError) {
    try database.run(
      "INSERT OR REPLACE INTO progress (thread_id, path, bytes) VALUES (?, ?, ?)",
      [.text(thread), .text(path), .integer(bytes)])
  }

  /// All of it.
  static func allProgress(
    _ database: SQLiteDatabase
  ) throws(StoreError) -> [(thread: String, path: String, bytes: Int64)] {
    try database.run("SELECT thread_id, path, bytes FROM progress") { row in
      (row.text(0) ?? "", row.text(1) ?? "", row.integer(2))
    }
  }
}
