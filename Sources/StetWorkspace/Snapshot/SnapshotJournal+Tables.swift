extension SnapshotJournal {
  /// Changes whenever the tables do. A store without a number is older.
  private static let schema: Int64 = 1

  /// Opens the tables; a store that an older stet made gets what it lacks.
  func openTables() throws(WorkspaceError) {
    // FULL: a before image must be on disk before the file it is of is written.
    try database.script(
      """
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON;
      """)
    // Looked at without a lock first. A newer stet's number stays, and so do its tables.
    guard try number() < Self.schema else { return }
    // At once: each change by itself would wait for the disk.
    try database.transaction { () throws(WorkspaceError) in
      guard try number() < Self.schema else { return }
      try makeTables()
      try database.run("PRAGMA user_version = \(Self.schema)")
    }
  }

  private func number() throws(WorkspaceError) -> Int64 {
    try database.run("PRAGMA user_version").first?.first?.int ?? 0
  }

  /// Makes what is not there yet.
  private func makeTables() throws(WorkspaceError) {
    try database.script(
      """
      CREATE TABLE IF NOT EXISTS turns (
        id INTEGER PRIMARY KEY AUTOINCREMENT, thread TEXT NOT NULL, turn TEXT NOT NULL, cause TEXT NOT NULL,
        owner TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER, added INTEGER NOT NULL DEFAULT 0,
        removed INTEGER NOT NULL DEFAULT 0, pack TEXT);
      CREATE INDEX IF NOT EXISTS turns_thread ON turns (thread, id);
      CREATE TABLE IF NOT EXISTS changes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        record INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE, path BLOB NOT NULL,
        before_kind TEXT NOT NULL, before_hash TEXT, before_mode INTEGER NOT NULL, before_object TEXT,
        after_kind TEXT, after_hash TEXT, after_mode INTEGER, after_object TEXT, undone_by INTEGER);
      CREATE INDEX IF NOT EXISTS changes_record ON changes (record);
      CREATE INDEX IF NOT EXISTS changes_path ON changes (path);
      CREATE TABLE IF NOT EXISTS images (
        change INTEGER PRIMARY KEY REFERENCES changes (id) ON DELETE CASCADE, bytes BLOB NOT NULL);
      CREATE TABLE IF NOT EXISTS directories (
        record INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE, path BLOB NOT NULL);
      CREATE INDEX IF NOT EXISTS directories_record ON directories (record);
      CREATE TABLE IF NOT EXISTS baseline (
        owner TEXT NOT NULL, object TEXT NOT NULL, pack TEXT NOT NULL, PRIMARY KEY (owner, object));
      CREATE TABLE IF NOT EXISTS intents (
        record INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE, what TEXT NOT NULL, number INTEGER,
        path BLOB);
      CREATE TABLE IF NOT EXISTS commands (
        record INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE, via TEXT NOT NULL,
        started INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS lost (
        thread TEXT NOT NULL, turn TEXT NOT NULL, via TEXT NOT NULL, started INTEGER NOT NULL);
      """)
    try addColumn("changes", "author", "TEXT NOT NULL DEFAULT 'edit'")
    try addColumn("changes", "via", "TEXT")
    // Of a directory: its mode before (none: it was made) and after (none: it was removed).
    try addColumn("directories", "mode", "INTEGER")
    try addColumn("directories", "after_mode", "INTEGER")
    // Which file had the path before, and how many names it had.
    try addColumn("changes", "before_inode", "INTEGER")
    try addColumn("changes", "before_links", "INTEGER")
    try addColumn("directories", "undone_by", "INTEGER")
    try addColumn("images", "after", "BLOB")
    try addColumn("turns", "head", "TEXT")
    try addColumn("turns", "note", "TEXT")
    // Of a restore: the write transaction that put all of its files in place.
    try addColumn("turns", "committed", "TEXT")
    // A turn may have changed a hundred thousand files: no step of it looks through all of them for each.
    try database.script(
      """
      CREATE INDEX IF NOT EXISTS changes_place ON changes (record, path, id);
      CREATE INDEX IF NOT EXISTS changes_undone ON changes (undone_by);
      CREATE INDEX IF NOT EXISTS directories_place ON directories (record, path);
      CREATE INDEX IF NOT EXISTS directories_undone ON directories (undone_by, path);
      """)
  }

  private func addColumn(_ table: String, _ name: String, _ type: String) throws(WorkspaceError) {
    let known = try database.run(
      "SELECT 1 FROM pragma_table_info(?) WHERE name = ?", [.text(table), .text(name)])
    if known.isEmpty { try database.run("ALTER TABLE \(table) ADD COLUMN \(name) \(type)") }
  }
}
