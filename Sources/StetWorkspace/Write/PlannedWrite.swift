/// One file of a transaction: what must be there, and what shall be.
public struct PlannedWrite: Hashable, Sendable {
  /// Absolute, every component resolved (`Workspace.resolve`).
  public let path: String
  /// Kind and content must agree when it is written; the mode may have changed.
  public let expected: FileStamp
  /// Absent deletes. Only regular files and links can be written.
  public let result: FileState
  /// What becomes of other names (hard links) of the file.
  var names = Names.kept
  /// Whether a file is replaced that its owner may not write: who plans this knows who made it so.
  var replacesReadOnly = false

  enum Names: Hashable, Sendable {
    /// They lead to it as before: its bytes are replaced in place.
    case kept
    /// The path gets a file of its own; other names keep the bytes that they have.
    case own
    /// The path becomes another name of what this path gets in the same transaction.
    case with(String)
  }

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
