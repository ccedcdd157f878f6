import StetJSON

/// `thread/queue/add`: Queues a message that starts a turn of its own when the running one ends.
public struct ThreadQueueAddParams: ClientCall {
  public typealias Response = ThreadQueueAddResponse
  public static let method = "thread/queue/add"

  public var threadId: String
  public var clientUserMessageId: String
  public var input: [UserInput]

  public init(threadId: String, clientUserMessageId: String, input: [UserInput]) {
    self.threadId = threadId
    self.clientUserMessageId = clientUserMessageId
    self.input = input
  }
}

public struct ThreadQueueAddResponse: Codable, Hashable, Sendable {
  public var queuedSubmission: QueuedSubmission

  public init(queuedSubmission: QueuedSubmission) {
    self.queuedSubmission = queuedSubmission
  }
}

/// A message that waits for its turn.
public struct QueuedSubmission: Codable, Hashable, Sendable {
  public var id: String
  public var input: [UserInput]
  public var clientUserMessageId: String

  public init(id: String, input: [UserInput], clientUserMessageId: String) {
    self.id = id
    self.input = input
    self.clientUserMessageId = clientUserMessageId
  }
}

/// `thread/queue/list`: Lists the queued messages of a thread.
public struct ThreadQueueListParams: ClientCall {
  public typealias Response = ThreadQueueListResponse
  public static let method = "thread/queue/list"

  public var threadId: String
  public var cursor: String?
  public var limit: UInt32?

  public init(threadId: String, cursor: String? = nil, limit: UInt32? = nil) {
    self.threadId = threadId
    self.cursor = cursor
    self.limit = limit
  }
}

public struct ThreadQueueListResponse: Codable, Hashable, Sendable {
  public var data: [QueuedSubmission]
  public var nextCursor: String?

  public init(data: [QueuedSubmission], nextCursor: String? = nil) {
    self.data = data
    self.nextCursor = nextCursor
  }
}

/// `thread/queue/update`: Replaces the input of a queued message.
public struct ThreadQueueUpdateParams: ClientCall {
  public typealias Response = ThreadQueueUpdateResponse
  public static let method = "thread/queue/update"

  public var threadId: String
  public var input: [UserInput]
  public var queuedSubmissionId: String

  public init(threadId: String, input: [UserInput], queuedSubmissionId: String) {
    self.threadId = threadId
    self.input = input
    self.queuedSubmissionId = queuedSubmissionId
  }
}

public struct ThreadQueueUpdateResponse: Codable, Hashable, Sendable {
  public var queuedSubmission: QueuedSubmission

  public init(queuedSubmission: QueuedSubmission) {
    self.queuedSubmission = queuedSubmission
  }
}

/// `thread/queue/delete`: Removes a queued message.
public struct ThreadQueueDeleteParams: ClientCall {
  public typealias Response = ThreadQueueDeleteResponse
  public static let method = "thread/queue/delete"

  public var threadId: String
  public var queuedSubmissionId: String

  public init(threadId: String, queuedSubmissionId: String) {
    self.threadId = threadId
    self.queuedSubmissionId = queuedSubmissionId
  }
}

public struct ThreadQueueDeleteResponse: Codable, Hashable, Sendable {
  public var deleted: Bool

  public init(deleted: Bool) {
    self.deleted = deleted
  }
}

/// `thread/queue/reorder`: Puts the queued messages into the given order.
public struct ThreadQueueReorderParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "thread/queue/reorder"

  public var threadId: String
  public var queuedSubmissionIds: [String]

  public init(threadId: String, queuedSubmissionIds: [String]) {
    self.threadId = threadId
    self.queuedSubmissionIds = queuedSubmissionIds
  }
}

/// `thread/queue/start`: Starts a turn with a queued message, the head unless one is named.
public struct ThreadQueueStartParams: ClientCall {
  public typealias Response = ThreadQueueStartResponse
  public static let method = "thread/queue/start"

  public var threadId: String
  public var queuedSubmissionId: String?

  public init(threadId: String, queuedSubmissionId: String? = nil) {
    self.threadId = threadId
    self.queuedSubmissionId = queuedSubmissionId
  }
}

public struct ThreadQueueStartResponse: Codable, Hashable, Sendable {
  public var turn: Turn

  public init(turn: Turn) {
    self.turn = turn
  }
}
