import StetJSON

/// `thread/started`: A thread came into being. Sent to every connection.
public struct ThreadStartedNotification: Codable, Hashable, Sendable {
  public var thread: Thread

  public init(thread: Thread) {
    self.thread = thread
  }
}

/// `thread/status/changed`: What a thread is doing changed. Sent to every connection.
public struct ThreadStatusChangedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var status: ThreadStatus

  public init(threadId: String, status: ThreadStatus) {
    self.threadId = threadId
    self.status = status
  }
}

/// `thread/archived`: A thread was archived.
public struct ThreadArchivedNotification: Codable, Hashable, Sendable {
  public var threadId: String

  public init(threadId: String) {
    self.threadId = threadId
  }
}

/// `thread/unarchived`: A thread was taken back from the archive.
public struct ThreadUnarchivedNotification: Codable, Hashable, Sendable {
  public var threadId: String

  public init(threadId: String) {
    self.threadId = threadId
  }
}

/// `thread/deleted`: A thread was deleted.
public struct ThreadDeletedNotification: Codable, Hashable, Sendable {
  public var threadId: String

  public init(threadId: String) {
    self.threadId = threadId
  }
}

/// `thread/closed`: A thread was unloaded.
public struct ThreadClosedNotification: Codable, Hashable, Sendable {
  public var threadId: String

  public init(threadId: String) {
    self.threadId = threadId
  }
}

/// `thread/reverted`: The history of a thread was cut.
public struct ThreadRevertedNotification: Codable, Hashable, Sendable {
  public var threadId: String

  public init(threadId: String) {
    self.threadId = threadId
  }
}
