import StetJSON

/// `stet/events/replay`: Reads again what a thread has told, for clients with `events` (protocol.md §7.3).
public struct StetEventsReplayParams: ClientCall {
  public typealias Response = StetEventsReplayResponse
  public static let method = "stet/events/replay"

  public var threadId: String
  /// The last number that the client has seen; 0 for none.
  public var afterSeq: Int
  public var limit: UInt32?

  public init(threadId: String, afterSeq: Int, limit: UInt32? = nil) {
    self.threadId = threadId
    self.afterSeq = afterSeq
    self.limit = limit
  }
}

public struct StetEventsReplayResponse: Codable, Hashable, Sendable {
  /// In order; a page ends before `lastSeq`.
  public var events: [StetEvent]
  /// The number of the last message of the thread.
  public var lastSeq: Int
  /// False: some of what came after `afterSeq` is gone; the client resumes the thread anew.
  public var complete: Bool

  public init(events: [StetEvent], lastSeq: Int, complete: Bool) {
    self.events = events
    self.lastSeq = lastSeq
    self.complete = complete
  }
}

/// stet: a notification as it was sent, or a request that is still open.
public struct StetEvent: Codable, Hashable, Sendable {
  public var seq: Int
  /// The number of the first of several deltas that were joined.
  @OmitIfNil public var fromSeq: Int?
  /// The id of a request.
  @OmitIfNil public var id: RequestID?
  public var method: String
  public var params: JSONValue
  public var emittedAtMs: Int64

  public init(
    seq: Int, fromSeq: Int? = nil, id: RequestID? = nil, method: String, params: JSONValue, emittedAtMs: Int64
  ) {
    self.seq = seq
    self.fromSeq = fromSeq
    self.id = id
    self.method = method
    self.params = params
    self.emittedAtMs = emittedAtMs
  }
}
