import StetJSON

/// `thread/items/list`: Pages through the items of a thread or of one turn.
public struct ThreadItemsListParams: ClientCall {
  public typealias Response = ThreadItemsListResponse
  public static let method = "thread/items/list"

  public var threadId: String
  public var turnId: String?
  public var cursor: ThreadItemsListCursor?
  public var limit: UInt32?
  public var sortDirection: SortDirection?

  public init(
    threadId: String, turnId: String? = nil, cursor: ThreadItemsListCursor? = nil,
    limit: UInt32? = nil, sortDirection: SortDirection? = nil
  ) {
    self.threadId = threadId
    self.turnId = turnId
    self.cursor = cursor
    self.limit = limit
    self.sortDirection = sortDirection
  }
}

public struct ThreadItemsListResponse: Codable, Hashable, Sendable {
  public var data: [ThreadItemEntry]
  public var nextCursor: String?
  public var backwardsCursor: String?

  public init(data: [ThreadItemEntry], nextCursor: String? = nil, backwardsCursor: String? = nil) {
    self.data = data
    self.nextCursor = nextCursor
    self.backwardsCursor = backwardsCursor
  }
}

/// An item with its turn and times.
public struct ThreadItemEntry: Codable, Hashable, Sendable {
  public var turnId: String
  public var item: ThreadItem
  public var startedAtMs: Int?
  public var completedAtMs: Int?

  public init(turnId: String, item: ThreadItem, startedAtMs: Int? = nil, completedAtMs: Int? = nil) {
    self.turnId = turnId
    self.item = item
    self.startedAtMs = startedAtMs
    self.completedAtMs = completedAtMs
  }
}

public enum ThreadItemsListAnchor: Codable, Hashable, Sendable {
  case item(itemId: String)
  case unknown(JSONValue)

  private enum CodingKeys: String, CodingKey {
    case type, itemId
  }

  static let variants = [
    "item"
  ]

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tag = try container.decode(String.self, forKey: .type)
    switch tag {
    case "item":
      self = .item(
        itemId: try container.decode(String.self, forKey: .itemId))
    default:
      try Strictness.refuse(tag, Self.variants, at: decoder.codingPath)
      self = .unknown(try JSONValue(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if case .unknown(let value) = self { return try value.encode(to: encoder) }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tag, forKey: .type)
    switch self {
    case .item(let value): try container.encode(value, forKey: .itemId)
    default: break
    }
  }

  /// The name of the variant on the wire.
  var tag: String {
    switch self {
    case .item: "item"
    case .unknown(let value): value["type"]?.stringValue ?? ""
    }
  }
}

/// `thread/items/read`: Reads items by id.
public struct ThreadItemsReadParams: ClientCall {
  public typealias Response = ThreadItemsReadResponse
  public static let method = "thread/items/read"

  public var threadId: String
  public var turnId: String
  public var itemIds: [String]

  public init(threadId: String, turnId: String, itemIds: [String]) {
    self.threadId = threadId
    self.turnId = turnId
    self.itemIds = itemIds
  }
}

public struct ThreadItemsReadResponse: Codable, Hashable, Sendable {
  public var data: [ThreadItemEntry]

  public init(data: [ThreadItemEntry]) {
    self.data = data
  }
}
