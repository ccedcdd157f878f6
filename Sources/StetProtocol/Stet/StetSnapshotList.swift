import StetJSON

/// stet: how much of a turn's effect on files can be taken back.
public enum StetUndoable: WireEnum {
  case full, partial, none
  case unknown(String)

  public static let variants: [(name: String, value: StetUndoable)] = [
    ("full", .full), ("partial", .partial), ("none", .none),
  ]

  public static func unlisted(_ name: String) -> StetUndoable { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// stet: the `stet` member of `turn/completed`, for clients with `snapshots`.
public struct StetTurnSummary: Codable, Hashable, Sendable {
  public var snapshotId: String?
  public var filesChanged: Int
  public var undoable: StetUndoable
  public var undoNote: String?

  public init(snapshotId: String?, filesChanged: Int, undoable: StetUndoable, undoNote: String? = nil) {
    self.snapshotId = snapshotId
    self.filesChanged = filesChanged
    self.undoable = undoable
    self.undoNote = undoNote
  }
}

/// `stet/snapshot/list`: Lists what can be undone, newest first.
public struct StetSnapshotListParams: ClientCall {
  public typealias Response = StetSnapshotListResponse
  public static let method = "stet/snapshot/list"

  public var threadId: String
  public var cursor: String?
  public var limit: UInt32?

  public init(threadId: String, cursor: String? = nil, limit: UInt32? = nil) {
    self.threadId = threadId
    self.cursor = cursor
    self.limit = limit
  }
}

public struct StetSnapshotListResponse: Codable, Hashable, Sendable {
  public var data: [StetSnapshot]
  public var nextCursor: String?

  public init(data: [StetSnapshot], nextCursor: String? = nil) {
    self.data = data
    self.nextCursor = nextCursor
  }
}

/// stet: the state of files before something changed them.
public struct StetSnapshot: Codable, Hashable, Sendable {
  public var snapshotId: String
  public var turnId: String?
  /// Counts up within a thread.
  public var seq: Int
  public var createdAtMs: Int
  /// `tool`, `shell`, `restore`, `review` or `unknown`.
  public var cause: String
  public var files: Int
  public var added: Int
  public var removed: Int
  public var note: String?
  /// `active`, `undone` or `expired`.
  public var state: String

  public init(
    snapshotId: String, turnId: String?, seq: Int, createdAtMs: Int, cause: String, files: Int, added: Int,
    removed: Int, note: String? = nil, state: String
  ) {
    self.snapshotId = snapshotId
    self.turnId = turnId
    self.seq = seq
    self.createdAtMs = createdAtMs
    self.cause = cause
    self.files = files
    self.added = added
    self.removed = removed
    self.note = note
    self.state = state
  }
}
