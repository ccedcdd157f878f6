import Glibc
import StetJSON
import Synchronization

/// The list of all threads in SQLite: fast to sort, filter and page, and never the truth.
///
/// Everything in it comes from the logs, so a damaged or outdated file is put aside and made anew;
/// `needsRebuild` then says so. Any thread and several processes may use it; calls block on the disk.
public final class ThreadIndex: Sendable {
  /// Changes whenever the tables do.
  static let schema: Int64 = 4

  public let path: String
  /// The index was made anew: fill it with `rebuild(from:)`.
  public let needsRebuild: Bool
  let database: Mutex<SQLiteDatabase>
  let projection: LogProjection

  /// Opens or makes the index. Throws `newerSchema` if a newer version wrote it.
  ///
  /// - Parameter projection: what becomes searchable of the logs' records.
  public init(path: String, projection: LogProjection = .none) throws(StoreError) {
    self.path = path
    self.projection = projection
    try Directory.make(Directory.directory(of: path))
    let opened: (SQLiteDatabase, Bool)
    do throws(StoreError) {
      opened = try Self.open(path)
    } catch  where error.code == .corrupt {
      for suffix in ["", "-wal", "-shm"] { rename(path + suffix, "\(path).damaged\(suffix)") }
      opened = try Self.open(path)
    }
    needsRebuild = opened.1
    database = Mutex(opened.0)
  }

  /// Gives back the room of what was written lately, if it is much.
  public func trim() throws(StoreError) {
    try database.withLock { (database) throws(StoreError) in try database.trim() }
  }

  /// Adds a thread or replaces what is known of it.
  public func upsert(_ summary: ThreadSummary) throws(StoreError) {
    try database.withLock { (database) throws(StoreError) in try ThreadTable.upsert(summary, database) }
  }

  /// Writes the change to the log, then to the index.
  public func record(
    _ summary: ThreadSummary, since old: ThreadSummary?, in log: ThreadLog
  ) throws(StoreError) {
    try log.appendSummary(summary, since: old)
    try upsert(summary)
  }

  public func get(id: String) throws(StoreError) -> ThreadSummary? {
    try database.withLock { (database) throws(StoreError) in try ThreadTable.get(id, database) }
  }

  /// Whether a thread was forked from this one and is still there.
  public func hasForks(of id: String) throws(StoreError) -> Bool {
    try database.withLock { (database) throws(StoreError) in try ThreadTable.hasForks(of: id, database) }
  }

  public func remove(id: String) throws(StoreError) {
    try database.withLock { (database) throws(StoreError) in
      try database.transaction { () throws(StoreError) in
        try ThreadTable.remove(id, database)
        try DocumentTable.remove(thread: id, database)
      }
    }
  }

  /// One page of the threads that fit the query. Throws `invalidName` for a cursor that no page gave.
  public func list(_ query: ThreadQuery) throws(StoreError) -> ThreadPage {
    try database.withLock { (database) throws(StoreError) in try ThreadTable.list(query, database) }
  }

  private static func open(_ path: String) throws(StoreError) -> (SQLiteDatabase, Bool) {
    let database = try SQLiteDatabase(path: path)
    try database.enterWAL()
    // A rebuild repairs whatever a power cut takes, so a write need not wait for the disk.
    try database.execute("PRAGMA synchronous = NORMAL")
    try database.boundJournal()
    // Looked at without a lock first: opening must not wait for a process that is rebuilding.
    if try version(database) == schema { return (database, false) }
    let made = try database.transaction { () throws(StoreError) -> Bool in
      let found = try version(database)
      if found == schema { return false }
      guard found < schema else {
        throw StoreError(
          .newerSchema,
          "\(path) was made by a newer version of stet. Use that version, or move the file away: "
            + "it is made again from the logs.")
      }
      try ThreadTable.create(database)
      try DocumentTable.create(database)
      try database.execute("PRAGMA user_version = \(schema)")
      return true
    }
    return (database, made)
  }

  private static func version(_ database: SQLiteDatabase) throws(StoreError) -> Int64 {
    try database.run("PRAGMA user_version") { $0.integer(0) }.first ?? 0
  }
}
