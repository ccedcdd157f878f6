import CSQLite
import Glibc

/// One connection to SQLite. Not for two threads at once: its owner keeps it under a lock.
final class SQLiteDatabase {
  private var handle: OpaquePointer?
  /// Statements by their text: compiling costs more than running most of them. The texts are few and fixed,
  /// but for the combinations of list filters; beyond this many the cache starts anew.
  private var statements: [String: SQLiteStatement] = [:]
  private static let maximumStatements = 64

  /// How long a write waits for others, in milliseconds: SQLite gives no turns, so that of fifty processes on a slow disk
  /// one may wait for all the others. A rebuild of the index from some thousand threads takes no longer.
  static let busyTimeoutMs: Int32 = 30_000
  /// As long in all.
  private static let walAttempts = 3_000
  private static let walPauseUs: UInt32 = 10_000

  /// The path of a database that is no file and lasts as long as its connection.
  static let inMemory = ":memory:"

  let path: String

  /// Opens or makes the file, 0600, waiting up to `busyTimeoutMs` for other processes.
  init(path: String, busyTimeoutMs: Int32 = SQLiteDatabase.busyTimeoutMs) throws(StoreError) {
    self.path = path
    // The file must never be opened but by SQLite: a close of any other descriptor of it in this process takes away the
    // locks that every connection here holds, and two writers then damage it.
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(path, &handle, flags, nil)
    do throws(StoreError) {
      try check(code, "open \(path)")
      // SQLite gives its companion files the mode of the database, and makes them after this.
      if path != Self.inMemory { _ = try StetStore.check("open \(path)") { chmod(path, 0o600) } }
      try check(sqlite3_busy_timeout(handle, busyTimeoutMs), "open \(path)")
    } catch {
      sqlite3_close_v2(handle)
      handle = nil
      throw error
    }
  }

  deinit {
    statements.removeAll()
    sqlite3_close_v2(handle)
  }

  /// Makes readers and a writer of several processes go side by side. SQLite does not wait by itself while several
  /// turn a new file at once.
  func enterWAL() throws(StoreError) {
    for _ in 0..<Self.walAttempts {
      do throws(StoreError) {
        return try execute("PRAGMA journal_mode = WAL")
      } catch  where error.code == .busy {
        usleep(Self.walPauseUs)
      }
    }
    try execute("PRAGMA journal_mode = WAL")
  }

  /// Runs statements that give no rows.
  func execute(_ sql: String) throws(StoreError) {
    try check(sqlite3_exec(handle, sql, nil, nil, nil), "update \(path)")
  }

  /// Runs one statement and reads each row.
  func run<Row>(
    _ sql: String, _ values: [SQLiteValue] = [], row: (SQLiteStatement) -> Row
  ) throws(StoreError) -> [Row] {
    var rows: [Row] = []
    try scan(sql, values) { statement in
      rows.append(row(statement))
      return true
    }
    return rows
  }

  /// Runs one statement and shows each row until `row` answers false.
  func scan(
    _ sql: String, _ values: [SQLiteValue] = [], row: (SQLiteStatement) -> Bool
  ) throws(StoreError) {
    let statement = try prepare(sql)
    defer { statement.reset() }
    for (index, value) in values.enumerated() {
      try check(statement.bind(value, at: Int32(index + 1)), "query \(path)")
    }
    while true {
      let code = statement.step()
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else {
        try check(code, "query \(path)")
        return
      }
      if !row(statement) { return }
    }
  }

  /// Runs one statement without rows.
  func run(_ sql: String, _ values: [SQLiteValue] = []) throws(StoreError) {
    _ = try run(sql, values) { _ in }
  }

  /// Keeps the write-ahead log small: what it has is on disk twice, and the next to open the file reads all of it.
  func boundJournal() throws(StoreError) {
    // 128 pages of 4 KB: some ten turns, so that no turn waits for two syncs of the index.
    _ = try run("PRAGMA wal_autocheckpoint = 128") { _ in }
    _ = try run("PRAGMA journal_size_limit = \(Self.journalBytes)") { _ in }
  }

  /// Moves the write-ahead log into the file when it is large; another reader only puts it off.
  func trim() throws(StoreError) {
    var status = stat()
    guard stat(path + "-wal", &status) == 0, status.st_size > Self.journalBytes / 4 else { return }
    _ = try run("PRAGMA wal_checkpoint(TRUNCATE)") { _ in }
  }

  /// Bytes that the write-ahead log keeps after its content went into the file.
  private static let journalBytes: Int64 = 512 << 10

  /// Runs the body in a write transaction; an error undoes all of it.
  func transaction<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
    try execute("BEGIN IMMEDIATE")
    do throws(StoreError) {
      let value = try body()
      try execute("COMMIT")
      return value
    } catch {
      // After a full disk SQLite may have rolled back by itself; then this says so, and the first error counts.
      sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
      throw error
    }
  }

  private func prepare(_ sql: String) throws(StoreError) -> SQLiteStatement {
    if let statement = statements[sql] { return statement }
    var pointer: OpaquePointer?
    try check(sqlite3_prepare_v2(handle, sql, -1, &pointer, nil), "query \(path)")
    if statements.count >= Self.maximumStatements { statements.removeAll() }
    let statement = SQLiteStatement(pointer)
    statements[sql] = statement
    return statement
  }

  /// Turns a result code into an error that carries SQLite's own text, which the next call would overwrite.
  private func check(_ code: Int32, _ action: String) throws(StoreError) {
    guard code != SQLITE_OK else { return }
    let text = handle.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
    switch code & 0xFF {
    case SQLITE_FULL:
      throw StoreError(
        .diskFull, "Can't \(action): no space left. Free some space and try again.", underlying: text)
    case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN:
      throw StoreError(
        .notPermitted, "Can't \(action): not permitted. Check the owner and mode of its folder.",
        underlying: text)
    case SQLITE_CORRUPT, SQLITE_NOTADB:
      throw StoreError(.corrupt, "Can't \(action): the file is damaged.", underlying: text)
    case SQLITE_BUSY, SQLITE_LOCKED:
      throw StoreError(.busy, "Can't \(action): another process keeps it busy.", underlying: text)
    default:
      throw StoreError(.failed, "Can't \(action).", underlying: text)
    }
  }
}
