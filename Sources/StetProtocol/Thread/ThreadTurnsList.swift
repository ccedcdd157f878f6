import StetJSON

/// `thread/turns/list`: Pages through the turns of a thread.
public struct ThreadTurnsListParams: ClientCall {
  public typealias Response = ThreadTurnsListResponse
  public static let method = "thread/turns/list"

  public var threadId: String
  public var cursor: String?
  public var itemsView: TurnItemsView?
  public var limit: UInt32?
  public var sortDirection: SortDirection?

  public init(
    threadId: String, cursor: String? = nil, itemsView: TurnItemsView? = nil, limit: UInt32? = nil,
    sortDirection: SortDirection? = nil
  ) {
    self.threadId = threadId
    self.cursor = cursor
    self.itemsView = itemsView
    self.limit = limit
    self.sortDirection = sortDirection
  }
}

public struct ThreadTurnsListResponse: Codable, Hashable, Sendable {
  public var data: [Turn]
  public var nextCursor: String?
  public var backwardsCursor: String?

  public init(data: [Turn], nextCursor: String? = nil, backwardsCursor: String? = nil) {
    self.data = data
    self.nextCursor = nextCursor
    self.backwardsCursor = backwardsCursor
  }
}
