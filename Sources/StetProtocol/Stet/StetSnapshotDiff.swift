import StetJSON

/// `stet/snapshot/diff`: Shows what changed between two snapshots, or since one. A nil `to` is the disk.
public struct StetSnapshotDiffParams: ClientCall {
  public typealias Response = StetSnapshotDiffResponse
  public static let method = "stet/snapshot/diff"

  public var threadId: String
  public var from: String?
  public var to: String?
  public var path: String?

  public init(threadId: String, from: String? = nil, to: String? = nil, path: String? = nil) {
    self.threadId = threadId
    self.from = from
    self.to = to
    self.path = path
  }
}

public struct StetSnapshotDiffResponse: Codable, Hashable, Sendable {
  public var files: [StetSnapshotFileDiff]
  public var truncated: Bool

  public init(files: [StetSnapshotFileDiff], truncated: Bool = false) {
    self.files = files
    self.truncated = truncated
  }
}

/// stet: how one file differs. `diff` has hunks only and is empty for binary and too large files.
public struct StetSnapshotFileDiff: Codable, Hashable, Sendable {
  public var path: String
  /// `add`, `update`, `delete`, `mode` or `symlink`.
  public var kind: String
  /// Who changed it: `edit`, `shell`, `review` or `unknown`.
  public var author: String
  public var diff: String
  public var binary: Bool
  public var tooLarge: Bool

  public init(
    path: String, kind: String, author: String, diff: String, binary: Bool = false, tooLarge: Bool = false
  ) {
    self.path = path
    self.kind = kind
    self.author = author
    self.diff = diff
    self.binary = binary
    self.tooLarge = tooLarge
  }
}
