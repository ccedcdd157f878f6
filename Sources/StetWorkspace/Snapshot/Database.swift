import CSQLite

/// A connection to one SQLite file. Not for two threads at once.
final class Database {
  enum Value: Hashable {
    case null
    case int(Int64)
    case text(String)
    case blob([UInt8])

    var int: Int64? { if case .int(let value) = self { value } else { nil } }
    var text: String? { if case .text(let value) = self { value } else { nil } }
    var blob: [UInt8]? { if case .blob(let value) = self { value } else { nil } }
  }

  /// Another process writes one turn at a time; where each flush takes a third of a second, several in a row take this
  /// long.
  private static let busyMilliseconds: Int32 = 30_000

  private let path: String
  private var handle: OpaquePointer?

  init(path: String) throws(WorkspaceError) {
    self.path = path
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW
    let result = sqlite3_open_v2(path, &handle, flags, nil)
    guard result == SQLITE_OK else {
      let failure = failure("Cannot open \(path)")
      sqlite3_close_v2(handle)
      handle = nil
      throw failure
    }
    sqlite3_busy_timeout(handle, Self.busyMilliseconds)
  }

  /// Runs one statement and answers its rows.
  @discardableResult
  func run(_ sql: String, _ values: [Value] = []) throws(WorkspaceError) -> [[Value]] {
    var statement: OpaquePointer?
    try check(sqlite3_prepare_v2(handle, sql, -1, &statement, nil), sql)
    defer { sqlite3_finalize(statement) }
    for (index, value) in values.enumerated() { try bind(value, Int32(index + 1), statement, sql) }
    var rows: [[Value]] = []
    while true {
      let result = sqlite3_step(statement)
      if result == SQLITE_DONE { return rows }
      guard result == SQLITE_ROW else { throw failure(sql) }
      rows.append((0..<sqlite3_column_count(statement)).map { Self.value(statement, $0) })
    }
  }

  /// Runs several statements, separated by semicolons.
  func script(_ sql: String) throws(WorkspaceError) {
    try check(sqlite3_exec(handle, sql, nil, nil, nil), sql)
  }

  /// All of the body's changes or none.
  func transaction<Result>(
    _ body: () throws(WorkspaceError) -> Result
  ) throws(WorkspaceError) -> Result {
    try run("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try run("COMMIT")
      return result
    } catch {
      // A failed commit may have rolled back by itself; then there is nothing left to do.
      if sqlite3_get_autocommit(handle) == 0 { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
      throw error
    }
  }

  var lastRowID: Int64 { sqlite3_last_insert_rowid(handle) }

  private func bind(
    _ value: Value, _ index: Int32, _ statement: OpaquePointer?, _ sql: String
  ) throws(WorkspaceError) {
    // SQLITE_TRANSIENT, a cast in C: SQLite copies the bytes.
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    let result =
      switch value {
      case .null: sqlite3_bind_null(statement, index)
      case .int(let number): sqlite3_bind_int64(statement, index, number)
      case .text(let text): sqlite3_bind_text(statement, index, text, -1, copied)
      case .blob(let bytes):
        bytes.isEmpty
          ? sqlite3_bind_zeroblob(statement, index, 0)
          : sqlite3_bind_blob64(statement, index, bytes, UInt64(bytes.count), copied)
      }
    try check(result, sql)
  }

  private static func value(_ statement: OpaquePointer?, _ column: Int32) -> Value {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return .int(sqlite3_column_int64(statement, column))
    case SQLITE_TEXT: return .text(String(cString: sqlite3_column_text(statement, column)))
    case SQLITE_BLOB:
      let count = Int(sqlite3_column_bytes(statement, column))
      guard count > 0, let start = sqlite3_column_blob(statement, column) else { return .blob([]) }
      return .blob(Array(UnsafeRawBufferPointer(start: start, count: count)))
    default: return .null
    }
  }

  private func check(_ result: Int32, _ sql: String) throws(WorkspaceError) {
    if result != SQLITE_OK { throw failure(sql) }
  }

  private func failure(_ what: String) -> WorkspaceError {
    let code: WorkspaceError.Code = sqlite3_errcode(handle) == SQLITE_BUSY ? .locked : .library
    return WorkspaceError(
      code, "The snapshot journal refused: \(what.prefix(80))", path: path,
      underlying: String(cString: sqlite3_errmsg(handle)))
  }

  deinit { sqlite3_close_v2(handle) }
}
