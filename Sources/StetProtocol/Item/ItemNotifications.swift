import StetJSON

/// `item/started`: An item began.
public struct ItemStartedNotification: Codable, Hashable, Sendable {
  public var item: ThreadItem
  public var threadId: String
  public var turnId: String
  public var startedAtMs: Int

  public init(item: ThreadItem, threadId: String, turnId: String, startedAtMs: Int) {
    self.item = item
    self.threadId = threadId
    self.turnId = turnId
    self.startedAtMs = startedAtMs
  }
}

/// `item/completed`: An item is final.
public struct ItemCompletedNotification: Codable, Hashable, Sendable {
  public var item: ThreadItem
  public var threadId: String
  public var turnId: String
  public var completedAtMs: Int

  public init(item: ThreadItem, threadId: String, turnId: String, completedAtMs: Int) {
    self.item = item
    self.threadId = threadId
    self.turnId = turnId
    self.completedAtMs = completedAtMs
  }
}
