/// Which threads a list asks for, in which order (protocol.md §3, thread/list).
public struct ThreadQuery: Hashable, Sendable {
  public enum SortKey: String, Codable, Hashable, Sendable {
    case createdAt = "created_at"
    case updatedAt = "updated_at"
    case recencyAt = "recency_at"
  }

  public enum Direction: String, Codable, Hashable, Sendable {
    case ascending = "asc"
    case descending = "desc"
  }

  /// The most rows of one page: a picker shows fewer, and a page stays well under a megabyte.
  public static let maximumLimit = 500
  /// The most values of one list filter: the protocol allows 100 ids.
  static let maximumListed = 1000

  /// `nextCursor` or `backwardsCursor` of a page: a timestamp, with the id of the row that had it.
  public var cursor: String?
  /// 0 gives an empty page; larger than `maximumLimit` is cut to it.
  public var limit = 25
  public var sortKey = SortKey.createdAt
  public var direction = Direction.descending
  /// Only archived threads, or only the others.
  public var archived = false
  /// Exact directories; nil means all.
  public var cwds: [String]?
  /// Case-sensitive substring of the title.
  public var searchTerm: String?
  /// nil or empty means all.
  public var modelProviders: [String]?
  /// nil or empty means all.
  public var sources: [String]?
  public var excludedIds: [String] = []
  /// Also threads that never had a turn.
  public var includesEmpty = false

  public init() {}
}

/// One page of a list.
public struct ThreadPage: Hashable, Sendable {
  public let threads: [ThreadSummary]
  /// Where the next page begins; nil when this was the last.
  public let nextCursor: String?
  /// With the other direction, it lists what came before this page; nil for an empty page.
  public let backwardsCursor: String?
}

/// A place in a sorted list: `2026-11-21T09:30:00.250Z|ID`. The id parts rows of the same millisecond; a bare
/// timestamp is accepted too.
struct ThreadCursor {
  let ms: Int64
  let id: String?

  init(ms: Int64, id: String) {
    self.ms = ms
    self.id = id
  }

  init(_ text: String) throws(StoreError) {
    let parts = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let ms = Clock.milliseconds(first) else {
      throw StoreError(.invalidName, "invalid cursor: \(text)")
    }
    self.ms = ms
    id = parts.count > 1 ? String(parts[1]) : nil
  }

  var text: String { "\(Clock.text(ms: ms))|\(id ?? "")" }
}
