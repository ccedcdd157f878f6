import StetJSON

/// `stet/snapshot/file`: One file as it was before or after a snapshot: `{dataBase64, hash, mode}`.
public struct StetSnapshotFileParams: ClientCall {
  public typealias Response = JSONValue
  public static let method = "stet/snapshot/file"

  public var threadId: String
  public var snapshotId: String
  public var path: String
  /// `before` or `after`.
  public var side: String

  public init(threadId: String, snapshotId: String, path: String, side: String) {
    self.threadId = threadId
    self.snapshotId = snapshotId
    self.path = path
    self.side = side
  }
}
