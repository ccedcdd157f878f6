import StetJSON

/// A change of files that was made or is proposed.
public struct FileChangeItem: Codable, Hashable, Sendable {
  public var id: String
  public var changes: [FileUpdateChange]
  public var status: PatchApplyStatus
  @OmitIfNil public var stet: StetReviewOutcome?

  public init(
    id: String, changes: [FileUpdateChange], status: PatchApplyStatus, stet: StetReviewOutcome? = nil
  ) {
    self.id = id
    self.changes = changes
    self.status = status
    self.stet = stet
  }
}
