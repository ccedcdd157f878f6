import CSQLite

/// A value that goes into a statement.
enum SQLiteValue {
  case null
  case integer(Int64)
  case text(String)

  init(_ text: String?) { self = text.map(SQLiteValue.text) ?? .null }
}

/// A compiled statement; freed with its last reference.
final class SQLiteStatement {
  private let handle: OpaquePointer?

  init(_ handle: OpaquePointer?) { self.handle = handle }

  deinit { sqlite3_finalize(handle) }

  func bind(_ value: SQLiteValue, at index: Int32) -> Int32 {
    switch value {
    case .null: return sqlite3_bind_null(handle, index)
    case .integer(let number): return sqlite3_bind_int64(handle, index, number)
    case .text(let text):
      let length = text.utf8.count
      guard length <= Int32.max else { return SQLITE_TOOBIG }
      return text.withCString { stet_sqlite_bind_text(handle, index, $0, Int32(length)) }
    }
  }

  func step() -> Int32 { sqlite3_step(handle) }

  func reset() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
  }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func real(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

  /// nil for NULL. The length is asked for, so text with a NUL in it comes back whole.
  func text(_ column: Int32) -> String? {
    guard let bytes = sqlite3_column_text(handle, column) else { return nil }
    let count = Int(sqlite3_column_bytes(handle, column))
    return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }
}
