import StetJSON

/// `thread/archive`: Moves a thread to the archive and unloads it.
public struct ThreadArchiveParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "thread/archive"

  public var threadId: String

  public init(threadId: String) {
    self.threadId = threadId
  }
}

/// `thread/unarchive`: Takes a thread back from the archive; it is neither loaded nor subscribed to.
public struct ThreadUnarchiveParams: ClientCall {
  public typealias Response = ThreadUnarchiveResponse
  public static let method = "thread/unarchive"

  public var threadId: String

  public init(threadId: String) {
    self.threadId = threadId
  }
}

public struct ThreadUnarchiveResponse: Codable, Hashable, Sendable {
  public var thread: Thread

  public init(thread: Thread) {
    self.thread = thread
  }
}

/// `thread/delete`: Removes a thread and its files for good.
public struct ThreadDeleteParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "thread/delete"

  public var threadId: String

  public init(threadId: String) {
    self.threadId = threadId
  }
}
