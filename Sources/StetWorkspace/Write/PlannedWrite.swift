/// One file of a transaction: what must be there, and what shall be.
public struct PlannedWrite: Hashable, Sendable {
  /// Absolute, every component resolved (`Workspace.resolve`).
  public let path: String
  /// Kind and content must agree when it is written; the mode may have changed.
  public let expected: FileStamp
  /// Absent deletes. Only regular files and links can be written.
  public let result: FileState

  public init(path: String, expected: FileStamp, result: FileState) {
    self.path = path
    self.expected = expected
    self.result = result
  }
}

/// One file after the transaction, as read back from the disk.
public struct VerifiedWrite: Hashable, Sendable {
  public let path: String
  public let before: FileState
  public let after: FileState
  /// Directories that had to be made for it, outermost first.
  public let createdDirectories: [String]
}
