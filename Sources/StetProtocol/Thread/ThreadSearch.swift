import StetJSON

/// `thread/search`: Finds threads whose messages contain a term.
public struct ThreadSearchParams: ClientCall {
  public typealias Response = ThreadSearchResponse
  public static let method = "thread/search"

  public var searchTerm: String
  public var archived: Bool?
  public var cursor: String?
  public var limit: UInt32?
  public var sortDirection: SortDirection?
  public var sortKey: ThreadSearchSortKey?
  public var sourceKinds: [ThreadSourceKind]?

  public init(
    searchTerm: String, archived: Bool? = nil, cursor: String? = nil, limit: UInt32? = nil,
    sortDirection: SortDirection? = nil, sortKey: ThreadSearchSortKey? = nil,
    sourceKinds: [ThreadSourceKind]? = nil
  ) {
    self.searchTerm = searchTerm
    self.archived = archived
    self.cursor = cursor
    self.limit = limit
    self.sortDirection = sortDirection
    self.sortKey = sortKey
    self.sourceKinds = sourceKinds
  }
}

public struct ThreadSearchResponse: Codable, Hashable, Sendable {
  public var data: [ThreadSearchResult]
  public var backwardsCursor: String?
  public var nextCursor: String?

  public init(data: [ThreadSearchResult], backwardsCursor: String? = nil, nextCursor: String? = nil) {
    self.data = data
    self.backwardsCursor = backwardsCursor
    self.nextCursor = nextCursor
  }
}

public struct ThreadSearchResult: Codable, Hashable, Sendable {
  public var snippet: String
  public var thread: Thread

  public init(snippet: String, thread: Thread) {
    self.snippet = snippet
    self.thread = thread
  }
}

public enum ThreadSearchSortKey: WireEnum {
  case createdAt, updatedAt, recencyAt
  case unknown(String)

  public static let variants: [(name: String, value: ThreadSearchSortKey)] = [
    ("created_at", .createdAt), ("updated_at", .updatedAt), ("recency_at", .recencyAt),
  ]

  public static func unlisted(_ name: String) -> ThreadSearchSortKey { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// `thread/searchOccurrences`: Finds the places in one thread where a term occurs.
public struct ThreadSearchOccurrencesParams: ClientCall {
  public typealias Response = ThreadSearchOccurrencesResponse
  public static let method = "thread/searchOccurrences"

  public var threadId: String
  public var searchTerm: String
  public var cursor: String?
  public var limit: UInt32?

  public init(threadId: String, searchTerm: String, cursor: String? = nil, limit: UInt32? = nil) {
    self.threadId = threadId
    self.searchTerm = searchTerm
    self.cursor = cursor
    self.limit = limit
  }
}

public struct ThreadSearchOccurrencesResponse: Codable, Hashable, Sendable {
  public var data: [ThreadSearchOccurrence]
  public var nextCursor: String?

  public init(data: [ThreadSearchOccurrence], nextCursor: String? = nil) {
    self.data = data
    self.nextCursor = nextCursor
  }
}

public struct ThreadSearchOccurrence: Codable, Hashable, Sendable {
  public var turnId: String
  public var itemId: String
  public var snippet: String
  public var snippetMatchRange: ThreadSearchTextRange
  public var turnCursor: String

  public init(
    turnId: String, itemId: String, snippet: String, snippetMatchRange: ThreadSearchTextRange,
    turnCursor: String
  ) {
    self.turnId = turnId
    self.itemId = itemId
    self.snippet = snippet
    self.snippetMatchRange = snippetMatchRange
    self.turnCursor = turnCursor
  }
}

public struct ThreadSearchTextRange: Codable, Hashable, Sendable {
  public var end: Int
  public var start: Int

  public init(end: Int, start: Int) {
    self.end = end
    self.start = start
  }
}
