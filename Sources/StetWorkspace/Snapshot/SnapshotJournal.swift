/// The turns of one workspace and what each changed, in SQLite. Contents are in the object store; those of
/// a turn that still runs are here, so that a crash loses no before image.
final class SnapshotJournal {
  /// One change of one path: a path that someone else wrote between two of the turn's writes has several.
  struct Change {
    let id: Int64
    let path: String
    let before: FileStamp
    let beforeObject: String?
    let after: FileStamp?
    let afterObject: String?
    let author: ChangeAuthor
    /// The command that changed it.
    let via: String?
  }

  struct OpenTurn {
    let id: Int64
    let owner: String
  }

  let database: Database

  init(path: String) throws(WorkspaceError) {
    database = try Database(path: path)
    // FULL: a before image must be on disk before the file it is of is written.
    try database.script(
      """
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON;
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
      CREATE TABLE IF NOT EXISTS images (
        change INTEGER PRIMARY KEY REFERENCES changes (id) ON DELETE CASCADE, bytes BLOB NOT NULL);
      CREATE TABLE IF NOT EXISTS directories (
        record INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE, path BLOB NOT NULL);
      CREATE TABLE IF NOT EXISTS baseline (
        owner TEXT NOT NULL, object TEXT NOT NULL, pack TEXT NOT NULL, PRIMARY KEY (owner, object));
      """)
    try addColumn("changes", "author", "TEXT NOT NULL DEFAULT 'edit'")
    try addColumn("changes", "via", "TEXT")
    // Of a directory that was removed: its mode.
    try addColumn("directories", "mode", "INTEGER")
  }

  /// A store that an older stet made lacks it.
  private func addColumn(_ table: String, _ name: String, _ type: String) throws(WorkspaceError) {
    let known = try database.run(
      "SELECT 1 FROM pragma_table_info(?) WHERE name = ?", [.text(table), .text(name)])
    guard known.isEmpty else { return }
    do { try database.run("ALTER TABLE \(table) ADD COLUMN \(name) \(type)") } catch {
      // Another process was quicker.
      guard error.underlying?.hasPrefix("duplicate column") == true else { throw error }
    }
  }

  // MARK: a turn while it runs

  func begin(_ key: TurnKey, _ cause: TurnCause, owner: String, now: Int64) throws(WorkspaceError) -> Int64 {
    try database.run(
      "INSERT INTO turns (thread, turn, cause, owner, started) VALUES (?, ?, ?, ?, ?)",
      [.text(key.thread), .text(key.turn), .text(cause.rawValue), .text(owner), .int(now)])
    return database.lastRowID
  }

  /// The last change of a path in a turn.
  func last(_ record: Int64, _ path: String) throws(WorkspaceError) -> Change? {
    try changes("record = ? AND path = ? ORDER BY id DESC LIMIT 1", [.int(record), .blob(Array(path.utf8))])
      .first
  }

  /// Answers the change's id.
  @discardableResult
  func add(
    _ record: Int64, _ path: String, before: FileState, stamp: FileStamp, author: ChangeAuthor,
    via: String? = nil
  ) throws(WorkspaceError) -> Int64 {
    try database.run(
      """
      INSERT INTO changes (record, path, before_kind, before_hash, before_mode, author, via)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      [.int(record), .blob(Array(path.utf8))] + Self.values(stamp)
        + [.text(author.rawValue), via.map { .text($0) } ?? .null])
    let change = database.lastRowID
    try database.run("INSERT INTO images (change, bytes) VALUES (?, ?)", [.int(change), .blob(before.bytes)])
    return change
  }

  func replaceBefore(_ change: Int64, _ before: FileState, stamp: FileStamp) throws(WorkspaceError) {
    try database.run(
      "UPDATE changes SET before_kind = ?, before_hash = ?, before_mode = ? WHERE id = ?",
      Self.values(stamp) + [.int(change)])
    try database.run("UPDATE images SET bytes = ? WHERE change = ?", [.blob(before.bytes), .int(change)])
  }

  func setAfter(_ change: Int64, _ after: FileStamp) throws(WorkspaceError) {
    try database.run(
      "UPDATE changes SET after_kind = ?, after_hash = ?, after_mode = ? WHERE id = ?",
      Self.values(after) + [.int(change)])
  }

  /// A directory that the turn made; with a mode, one that it removed.
  func addDirectory(_ record: Int64, _ path: String, mode: UInt16? = nil) throws(WorkspaceError) {
    try database.run(
      "INSERT INTO directories (record, path, mode) VALUES (?, ?, ?)",
      [.int(record), .blob(Array(path.utf8)), mode.map { .int(Int64($0)) } ?? .null])
  }

  func image(_ change: Int64) throws(WorkspaceError) -> [UInt8] {
    try database.run("SELECT bytes FROM images WHERE change = ?", [.int(change)]).first?.first?.blob ?? []
  }

  // MARK: its end

  func setObjects(_ change: Int64, before: String?, after: String?) throws(WorkspaceError) {
    try database.run(
      "UPDATE changes SET before_object = ?, after_object = ? WHERE id = ?",
      [before.map { .text($0) } ?? .null, after.map { .text($0) } ?? .null, .int(change)])
    try database.run("DELETE FROM images WHERE change = ?", [.int(change)])
  }

  func remove(_ change: Int64) throws(WorkspaceError) {
    try database.run("DELETE FROM changes WHERE id = ?", [.int(change)])
  }

  func close(_ record: Int64, now: Int64, added: Int, removed: Int, pack: String?) throws(WorkspaceError) {
    try database.run(
      "UPDATE turns SET ended = ?, added = ?, removed = ?, pack = ? WHERE id = ?",
      [.int(now), .int(Int64(added)), .int(Int64(removed)), pack.map { .text($0) } ?? .null, .int(record)])
  }

  func forget(_ record: Int64) throws(WorkspaceError) {
    try database.run("DELETE FROM turns WHERE id = ?", [.int(record)])
  }

  func openTurns() throws(WorkspaceError) -> [OpenTurn] {
    try database.run("SELECT id, owner FROM turns WHERE ended IS NULL").compactMap { row in
      row[0].int.map { OpenTurn(id: $0, owner: row[1].text ?? "") }
    }
  }

  // MARK: undo

  /// The changes of a record in the order they were made; without `all` those that are not undone.
  func changes(of record: Int64, all: Bool) throws(WorkspaceError) -> [Change] {
    try changes("record = ? \(all ? "" : "AND undone_by IS NULL ")ORDER BY id", [.int(record)])
  }

  func directories(of record: Int64) throws(WorkspaceError) -> [ObservedDirectory] {
    try database.run("SELECT path, mode FROM directories WHERE record = ? ORDER BY rowid", [.int(record)]).map
    {
      ObservedDirectory(path: Self.path($0[0]), mode: $0[1].int.map { UInt16(truncatingIfNeeded: $0) })
    }
  }

  /// Marks changes as undone by a restore; what they themselves had undone is in effect again.
  func markUndone(_ changes: [Int64], by restore: Int64) throws(WorkspaceError) {
    for change in changes {
      try database.run(
        """
        UPDATE changes SET undone_by = NULL
        WHERE undone_by = (SELECT record FROM changes WHERE id = ?)
          AND path = (SELECT path FROM changes WHERE id = ?)
        """, [.int(change), .int(change)])
      try database.run("UPDATE changes SET undone_by = ? WHERE id = ?", [.int(restore), .int(change)])
    }
  }

  private func changes(_ condition: String, _ values: [Database.Value]) throws(WorkspaceError) -> [Change] {
    try database.run(
      """
      SELECT id, path, before_kind, before_hash, before_mode, before_object,
             after_kind, after_hash, after_mode, after_object, author, via FROM changes WHERE \(condition)
      """, values
    ).compactMap { row in
      guard let id = row[0].int, let before = Self.stamp(row[2...4]) else { return nil }
      return Change(
        id: id, path: Self.path(row[1]), before: before, beforeObject: row[5].text,
        after: Self.stamp(row[6...8]), afterObject: row[9].text,
        author: row[10].text.flatMap(ChangeAuthor.init(rawValue:)) ?? .edit, via: row[11].text)
    }
  }

  private static func path(_ value: Database.Value) -> String {
    String(decoding: value.blob ?? [], as: UTF8.self)
  }

  private static func stamp(_ columns: ArraySlice<Database.Value>) -> FileStamp? {
    let columns = Array(columns)
    guard let kind = columns[0].text.flatMap(FileState.Kind.init(rawValue:)) else { return nil }
    return FileStamp(
      kind: kind, hash: columns[1].text.map(ContentHash.init(hex:)),
      mode: UInt16(truncatingIfNeeded: columns[2].int ?? 0))
  }

  private static func values(_ stamp: FileStamp) -> [Database.Value] {
    [.text(stamp.kind.rawValue), stamp.hash.map { .text($0.hex) } ?? .null, .int(Int64(stamp.mode))]
  }
}
