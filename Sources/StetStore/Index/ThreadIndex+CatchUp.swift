import Glibc
import StetHash
import StetJSON

extension ThreadIndex {
  /// Reads what a log got since it was last read, and brings the thread's row and texts up to it, at once.
  ///
  /// A log that became shorter or moved is read from its beginning. Returns notices about damaged records.
  @discardableResult
  public func catchUp(path: String) throws(StoreError) -> [String] {
    try database.withLock { (database) throws(StoreError) in
      try database.transaction { () throws(StoreError) in
        try LogFollower(path: path, source: path, projection: projection, database: database).follow()
      }
    }
  }

  /// Catches up with every log below `directory` that changed since it was read, and forgets threads whose log is
  /// gone. Looks at names and sizes first, so it is quick when nothing changed.
  @discardableResult
  public func catchUpAll(directory: String) throws(StoreError) -> [String] {
    var notices: [String] = []
    let known = try database.withLock { (database) throws(StoreError) in
      try DocumentTable.allProgress(database)
    }
    var read = Dictionary(known.map { ($0.thread, $0) }, uniquingKeysWith: { first, _ in first })
    for path in try ThreadFiles(directory: directory).all() {
      guard let id = ThreadFiles.threadId(of: path) else { continue }
      let progress = read.removeValue(forKey: id)
      do throws(StoreError) {
        if let progress, progress.path == path, try isRead(path, progress.bytes) { continue }
        notices += try catchUp(path: path)
      } catch {
        notices.append(error.description)
      }
    }
    for (id, progress) in read
    where access(progress.path, F_OK) != 0 && access(progress.path + Retention.suffix, F_OK) != 0 {
      try remove(id: id)
    }
    return notices
  }

  /// Whether a log has so many bytes and no more.
  private func isRead(_ path: String, _ bytes: Int64) throws(StoreError) -> Bool {
    var status = stat()
    if lstat(path, &status) == 0, status.st_size == bytes { return true }
    return try LogFile(path: path).size() == bytes
  }

  /// Reads all logs below `directory` and puts what they say in the place of what is here, at once.
  /// Returns notices about logs that could not be read; those threads are left out.
  @discardableResult
  public func rebuild(from directory: String) throws(StoreError) -> [String] {
    try database.withLock { (database) throws(StoreError) in
      // The logs are listed in the transaction too: what another process adds now is there when it is over.
      try database.transaction { () throws(StoreError) in
        var notices: [String] = []
        try ThreadTable.removeAll(database)
        try DocumentTable.removeAll(database)
        let files = ThreadFiles(directory: directory)
        let compressed = Set(try files.allCompressed())
        let plain = try files.all()
        let known = Set(plain)
        for path in plain + compressed.subtracting(known).sorted() {
          do throws(StoreError) {
            notices += try follow(path, isCompressed: !known.contains(path), database)
          } catch  where error.code == .diskFull || error.code == .notPermitted {
            throw error
          } catch {
            if let id = ThreadFiles.threadId(of: path) { try DocumentTable.remove(thread: id, database) }
            notices.append(error.description)
          }
        }
        return notices
      }
    }
  }

  private func follow(
    _ path: String, isCompressed: Bool, _ database: SQLiteDatabase
  ) throws(StoreError) -> [String] {
    guard isCompressed else {
      return try LogFollower(path: path, source: path, projection: projection, database: database).follow()
    }
    let copy = "\(path).read-\(getpid())"
    try ZstdFile.decompress(path + Retention.suffix, to: copy)
    defer { unlink(copy) }
    return try LogFollower(path: path, source: copy, projection: projection, database: database).follow()
  }

  /// A SHA-256 over all rows and texts in a fixed order: two indexes that say the same have the same (R1).
  public func digest() throws(StoreError) -> String {
    try database.withLock { (database) throws(StoreError) in
      var hash = SHA256.stream()
      for query in [ThreadTable.everything, DocumentTable.everything] {
        try database.scan(query) { row in
          hash.update(Array((row.text(0) ?? "").utf8))
          hash.update([0])
          return true
        }
      }
      return hash.finish().hex
    }
  }

  /// Threads and searchable texts.
  public func counts() throws(StoreError) -> (threads: Int, texts: Int) {
    try database.withLock { (database) throws(StoreError) in
      func count(_ table: String) throws(StoreError) -> Int {
        Int(try database.run("SELECT count(*) FROM \(table)") { $0.integer(0) }.first ?? 0)
      }
      return (try count("threads"), try count("documents"))
    }
  }
}

/// Carries the news of one log into the tables.
private struct LogFollower {
  /// Where the log lies or, compressed, lay.
  let path: String
  /// The file that is read.
  let source: String
  let projection: LogProjection
  let database: SQLiteDatabase

  func follow() throws(StoreError) -> [String] {
    guard let id = ThreadFiles.threadId(of: path) else {
      throw StoreError(.invalidName, "\(path) is not the log of a thread.")
    }
    var start: Int64 = 0
    var members = JSONObject()
    if let progress = try DocumentTable.progress(id, database) {
      if progress.path == path, let row = try ThreadTable.get(id, database), size >= progress.bytes {
        start = progress.bytes
        members = try Self.members(row)
      } else {
        try DocumentTable.remove(thread: id, database)
        try ThreadTable.remove(id, database)
      }
    }
    var failure: StoreError?
    let types = projection.types.union([ThreadSummary.recordType])
    let result = try ThreadLog.readTail(path: source, from: start, types: types) { record in
      guard failure == nil else { return }
      if record.type == ThreadSummary.recordType { ThreadSummary.applying(record.payload, to: &members) }
      guard projection.types.contains(record.type) else { return }
      do throws(StoreError) {
        for change in projection.changes(record) { try apply(change, record.ordinal, id) }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return try finish(id, members, LogFault.notices(result.faults, path: path), bytes: result.end)
  }

  private func apply(_ change: LogProjection.Change, _ ordinal: Int, _ id: String) throws(StoreError) {
    switch change {
    case .add(let document): try DocumentTable.add(document, ordinal: ordinal, thread: id, database)
    case .begin(let turn): try DocumentTable.begin(turn: turn, ordinal: ordinal, thread: id, database)
    case .cut(let turn): try DocumentTable.cut(turn: turn, thread: id, database)
    case .settings: break
    }
  }

  private func finish(
    _ id: String, _ members: JSONObject, _ notices: [String], bytes: Int64
  ) throws(StoreError) -> [String] {
    var notices = notices
    do {
      try ThreadTable.upsert(ThreadSummary.decode(members, path: path), database)
    } catch let error as StoreError {
      throw error
    } catch {
      if let mended = try ThreadSummary.mended(path: path, source: source, projection) {
        try ThreadTable.upsert(mended, database)
      } else if !members.isEmpty {
        notices.append("\(path) has no complete summary and is left out of the list (\(error)).")
      }
    }
    try DocumentTable.setProgress(id, path: path, bytes: bytes, database)
    return notices
  }

  /// The bytes of the log; -1 when it can't be read.
  private var size: Int64 {
    do throws(StoreError) {
      return try LogFile(path: source).size()
    } catch {
      return -1
    }
  }

  private static func members(_ row: ThreadSummary) throws(StoreError) -> JSONObject {
    do {
      return try ThreadSummary.members(row)
    } catch {
      throw StoreError(.failed, "Can't read the row of thread \(row.id).", underlying: "\(error)")
    }
  }
}
