import StetJSON

/// `item/fileChange/requestApproval`: Asks whether a file change may be written; the diff is in the item.
public struct FileChangeRequestApprovalParams: ServerCall {
  public typealias Response = FileChangeRequestApprovalResponse
  public static let method = "item/fileChange/requestApproval"

  public var threadId: String
  public var turnId: String
  public var itemId: String
  public var startedAtMs: Int
  public var reason: String?
  public var grantRoot: String?
  @OmitIfNil public var stet: StetReviewRequest?

  public init(
    threadId: String, turnId: String, itemId: String, startedAtMs: Int, reason: String? = nil,
    grantRoot: String? = nil, stet: StetReviewRequest? = nil
  ) {
    self.threadId = threadId
    self.turnId = turnId
    self.itemId = itemId
    self.startedAtMs = startedAtMs
    self.reason = reason
    self.grantRoot = grantRoot
    self.stet = stet
  }
}
