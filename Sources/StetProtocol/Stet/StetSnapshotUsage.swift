import StetJSON

/// `stet/snapshot/usage`: What the snapshots of a thread's workspace, or of all, take: `{bytes, limitBytes, turns}`.
public struct StetSnapshotUsageParams: ClientCall {
  public typealias Response = JSONValue
  public static let method = "stet/snapshot/usage"

  public var threadId: String?

  public init(threadId: String? = nil) { self.threadId = threadId }
}

/// `stet/snapshot/purge`: Forgets the snapshots of a thread, or all: `{freedBytes}`.
public struct StetSnapshotPurgeParams: ClientCall {
  public typealias Response = JSONValue
  public static let method = "stet/snapshot/purge"

  public var threadId: String?

  public init(threadId: String? = nil) { self.threadId = threadId }
}
