import StetJSON

/// `serverRequest/resolved`: A server request is over: answered by someone, or its turn ended.
public struct ServerRequestResolvedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var requestId: RequestID

  public init(threadId: String, requestId: RequestID) {
    self.threadId = threadId
    self.requestId = requestId
  }
}
