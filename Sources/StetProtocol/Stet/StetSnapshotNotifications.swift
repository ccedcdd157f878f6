import StetJSON

/// `stet/snapshot/created`: A turn left something that can be undone.
public struct StetSnapshotCreatedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turnId: String
  public var snapshotId: String
  public var files: Int

  public init(threadId: String, turnId: String, snapshotId: String, files: Int) {
    self.threadId = threadId
    self.turnId = turnId
    self.snapshotId = snapshotId
    self.files = files
  }
}

/// `stet/snapshot/restored`: Files were put back.
public struct StetSnapshotRestoredNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var snapshotId: String
  public var planId: String
  public var files: Int

  public init(threadId: String, snapshotId: String, planId: String, files: Int) {
    self.threadId = threadId
    self.snapshotId = snapshotId
    self.planId = planId
    self.files = files
  }
}

/// `stet/snapshot/degraded`: Undo will not be complete, and why.
public struct StetSnapshotDegradedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var reason: String
  public var detail: String?

  public init(threadId: String, reason: String, detail: String? = nil) {
    self.threadId = threadId
    self.reason = reason
    self.detail = detail
  }
}
