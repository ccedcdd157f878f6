import StetJSON

/// `thread/backgroundTerminals/list`: Lists the commands that outlived the call that started them.
public struct ThreadBackgroundTerminalsListParams: ClientCall {
  public typealias Response = ThreadBackgroundTerminalsListResponse
  public static let method = "thread/backgroundTerminals/list"

  public var threadId: String
  public var cursor: String?
  public var limit: UInt32?

  public init(threadId: String, cursor: String? = nil, limit: UInt32? = nil) {
    self.threadId = threadId
    self.cursor = cursor
    self.limit = limit
  }
}

public struct ThreadBackgroundTerminalsListResponse: Codable, Hashable, Sendable {
  public var data: [ThreadBackgroundTerminal]
  public var nextCursor: String?

  public init(data: [ThreadBackgroundTerminal], nextCursor: String? = nil) {
    self.data = data
    self.nextCursor = nextCursor
  }
}

public struct ThreadBackgroundTerminal: Codable, Hashable, Sendable {
  public var itemId: String
  public var processId: String
  public var command: String
  public var cwd: String
  public var osPid: Int?
  public var cpuPercent: Double?
  public var rssKb: Int?

  public init(
    itemId: String, processId: String, command: String, cwd: String, osPid: Int? = nil,
    cpuPercent: Double? = nil, rssKb: Int? = nil
  ) {
    self.itemId = itemId
    self.processId = processId
    self.command = command
    self.cwd = cwd
    self.osPid = osPid
    self.cpuPercent = cpuPercent
    self.rssKb = rssKb
  }
}

/// `thread/backgroundTerminals/terminate`: Kills one background command.
public struct ThreadBackgroundTerminalsTerminateParams: ClientCall {
  public typealias Response = ThreadBackgroundTerminalsTerminateResponse
  public static let method = "thread/backgroundTerminals/terminate"

  public var threadId: String
  public var processId: String

  public init(threadId: String, processId: String) {
    self.threadId = threadId
    self.processId = processId
  }
}

public struct ThreadBackgroundTerminalsTerminateResponse: Codable, Hashable, Sendable {
  public var terminated: Bool

  public init(terminated: Bool) {
    self.terminated = terminated
  }
}

/// `thread/backgroundTerminals/clean`: Kills the background commands of a thread.
public struct ThreadBackgroundTerminalsCleanParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "thread/backgroundTerminals/clean"

  public var threadId: String

  public init(threadId: String) {
    self.threadId = threadId
  }
}
