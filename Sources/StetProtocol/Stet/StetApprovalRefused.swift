import StetJSON

/// `stet/approval/refused`: Something needed an approval and the approval policy allows no questions, so it did not
/// happen. There is no item of it; to clients with any stet capability.
public struct StetApprovalRefusedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turnId: String
  /// The command, or the files of an edit, for people.
  public var what: String
  /// Why it needed an approval.
  public var reason: String

  public init(threadId: String, turnId: String, what: String, reason: String) {
    self.threadId = threadId
    self.turnId = turnId
    self.what = what
    self.reason = reason
  }
}
