import StetJSON

/// `fs/changed`: A watched path changed.
public struct FsChangedNotification: Codable, Hashable, Sendable {
  public var watchId: String
  public var changedPaths: [String]

  public init(watchId: String, changedPaths: [String]) {
    self.watchId = watchId
    self.changedPaths = changedPaths
  }
}

/// `fuzzyFileSearch/sessionUpdated`: The ranked results of an open search.
public struct FuzzyFileSearchSessionUpdatedNotification: Codable, Hashable, Sendable {
  public var sessionId: String
  public var query: String
  public var files: [FuzzyFileSearchResult]

  public init(sessionId: String, query: String, files: [FuzzyFileSearchResult]) {
    self.sessionId = sessionId
    self.query = query
    self.files = files
  }
}

/// `fuzzyFileSearch/sessionCompleted`: An open search has gone through all files.
public struct FuzzyFileSearchSessionCompletedNotification: Codable, Hashable, Sendable {
  public var sessionId: String

  public init(sessionId: String) {
    self.sessionId = sessionId
  }
}
