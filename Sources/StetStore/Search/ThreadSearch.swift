import Synchronization

/// Searches the texts of an index, on a connection of its own: a long search keeps nobody from writing.
///
/// Calls block, and one at a time runs; any thread may call. The index must have been opened by a `ThreadIndex`.
public final class ThreadSearch: Sendable {
  /// Texts of one thread that are told: the first ones; a search in the thread itself tells all.
  public static let hitsPerThread = 20
  /// Texts that one search looks at, best or newest first.
  static let maximumTexts = 50_000
  /// Threads that one search tells.
  static let maximumThreads = 1000

  private let database: Mutex<SQLiteDatabase>

  public init(path: String) throws(StoreError) {
    database = Mutex(try SQLiteDatabase(path: path))
  }

  /// Throws `invalidQuery` for an empty or too long query and for a pattern that can't be read.
  public func find(_ query: TextQuery) throws(StoreError) -> SearchOutcome {
    let run = try SearchRun(query)
    return try database.withLock { (database) throws(StoreError) in try run.find(database) }
  }
}

/// One search.
private struct SearchRun {
  let query: TextQuery
  let matcher: SearchMatcher
  let filter: SearchFilter

  init(_ query: TextQuery) throws(StoreError) {
    self.query = query
    matcher = try query.matcher()
    filter = try SearchFilter(query)
  }

  private struct Found {
    var threads: [String: SearchedThread] = [:]
    var budget: SearchBudget
    var texts = 0
    var isFull = false
  }

  func find(_ database: SQLiteDatabase) throws(StoreError) -> SearchOutcome {
    var found = Found(budget: SearchBudget(query.maximumSteps))
    var summaries: [String: ThreadSummary] = [:]
    for row in try ThreadTable.all(filter.threads, filter.threadValues, database) { summaries[row.id] = row }
    try database.scan(sql, values) { row in
      found.texts += 1
      if found.budget.isSpent || found.texts > ThreadSearch.maximumTexts {
        found.isFull = true
        return false
      }
      if let summary = summaries[row.text(0) ?? ""] { take(row, summary, &found) }
      return true
    }
    if query.kinds == nil, query.sinceMs == nil { names(summaries, &found) }
    let ordered = found.threads.values.sorted { left, right in
      (left.score, left.thread.updatedAtMs, left.thread.id)
        > (right.score, right.thread.updatedAtMs, right.thread.id)
    }
    return SearchOutcome(
      threads: ordered.prefix(ThreadSearch.maximumThreads).map { thread in
        var thread = thread
        thread.hits.sort { $0.ordinal < $1.ordinal }
        if query.threadId == nil { thread.hits = Array(thread.hits.prefix(ThreadSearch.hitsPerThread)) }
        return thread
      }, isPartial: found.isFull || found.budget.isSpent || ordered.count > ThreadSearch.maximumThreads)
  }

  private func take(_ row: SQLiteStatement, _ summary: ThreadSummary, _ found: inout Found) {
    let text = FoldedText(row.text(5) ?? "", caseSensitive: query.caseSensitive)
    let ranges = matcher.ranges(in: text, &found.budget, limit: query.placesPerText)
    guard !ranges.isEmpty else { return }
    let hit = SearchHit(
      turnId: row.text(1) ?? "", itemId: row.text(2) ?? "", kind: row.text(3) ?? "", timeMs: row.integer(4),
      ordinal: row.integer(7),
      snippet: SearchSnippet(text, ranges),
      places: query.threadId == nil ? [] : ranges.map { SearchSnippet(text, [$0]) })
    // bm25 is the better the smaller it is; where a text was only read, its places count.
    let score = filter.usesTrigrams ? -row.real(6) : Double(ranges.count)
    var thread = found.threads[summary.id] ?? SearchedThread(thread: summary, hits: [], score: score)
    thread.hits.append(hit)
    thread.score = max(thread.score, score)
    found.threads[summary.id] = thread
  }

  /// A name that fits makes its thread better than any text.
  private func names(_ summaries: [String: ThreadSummary], _ found: inout Found) {
    for summary in summaries.values {
      guard let name = summary.name else { continue }
      let text = FoldedText(name, caseSensitive: query.caseSensitive)
      let ranges = matcher.ranges(in: text, &found.budget)
      guard !ranges.isEmpty else { continue }
      var thread = found.threads[summary.id] ?? SearchedThread(thread: summary, hits: [], score: 0)
      thread.score += 100
      thread.nameSnippet = SearchSnippet(text, ranges)
      found.threads[summary.id] = thread
    }
  }

  private var sql: String {
    let score = filter.usesTrigrams ? "bm25(search)" : "0"
    let order = filter.usesTrigrams ? "rank" : "documents.id DESC"
    return """
      SELECT logs.thread_id, turn_id, item_id, kind, time_ms, search.text, \(score), ordinal
      FROM search JOIN documents ON documents.id = search.rowid JOIN logs ON logs.number = documents.log
      \(filter.documents) ORDER BY \(order)
      """
  }

  private var values: [SQLiteValue] { filter.documentValues }
}
