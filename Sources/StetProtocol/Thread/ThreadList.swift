import StetJSON

/// `thread/list`: Lists stored threads, newest first unless told otherwise.
public struct ThreadListParams: ClientCall {
  public typealias Response = ThreadListResponse
  public static let method = "thread/list"

  public var ancestorThreadId: String?
  public var archived: Bool?
  public var cursor: String?
  public var cwd: ThreadListCwdFilter?
  public var excludedThreadIds: [String]?
  public var limit: UInt32?
  public var modelProviders: [String]?
  public var originators: [String]?
  public var parentThreadId: String?
  public var projectId: Settable<String>
  public var searchTerm: String?
  public var sectionId: Settable<String>
  public var sortDirection: SortDirection?
  public var sortKey: ThreadSortKey?
  public var sourceKinds: [ThreadSourceKind]?
  public var useStateDbOnly: Bool?

  public init(
    ancestorThreadId: String? = nil, archived: Bool? = nil, cursor: String? = nil,
    cwd: ThreadListCwdFilter? = nil, excludedThreadIds: [String]? = nil, limit: UInt32? = nil,
    modelProviders: [String]? = nil, originators: [String]? = nil, parentThreadId: String? = nil,
    projectId: Settable<String> = .keep, searchTerm: String? = nil,
    sectionId: Settable<String> = .keep, sortDirection: SortDirection? = nil,
    sortKey: ThreadSortKey? = nil, sourceKinds: [ThreadSourceKind]? = nil, useStateDbOnly: Bool? = nil
  ) {
    self.ancestorThreadId = ancestorThreadId
    self.archived = archived
    self.cursor = cursor
    self.cwd = cwd
    self.excludedThreadIds = excludedThreadIds
    self.limit = limit
    self.modelProviders = modelProviders
    self.originators = originators
    self.parentThreadId = parentThreadId
    self.projectId = projectId
    self.searchTerm = searchTerm
    self.sectionId = sectionId
    self.sortDirection = sortDirection
    self.sortKey = sortKey
    self.sourceKinds = sourceKinds
    self.useStateDbOnly = useStateDbOnly
  }
}

public struct ThreadListResponse: Codable, Hashable, Sendable {
  public var data: [Thread]
  public var readStates: [String: ThreadReadState]?
  /// What the threads did, by their ids; for stet's own clients.
  @OmitIfNil public var stet: [String: StetThreadTally]?
  public var nextCursor: String?
  public var backwardsCursor: String?

  public init(
    data: [Thread], readStates: [String: ThreadReadState]? = nil, stet: [String: StetThreadTally]? = nil,
    nextCursor: String? = nil, backwardsCursor: String? = nil
  ) {
    self.data = data
    self.readStates = readStates
    self.stet = stet
    self.nextCursor = nextCursor
    self.backwardsCursor = backwardsCursor
  }
}

/// stet: what a thread did so far.
public struct StetThreadTally: Codable, Hashable, Sendable {
  public var turns: Int
  /// Lines that the edits of its turns added and took away; nil before the first edit.
  public var added: Int?
  public var removed: Int?

  public init(turns: Int, added: Int? = nil, removed: Int? = nil) {
    self.turns = turns
    self.added = added
    self.removed = removed
  }
}
