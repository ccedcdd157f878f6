import StetJSON

/// `fs/watch`: Watches a path for this connection.
public struct FsWatchParams: ClientCall {
  public typealias Response = FsWatchResponse
  public static let method = "fs/watch"

  public var path: String
  public var watchId: String

  public init(path: String, watchId: String) {
    self.path = path
    self.watchId = watchId
  }
}

public struct FsWatchResponse: Codable, Hashable, Sendable {
  public var path: String

  public init(path: String) {
    self.path = path
  }
}

/// `fs/unwatch`: Ends a watch; an unknown one is no error.
public struct FsUnwatchParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "fs/unwatch"

  public var watchId: String

  public init(watchId: String) {
    self.watchId = watchId
  }
}
