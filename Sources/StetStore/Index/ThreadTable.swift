import StetJSON

/// The SQL of the one table of the index.
enum ThreadTable {
  private static let columns = [
    "id", "path", "cwd", "name", "preview", "model", "model_provider", "reasoning_effort", "created_at_ms",
    "updated_at_ms", "recency_at_ms", "turns", "source", "archived", "cli_version", "originator", "git_sha",
    "git_branch", "git_origin_url", "forked_from_id", "first_unread", "read_revision", "daybreak",
    "lines_added", "lines_removed",
  ]
  private static let columnList = columns.joined(separator: ", ")

  /// One text a row, in a fixed order: what `ThreadIndex.digest` is made of.
  static let everything = "SELECT json_array(\(columnList)) FROM threads ORDER BY id"

  static func create(_ database: SQLiteDatabase) throws(StoreError) {
    try database.execute(
      """
      DROP TABLE IF EXISTS threads;
      CREATE TABLE threads (
        id TEXT PRIMARY KEY, path TEXT NOT NULL, cwd TEXT NOT NULL, name TEXT, preview TEXT NOT NULL,
        model TEXT, model_provider TEXT NOT NULL, reasoning_effort TEXT, created_at_ms INTEGER NOT NULL,
        updated_at_ms INTEGER NOT NULL, recency_at_ms INTEGER NOT NULL, turns INTEGER NOT NULL,
        source TEXT NOT NULL, archived INTEGER NOT NULL, cli_version TEXT NOT NULL, originator TEXT,
        git_sha TEXT, git_branch TEXT, git_origin_url TEXT, forked_from_id TEXT, first_unread TEXT,
        read_revision TEXT, daybreak INTEGER, lines_added INTEGER, lines_removed INTEGER
      ) WITHOUT ROWID;
      CREATE INDEX threads_created ON threads (archived, created_at_ms, id);
      CREATE INDEX threads_updated ON threads (archived, updated_at_ms, id);
      CREATE INDEX threads_recency ON threads (archived, recency_at_ms, id);
      """)
  }

  static func upsert(_ thread: ThreadSummary, _ database: SQLiteDatabase) throws(StoreError) {
    let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
    try database.run("INSERT OR REPLACE INTO threads (\(columnList)) VALUES (\(marks))", values(thread))
  }

  static func get(_ id: String, _ database: SQLiteDatabase) throws(StoreError) -> ThreadSummary? {
    try database.run("SELECT \(columnList) FROM threads WHERE id = ?", [.text(id)], row: summary).first
  }

  static func hasForks(of id: String, _ database: SQLiteDatabase) throws(StoreError) -> Bool {
    try !database.run("SELECT 1 FROM threads WHERE forked_from_id = ? LIMIT 1", [.text(id)]) { _ in true }
      .isEmpty
  }

  /// The threads that fit a condition, in no order.
  static func all(
    _ condition: String, _ values: [SQLiteValue], _ database: SQLiteDatabase
  ) throws(StoreError) -> [ThreadSummary] {
    try database.run("SELECT \(columnList) FROM threads WHERE \(condition)", values, row: summary)
  }

  static func remove(_ id: String, _ database: SQLiteDatabase) throws(StoreError) {
    try database.run("DELETE FROM threads WHERE id = ?", [.text(id)])
  }

  static func removeAll(_ database: SQLiteDatabase) throws(StoreError) {
    try database.run("DELETE FROM threads")
  }

  static func list(_ query: ThreadQuery, _ database: SQLiteDatabase) throws(StoreError) -> ThreadPage {
    let limit = min(max(query.limit, 0), ThreadQuery.maximumLimit)
    if limit == 0 { return ThreadPage(threads: [], nextCursor: nil, backwardsCursor: nil) }
    let column = "\(query.sortKey.rawValue)_ms"
    let descending = query.direction == .descending
    let (conditions, values) = try filters(query, column)
    let order = descending ? "DESC" : "ASC"
    let rows = try database.run(
      """
      SELECT \(columnList) FROM threads WHERE \(conditions.joined(separator: " AND "))
      ORDER BY \(column) \(order), id \(order) LIMIT ?
      """, values + [.integer(Int64(limit + 1))], row: summary)
    let threads = Array(rows.prefix(limit))
    func cursor(_ thread: ThreadSummary?) -> String? {
      thread.map { ThreadCursor(ms: key($0, query.sortKey), id: $0.id).text }
    }
    return ThreadPage(
      threads: threads, nextCursor: rows.count > limit ? cursor(threads.last) : nil,
      backwardsCursor: cursor(threads.first))
  }

  private static func filters(
    _ query: ThreadQuery, _ column: String
  ) throws(StoreError) -> ([String], [SQLiteValue]) {
    var conditions = ["archived = ?"]
    var values: [SQLiteValue] = [.integer(query.archived ? 1 : 0)]
    if !query.includesEmpty { conditions.append("turns > 0") }
    func list(_ name: String, _ items: [String], not: Bool = false) throws(StoreError) {
      guard items.count <= ThreadQuery.maximumListed else {
        throw StoreError(.tooLarge, "\(items.count) values are too many to filter threads by.")
      }
      let marks = Array(repeating: "?", count: items.count).joined(separator: ", ")
      conditions.append("\(name) \(not ? "NOT IN" : "IN") (\(marks))")
      values += items.map(SQLiteValue.text)
    }
    if let cwds = query.cwds { try list("cwd", cwds) }
    if let providers = query.modelProviders, !providers.isEmpty { try list("model_provider", providers) }
    if let sources = query.sources, !sources.isEmpty { try list("source", sources) }
    if !query.excludedIds.isEmpty { try list("id", query.excludedIds, not: true) }
    if let term = query.searchTerm, !term.isEmpty {
      conditions.append("instr(coalesce(name, preview), ?) > 0")
      values.append(.text(term))
    }
    if let text = query.cursor {
      let cursor = try ThreadCursor(text)
      let compare = query.direction == .descending ? "<" : ">"
      if let id = cursor.id {
        conditions.append("(\(column), id) \(compare) (?, ?)")
        values += [.integer(cursor.ms), .text(id)]
      } else {
        conditions.append("\(column) \(compare) ?")
        values.append(.integer(cursor.ms))
      }
    }
    return (conditions, values)
  }

  private static func key(_ thread: ThreadSummary, _ key: ThreadQuery.SortKey) -> Int64 {
    switch key {
    case .createdAt: return thread.createdAtMs
    case .updatedAt: return thread.updatedAtMs
    case .recencyAt: return thread.recencyAtMs
    }
  }

  private static func values(_ thread: ThreadSummary) -> [SQLiteValue] {
    [
      .text(thread.id), .text(thread.path), .text(thread.cwd), SQLiteValue(thread.name),
      .text(thread.preview), SQLiteValue(thread.model), .text(thread.modelProvider),
      SQLiteValue(thread.reasoningEffort), .integer(thread.createdAtMs), .integer(thread.updatedAtMs),
      .integer(thread.recencyAtMs), .integer(Int64(thread.turns)), .text(thread.source),
      .integer(thread.archived ? 1 : 0), .text(thread.cliVersion), SQLiteValue(thread.originator),
      SQLiteValue(thread.gitSha), SQLiteValue(thread.gitBranch), SQLiteValue(thread.gitOriginURL),
      SQLiteValue(thread.forkedFromId), SQLiteValue(thread.firstUnread), SQLiteValue(thread.readRevision),
      thread.daybreakEnabled.map { .integer($0 ? 1 : 0) } ?? .null,
      thread.linesAdded.map { .integer(Int64($0)) } ?? .null,
      thread.linesRemoved.map { .integer(Int64($0)) } ?? .null,
    ]
  }

  private static func summary(_ row: SQLiteStatement) -> ThreadSummary {
    var thread = ThreadSummary(
      id: row.text(0) ?? "", path: row.text(1) ?? "", cwd: row.text(2) ?? "",
      modelProvider: row.text(6) ?? "",
      createdAtMs: row.integer(8), source: row.text(12) ?? "", cliVersion: row.text(14) ?? "")
    thread.name = row.text(3)
    thread.preview = row.text(4) ?? ""
    thread.model = row.text(5)
    thread.reasoningEffort = row.text(7)
    thread.updatedAtMs = row.integer(9)
    thread.recencyAtMs = row.integer(10)
    thread.turns = Int(row.integer(11))
    thread.archived = row.integer(13) != 0
    thread.originator = row.text(15)
    thread.gitSha = row.text(16)
    thread.gitBranch = row.text(17)
    thread.gitOriginURL = row.text(18)
    thread.forkedFromId = row.text(19)
    thread.firstUnread = row.text(20)
    thread.readRevision = row.text(21)
    thread.daybreakEnabled = row.text(22).map { $0 != "0" }
    thread.linesAdded = row.text(23).map { _ in Int(row.integer(23)) }
    thread.linesRemoved = row.text(24).map { _ in Int(row.integer(24)) }
    return thread
  }
}
