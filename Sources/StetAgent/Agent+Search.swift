import StetProtocol
import StetStore

/// Searching all threads. The texts are looked up on a thread and a connection of their own, so that a long search
/// holds up neither turns nor lists.
extension Agent {
  /// `thread/search`: threads that hold the term, sorted by time.
  public func threadSearch(_ params: ThreadSearchParams, reply: @escaping AgentReply<ThreadSearchResponse>) {
    var query = TextQuery(text: params.searchTerm)
    query.archived = params.archived ?? false
    query.sources = ThreadWire.sources(params.sourceKinds)
    let place = ThreadPlace(
      sortKey: ThreadWire.sortKey(params.sortKey?.name), ascending: params.sortDirection == .asc,
      cursor: params.cursor, limit: params.limit.map { Int($0) } ?? SearchLimits.page)
    search(query, reply) { [self] outcome in
      let page = try place.page(of: outcome.threads.map(\.thread))
      let found = Dictionary(
        outcome.threads.map { ($0.thread.id, $0) }, uniquingKeysWith: { first, _ in first })
      let rows = page.threads.compactMap { thread in
        found[thread.id].map { found in
          ThreadSearchResult(
            snippet: (found.hits.first?.snippet ?? found.nameSnippet)?.text ?? "",
            thread: row(thread))
        }
      }
      return ThreadSearchResponse(
        data: rows, backwardsCursor: page.backwardsCursor, nextCursor: page.nextCursor)
    }
  }

  /// `stet/thread/search`: the best threads first, each with its matches.
  public func stetThreadSearch(
    _ params: StetThreadSearchParams, reply: @escaping AgentReply<StetThreadSearchResponse>
  ) {
    var query = TextQuery(text: params.query)
    query.mode = params.mode == .regex ? .pattern : .words
    query.caseSensitive = params.caseSensitive ?? false
    query.archived = params.archived ?? false
    query.cwd = params.cwd.map(RealPath.of)
    query.kinds = params.kinds
    query.sinceMs = params.since.map {
      Int64(clamping: $0).multipliedReportingOverflow(by: 1_000).partialValue
    }
    search(query, reply) { [self] outcome in
      let first = try SearchLimits.offset(params.cursor)
      let limit = min(params.limit.map { Int($0) } ?? SearchLimits.page, SearchLimits.maximumPage)
      let page = outcome.threads.dropFirst(first).prefix(limit)
      return StetThreadSearchResponse(
        data: page.map { found in
          StetThreadSearchResult(
            thread: row(found.thread),
            matches: found.hits.map(\.wire), score: found.score)
        },
        nextCursor: page.endIndex < outcome.threads.count && limit > 0 ? String(page.endIndex) : nil,
        isPartial: outcome.isPartial)
    }
  }

  /// `thread/searchOccurrences`: every place in the messages of one thread, in order.
  public func threadSearchOccurrences(
    _ params: ThreadSearchOccurrencesParams, reply: @escaping AgentReply<ThreadSearchOccurrencesResponse>
  ) {
    let id = params.threadId
    if let session = session(id), session.journal.path == nil {
      return reply(
        .failure(.invalidRequest("ephemeral threads do not support thread/searchOccurrences")))
    }
    var query = TextQuery(text: params.searchTerm)
    query.mode = .literal
    query.threadId = id
    query.archived = nil
    query.kinds = ["userMessage", "agentMessage"]
    query.placesPerText = SearchLimits.placesPerMessage
    search(
      query, reply,
      check: { index in
        guard try index.get(id: id) != nil else { throw RPCError.threadNotLoaded(id) }
      }
    ) { outcome in
      let first = try SearchLimits.offset(params.cursor)
      let limit = min(params.limit.map { Int($0) } ?? SearchLimits.page, SearchLimits.maximumPage)
      let all = try outcome.threads.flatMap(\.hits).flatMap { hit in
        let turn = try HistoryCursor(thread: id, turn: hit.turnId, includes: true).text()
        return hit.places.compactMap { hit.occurrence($0, turnCursor: turn) }
      }
      let page = all.dropFirst(first).prefix(limit)
      return ThreadSearchOccurrencesResponse(
        data: Array(page), nextCursor: page.endIndex < all.count && limit > 0 ? String(page.endIndex) : nil)
    }
  }

  // MARK: - Parts

  /// Searches when the index knows all that was said, and answers with what `body` makes of it.
  private func search<Response: Sendable>(
    _ query: TextQuery, _ reply: @escaping AgentReply<Response>,
    check: @escaping @Sendable (ThreadIndex) throws -> Void = { _ in },
    _ body: @escaping @Sendable (SearchOutcome) throws -> Response
  ) {
    Task { [store, searcher] in
      do {
        let path = try await store.indexer.run { index in
          try check(index)
          return index.path
        }
        reply(.success(try await searcher.run(path) { try body(try $0.find(query)) }))
      } catch {
        reply(.failure(Self.fault(error)))
      }
    }
  }
}

/// Sizes of pages, and cursors that count.
enum SearchLimits {
  static let page = 25
  static let maximumPage = 200
  /// Places of one message that are told: a message with more is a table of them.
  static let placesPerMessage = 200

  static func offset(_ cursor: String?) throws(RPCError) -> Int {
    guard let cursor else { return 0 }
    guard let offset = Int(cursor), offset >= 0 else { throw .invalidRequest("invalid cursor: \(cursor)") }
    return offset
  }
}

extension SearchHit {
  fileprivate var wire: StetThreadSearchMatch {
    StetThreadSearchMatch(
      turnId: turnId, itemId: itemId, kind: kind, snippet: snippet.text,
      ranges: snippet.ranges.map { ThreadSearchTextRange(end: $0.upperBound, start: $0.lowerBound) })
  }

  fileprivate func occurrence(_ place: SearchSnippet, turnCursor: String) -> ThreadSearchOccurrence? {
    guard let range = place.ranges.first else { return nil }
    return ThreadSearchOccurrence(
      turnId: turnId, itemId: itemId, snippet: place.text,
      snippetMatchRange: ThreadSearchTextRange(end: range.upperBound, start: range.lowerBound),
      turnCursor: turnCursor)
  }
}
