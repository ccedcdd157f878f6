import StetJSON

/// stet: what a restore puts back.
public struct StetRestoreScope: Codable, Hashable, Sendable {
  /// `turn`, `through`, `files` or `hunks`.
  public var type: String
  @OmitIfNil public var turnId: String?
  @OmitIfNil public var paths: [String]?
  @OmitIfNil public var reviewId: String?
  @OmitIfNil public var hunkIds: [String]?

  public init(
    type: String, turnId: String? = nil, paths: [String]? = nil, reviewId: String? = nil,
    hunkIds: [String]? = nil
  ) {
    self.type = type
    self.turnId = turnId
    self.paths = paths
    self.reviewId = reviewId
    self.hunkIds = hunkIds
  }

  /// What this one turn changed.
  public static func turn(_ id: String) -> StetRestoreScope { .init(type: "turn", turnId: id) }
  /// What this turn and all later ones changed.
  public static func through(_ id: String) -> StetRestoreScope { .init(type: "through", turnId: id) }
  public static func files(_ paths: [String]) -> StetRestoreScope { .init(type: "files", paths: paths) }
}

/// `stet/snapshot/restore`: Puts files back. A dry run (the default) plans; the real one names that plan.
public struct StetSnapshotRestoreParams: ClientCall {
  public typealias Response = StetSnapshotRestoreResponse
  public static let method = "stet/snapshot/restore"

  public var threadId: String
  public var scope: StetRestoreScope
  /// `keep` (default), `fork` or `revert`: what becomes of the history.
  public var conversation: String?
  /// True unless given.
  public var dryRun: Bool?
  public var planId: String?
  /// `skip` (default) or `overwriteKeepCopy`: for paths that changed since. Of a dry run; the plan keeps it.
  public var onConflict: String?

  public init(
    threadId: String, scope: StetRestoreScope, conversation: String? = nil, dryRun: Bool? = nil,
    planId: String? = nil, onConflict: String? = nil
  ) {
    self.threadId = threadId
    self.scope = scope
    self.conversation = conversation
    self.dryRun = dryRun
    self.planId = planId
    self.onConflict = onConflict
  }
}

/// `stet/snapshot/redo`: Takes back a restore, itself planned first.
public struct StetSnapshotRedoParams: ClientCall {
  public typealias Response = StetSnapshotRestoreResponse
  public static let method = "stet/snapshot/redo"

  public var threadId: String
  /// The snapshot that the restore left.
  public var snapshotId: String
  /// True unless given.
  public var dryRun: Bool?
  public var planId: String?
  public var onConflict: String?

  public init(
    threadId: String, snapshotId: String, dryRun: Bool? = nil, planId: String? = nil,
    onConflict: String? = nil
  ) {
    self.threadId = threadId
    self.snapshotId = snapshotId
    self.dryRun = dryRun
    self.planId = planId
    self.onConflict = onConflict
  }
}

public struct StetSnapshotRestoreResponse: Codable, Hashable, Sendable {
  public var planId: String
  public var files: [StetRestoreEntry]
  /// The snapshot of the state before the restore; nil for a dry run.
  public var restoredSnapshotId: String?
  /// The thread that goes on, where `conversation` was not `keep`.
  public var thread: Thread?
  /// What should be known before it is done, as sentences.
  public var warnings: [String]?

  public init(
    planId: String, files: [StetRestoreEntry], restoredSnapshotId: String? = nil, thread: Thread? = nil,
    warnings: [String]? = nil
  ) {
    self.planId = planId
    self.files = files
    self.restoredSnapshotId = restoredSnapshotId
    self.thread = thread
    self.warnings = warnings
  }
}

/// stet: what a restore does to one path.
public struct StetRestoreEntry: Codable, Hashable, Sendable {
  public var path: String
  /// `write`, `delete`, `recreate`, `none`, `merge` or `refuse`.
  public var action: String
  /// `userEdited`, `userDeleted`, `binary`, `typeChanged`, `otherThread`, `expired`, `parentSymlink`, `tooLarge`,
  /// `unreadable`, `readOnly`, `nameEncoding` or `locked`. With another action than `refuse`: it is done although
  /// that is so (`overwriteKeepCopy`), and what was there is the `before` of the restore's own snapshot.
  public var reason: String?
  public var diff: String?
  /// What is not certain of it: which command ran while it changed.
  public var note: String?

  public init(
    path: String, action: String, reason: String? = nil, diff: String? = nil, note: String? = nil
  ) {
    self.path = path
    self.action = action
    self.reason = reason
    self.diff = diff
    self.note = note
  }
}

extension StetRestoreEntry {
  /// Left alone for what the user may decide otherwise.
  public var isConflict: Bool {
    action == "refuse"
      && ["userEdited", "userDeleted", "binary", "typeChanged", "otherThread", "readOnly"].contains(reason)
  }
}
