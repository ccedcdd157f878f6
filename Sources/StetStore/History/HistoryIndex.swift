import Glibc
import StetHash
import Synchronization

/// Where in the logs the turns, items and settings of each thread are, in SQLite: a page of a long thread is read
/// without reading the thread.
///
/// It is a projection: it may lag behind a log and be lost at any time; its caller reads the rest of the log and
/// adds what is missing. Any thread and several processes may use it; calls block on the disk.
public final class HistoryIndex: Sendable {
  /// Changes whenever the tables or the meaning of their rows do.
  private static let schema: Int64 = 2

  private let database: Mutex<SQLiteDatabase>

  /// Opens or makes the index; a damaged one is put aside. Throws `newerSchema` if a newer version wrote it.
  /// - Parameter path: nil for one that is kept in memory only.
  public init(path: String?) throws(StoreError) {
    guard let path else {
      database = Mutex(try Self.open(SQLiteDatabase.inMemory))
      return
    }
    try Directory.make(Directory.directory(of: path))
    let opened: SQLiteDatabase
    do throws(StoreError) {
      opened = try Self.open(path)
    } catch  where error.code == .corrupt {
      for suffix in ["", "-wal", "-shm"] { rename(path + suffix, "\(path).damaged\(suffix)") }
      opened = try Self.open(path)
    }
    database = Mutex(opened)
  }

  /// Nil when nothing is known of the thread's log.
  public func state(_ thread: String) throws(StoreError) -> HistoryState? {
    try database.withLock { (database) throws(StoreError) in try HistoryTable.state(thread, database) }
  }

  /// Adds rows and moves the state on from `begin`, at once. Rows that are there already are replaced by the same.
  ///
  /// False, with nothing added, when the state is another by now: another process has read the log too, or found that
  /// it is another log. Who reads on then begins at what is known.
  public func add(
    _ rows: HistoryRows, from begin: HistoryState, state: HistoryState, thread: String
  ) throws(StoreError) -> Bool {
    try database.withLock { (database) throws(StoreError) in
      try database.transaction { () throws(StoreError) in
        guard try HistoryTable.state(thread, database) ?? .empty == begin else { return false }
        try HistoryTable.add(rows, state, thread, database)
        return true
      }
    }
  }

  /// The ids of the threads whose logs were read.
  public func threads() throws(StoreError) -> [String] {
    try database.withLock { (database) throws(StoreError) in try HistoryTable.threads(database) }
  }

  /// What is wrong in a part of a log.
  public func faults(_ thread: String, in range: Range<Int64>) throws(StoreError) -> [LogFault] {
    try database.withLock { (database) throws(StoreError) in
      try HistoryTable.faults(thread, range, database)
    }
  }

  /// A SHA-256 over all rows in a fixed order: two indexes that say the same have the same (R1).
  public func digest() throws(StoreError) -> String {
    try database.withLock { (database) throws(StoreError) in
      var hash = SHA256.stream()
      for query in HistoryTable.everything {
        try database.scan(query) { row in
          hash.update(Array((row.text(0) ?? "").utf8))
          hash.update([0])
          return true
        }
      }
      return hash.finish().hex
    }
  }

  /// Gives back the room of what was written lately, if it is much.
  public func trim() throws(StoreError) {
    try database.withLock { (database) throws(StoreError) in try database.trim() }
  }

  /// Forgets a thread's rows.
  public func forget(_ thread: String) throws(StoreError) {
    try database.withLock { (database) throws(StoreError) in
      try database.transaction { () throws(StoreError) in try HistoryTable.forget(thread, database) }
    }
  }

  /// The last cut of a log before `end`.
  public func lastCut(_ thread: String, before end: Int64) throws(StoreError) -> HistoryCut? {
    try database.withLock { (database) throws(StoreError) in
      try HistoryTable.lastCut(thread, before: end, database)
    }
  }

  /// Marks of a kind in a part of a log.
  public func marks(
    _ thread: String, kind: Int, in range: Range<Int64>, descending: Bool, limit: Int
  ) throws(StoreError) -> [HistoryMark] {
    try database.withLock { (database) throws(StoreError) in
      try HistoryTable.marks(thread, kind, range, descending: descending, limit: limit, database)
    }
  }

  /// The last mark of a kind that has this key, in a part of a log.
  public func mark(
    _ thread: String, kind: Int, key: Int64, in range: Range<Int64>
  ) throws(StoreError) -> HistoryMark? {
    try database.withLock { (database) throws(StoreError) in
      try HistoryTable.mark(thread, kind, key, range, database)
    }
  }

  /// The items of a turn in a part of a log, in the order in which they were written.
  public func items(
    _ thread: String, turn: Int64, in range: Range<Int64>
  ) throws(StoreError) -> [HistoryItem] {
    try database.withLock { (database) throws(StoreError) in
      try HistoryTable.items(thread, turn, range, database)
    }
  }

  /// The last item with this key in a part of a log.
  public func item(
    _ thread: String, key: Int64, in range: Range<Int64>
  ) throws(StoreError) -> HistoryItem? {
    try database.withLock { (database) throws(StoreError) in
      try HistoryTable.item(thread, key, range, database)
    }
  }

  private static func open(_ path: String) throws(StoreError) -> SQLiteDatabase {
    let database = try SQLiteDatabase(path: path)
    try database.enterWAL()
    // What a power cut takes is read from the logs again.
    try database.execute("PRAGMA synchronous = NORMAL")
    try database.boundJournal()
    func version() throws(StoreError) -> Int64 {
      try database.run("PRAGMA user_version") { $0.integer(0) }.first ?? 0
    }
    if try version() == schema { return database }
    try database.transaction { () throws(StoreError) in
      let found = try version()
      if found == schema { return }
      guard found < schema else {
        throw StoreError(
          .newerSchema,
          "\(path) was made by a newer version of stet. Use that version, or move the file away: "
            + "it is made again from the logs.")
      }
      try HistoryTable.create(database)
      try database.execute("PRAGMA user_version = \(schema)")
    }
    return database
  }
}
