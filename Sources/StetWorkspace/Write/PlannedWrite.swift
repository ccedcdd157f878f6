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

/// One file after the transaction.
public struct VerifiedWrite: Hashable, Sendable {
  public let path: String
  public let before: FileState
  /// What was written.
  public let after: FileState
  /// Whether the file, read back, is that; false when someone wrote it in the meantime.
  public let isOnDisk: Bool
  /// Directories that had to be made for it, outermost first.
  public let createdDirectories: [String]
}
