import StetJSON

/// `thread/read`: Reads a stored thread without loading it.
public struct ThreadReadParams: ClientCall {
  public typealias Response = ThreadReadResponse
  public static let method = "thread/read"

  public var threadId: String
  public var includeTurns: Bool?

  public init(threadId: String, includeTurns: Bool? = nil) {
    self.threadId = threadId
    self.includeTurns = includeTurns
  }
}

public struct ThreadReadResponse: Codable, Hashable, Sendable {
  public var thread: Thread
  public var readState: ThreadReadState?

  public init(thread: Thread, readState: ThreadReadState? = nil) {
    self.thread = thread
    self.readState = readState
  }
}

/// How far a thread was read.
public struct ThreadReadState: Codable, Hashable, Sendable {
  public var firstUnread: ThreadUnreadPosition?
  public var revision: String

  public init(firstUnread: ThreadUnreadPosition? = nil, revision: String) {
    self.firstUnread = firstUnread
    self.revision = revision
  }
}

public enum ThreadUnreadPosition: Codable, Hashable, Sendable {
  case threadStart
  case turn(turnId: String)
  case unknown(JSONValue)

  private enum CodingKeys: String, CodingKey {
    case type, turnId
  }

  static let variants = [
    "threadStart", "turn",
  ]

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tag = try container.decode(String.self, forKey: .type)
    switch tag {
    case "threadStart": self = .threadStart
    case "turn":
      self = .turn(
        turnId: try container.decode(String.self, forKey: .turnId))
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
    case .turn(let value): try container.encode(value, forKey: .turnId)
    default: break
    }
  }

  /// The name of the variant on the wire.
  var tag: String {
    switch self {
    case .threadStart: "threadStart"
    case .turn: "turn"
    case .unknown(let value): value["type"]?.stringValue ?? ""
    }
  }
}

/// `thread/loaded/list`: Lists the ids of the loaded threads.
public struct ThreadLoadedListParams: ClientCall {
  public typealias Response = ThreadLoadedListResponse
  public static let method = "thread/loaded/list"

  public var cursor: String?
  public var limit: UInt32?

  public init(cursor: String? = nil, limit: UInt32? = nil) {
    self.cursor = cursor
    self.limit = limit
  }
}

public struct ThreadLoadedListResponse: Codable, Hashable, Sendable {
  public var data: [String]
  public var nextCursor: String?

  public init(data: [String], nextCursor: String? = nil) {
    self.data = data
    self.nextCursor = nextCursor
  }
}

/// `thread/unsubscribe`: Ends the caller's subscription; the thread and its turn go on.
public struct ThreadUnsubscribeParams: ClientCall {
  public typealias Response = ThreadUnsubscribeResponse
  public static let method = "thread/unsubscribe"

  public var threadId: String

  public init(threadId: String) {
    self.threadId = threadId
  }
}

public struct ThreadUnsubscribeResponse: Codable, Hashable, Sendable {
  public var status: ThreadUnsubscribeStatus

  public init(status: ThreadUnsubscribeStatus) {
    self.status = status
  }
}

public enum ThreadUnsubscribeStatus: WireEnum {
  case notLoaded, notSubscribed, unsubscribed
  case unknown(String)

  public static let variants: [(name: String, value: ThreadUnsubscribeStatus)] = [
    ("notLoaded", .notLoaded), ("notSubscribed", .notSubscribed), ("unsubscribed", .unsubscribed),
  ]

  public static func unlisted(_ name: String) -> ThreadUnsubscribeStatus { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
