/// The conditions of a search as SQL. What a client wrote is only ever a bound value, and in the language of FTS5 a
/// quoted phrase.
struct SearchFilter {
  /// WHERE of the texts, or nothing.
  private(set) var documents = ""
  private(set) var documentValues: [SQLiteValue] = []
  /// WHERE of the threads.
  private(set) var threads = "turns > 0"
  private(set) var threadValues: [SQLiteValue] = []
  /// Whether the texts are looked up; if not, they are read one after the other.
  private(set) var usesTrigrams = false

  init(_ query: TextQuery) throws(StoreError) {
    var conditions: [String] = []
    if let phrases = Self.phrases(query) {
      usesTrigrams = true
      conditions.append("search MATCH ?")
      documentValues.append(.text(phrases))
    }
    if let id = query.threadId {
      conditions.append("logs.thread_id = ?")
      documentValues.append(.text(id))
      threads += " AND id = ?"
      threadValues.append(.text(id))
    }
    if let since = query.sinceMs {
      conditions.append("documents.time_ms >= ?")
      documentValues.append(.integer(since))
    }
    if let kinds = query.kinds { try list("documents.kind", kinds, &conditions, &documentValues) }
    if !conditions.isEmpty { documents = "WHERE " + conditions.joined(separator: " AND ") }
    var ofThreads: [String] = []
    if let archived = query.archived {
      ofThreads.append("archived = ?")
      threadValues.append(.integer(archived ? 1 : 0))
    }
    if let cwd = query.cwd {
      ofThreads.append("cwd = ?")
      threadValues.append(.text(cwd))
    }
    if let sources = query.sources, !sources.isEmpty {
      try list("source", sources, &ofThreads, &threadValues)
    }
    for condition in ofThreads { threads += " AND " + condition }
  }

  private func list(
    _ column: String, _ items: [String], _ conditions: inout [String], _ values: inout [SQLiteValue]
  ) throws(StoreError) {
    guard items.count <= ThreadQuery.maximumListed else {
      throw StoreError(.tooLarge, "\(items.count) values are too many to search by.")
    }
    conditions.append(
      "\(column) IN (\(Array(repeating: "?", count: items.count).joined(separator: ", ")))")
    values += items.map(SQLiteValue.text)
  }

  /// Trigrams of one term that are looked up: they leave little over that does not fit, and each costs time.
  private static let trigramsPerTerm = 8

  /// What a text must have to contain the terms that trigrams can look up; nil if there is none. More may have it.
  private static func phrases(_ query: TextQuery) -> String? {
    let terms: [String]
    switch query.mode {
    case .words: terms = SearchMatcher.terms(of: query.text)
    case .literal: terms = [query.text.unicodeScalars.contains("\0") ? "" : query.text]
    case .pattern: terms = [literal(query)].compactMap { $0 }
    }
    let long = terms.filter { $0.unicodeScalars.count >= DocumentTable.shortestTerm }
    if long.isEmpty { return nil }
    return long.flatMap(trigrams).map {
      "\"" + $0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
    .joined(separator: " AND ")
  }

  /// Trigrams of a term, its first and its last among them.
  private static func trigrams(_ term: String) -> [String] {
    let scalars = Array(term.unicodeScalars)
    let last = scalars.count - DocumentTable.shortestTerm
    let count = min(last + 1, trigramsPerTerm)
    return (0..<count).map { index in
      let start = count == 1 ? 0 : index * last / (count - 1)
      return String(String.UnicodeScalarView(scalars[start..<(start + DocumentTable.shortestTerm)]))
    }
  }

  private static func literal(_ query: TextQuery) -> String? {
    do {
      let scalars = try BoundedPattern(query.text, caseSensitive: query.caseSensitive).literal
      guard !scalars.contains(0) else { return nil }
      return String(String.UnicodeScalarView(scalars.compactMap(Unicode.Scalar.init)))
    } catch {
      return nil  // the matcher has refused it before
    }
  }
}
