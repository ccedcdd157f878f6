import StetJSON

/// `stet/thread/search`: Searches messages, commands and paths of all threads.
public struct StetThreadSearchParams: ClientCall {
  public typealias Response = StetThreadSearchResponse
  public static let method = "stet/thread/search"

  public var query: String
  /// Words that must all occur, or a regular expression.
  @Defaulted public var mode: StetSearchMode
  public var caseSensitive: Bool?
  /// An exact directory.
  public var cwd: String?
  /// Only archived threads, or (null as well) only the others.
  public var archived: Bool?
  /// Types of items, such as `agentMessage`; null means all, and the names of threads.
  public var kinds: [String]?
  /// Unix seconds.
  public var since: Int?
  public var limit: UInt32?
  public var cursor: String?

  public init(
    query: String, mode: StetSearchMode = .text, caseSensitive: Bool? = nil, cwd: String? = nil,
    archived: Bool? = nil, kinds: [String]? = nil, since: Int? = nil, limit: UInt32? = nil,
    cursor: String? = nil
  ) {
    self.query = query
    self.mode = mode
    self.caseSensitive = caseSensitive
    self.cwd = cwd
    self.archived = archived
    self.kinds = kinds
    self.since = since
    self.limit = limit
    self.cursor = cursor
  }
}

/// stet: how a query is read.
public enum StetSearchMode: WireEnum, HasDefault {
  case text, regex
  case unknown(String)

  public static let variants: [(name: String, value: StetSearchMode)] = [("text", .text), ("regex", .regex)]
  public static var absent: StetSearchMode { .text }

  public static func unlisted(_ name: String) -> StetSearchMode { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

public struct StetThreadSearchResponse: Codable, Hashable, Sendable {
  /// The best first.
  public var data: [StetThreadSearchResult]
  public var nextCursor: String?
  /// Not everything was read: a narrower query may find more.
  public var isPartial: Bool

  public init(data: [StetThreadSearchResult], nextCursor: String? = nil, isPartial: Bool) {
    self.data = data
    self.nextCursor = nextCursor
    self.isPartial = isPartial
  }
}

/// stet: a thread that fits a search. Without matches it is the name that fits.
public struct StetThreadSearchResult: Codable, Hashable, Sendable {
  public var thread: Thread
  /// In the order in which they were said; the first of them.
  public var matches: [StetThreadSearchMatch]
  /// Larger is better; comparable within one search.
  public var score: Double

  public init(thread: Thread, matches: [StetThreadSearchMatch], score: Double) {
    self.thread = thread
    self.matches = matches
    self.score = score
  }
}

/// stet: an item that fits a search.
public struct StetThreadSearchMatch: Codable, Hashable, Sendable {
  public var turnId: String
  public var itemId: String
  /// The item's type.
  public var kind: String
  /// One line.
  public var snippet: String
  /// What fits, in UTF-16 code units of `snippet`.
  public var ranges: [ThreadSearchTextRange]

  public init(turnId: String, itemId: String, kind: String, snippet: String, ranges: [ThreadSearchTextRange])
  {
    self.turnId = turnId
    self.itemId = itemId
    self.kind = kind
    self.snippet = snippet
    self.ranges = ranges
  }
}
