/// A place in a sorted list of threads that were found by other means than a list, for the same cursors.
public struct ThreadPlace: Hashable, Sendable {
  private let sortKey: ThreadQuery.SortKey
  private let ascending: Bool
  private let cursor: String?
  private let limit: Int

  public init(sortKey: ThreadQuery.SortKey, ascending: Bool, cursor: String?, limit: Int) {
    self.sortKey = sortKey
    self.ascending = ascending
    self.cursor = cursor
    self.limit = min(max(limit, 0), ThreadQuery.maximumLimit)
  }

  /// The page of `threads` that begins here. Throws `invalidName` for a cursor that no page gave.
  public func page(of threads: [ThreadSummary]) throws(StoreError) -> ThreadPage {
    let start = try self.cursor.map { (text) throws(StoreError) in try ThreadCursor(text) }
    if limit == 0 { return ThreadPage(threads: [], nextCursor: nil, backwardsCursor: nil) }
    let sorted = threads.sorted { ascending ? key($0) < key($1) : key($0) > key($1) }
    let rest = sorted.filter { thread in
      guard let start else { return true }
      let key = key(thread)
      let place = (start.ms, start.id ?? (ascending ? "\u{10FFFF}" : ""))
      return ascending ? key > place : key < place
    }
    let page = Array(rest.prefix(limit))
    func cursor(_ thread: ThreadSummary?) -> String? {
      thread.map { ThreadCursor(ms: key($0).0, id: $0.id).text }
    }
    return ThreadPage(
      threads: page, nextCursor: rest.count > limit ? cursor(page.last) : nil,
      backwardsCursor: cursor(page.first))
  }

  private func key(_ thread: ThreadSummary) -> (Int64, String) {
    switch sortKey {
    case .createdAt: (thread.createdAtMs, thread.id)
    case .updatedAt: (thread.updatedAtMs, thread.id)
    case .recencyAt: (thread.recencyAtMs, thread.id)
    }
  }
}
