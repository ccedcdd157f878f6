import StetJSON

/// stet: what came of a review as a whole.
public enum StetOutcome: WireEnum {
  case all, partial, none, stale, conflict
  case unknown(String)

  public static let variants: [(name: String, value: StetOutcome)] = [
    ("all", .all), ("partial", .partial), ("none", .none), ("stale", .stale), ("conflict", .conflict),
  ]

  public static func unlisted(_ name: String) -> StetOutcome { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// stet: what came of one file.
public enum StetFileOutcome: WireEnum {
  case applied, partial, rejected, stale, conflicted, failed
  case unknown(String)

  public static let variants: [(name: String, value: StetFileOutcome)] = [
    ("applied", .applied), ("partial", .partial), ("rejected", .rejected), ("stale", .stale),
    ("conflicted", .conflicted), ("failed", .failed),
  ]

  public static func unlisted(_ name: String) -> StetFileOutcome { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// stet: the `stet` member of a finished file change item. The item's `changes` are what was applied.
public struct StetReviewOutcome: Codable, Hashable, Sendable {
  public var reviewId: String
  public var outcome: StetOutcome
  /// What the model had proposed.
  public var proposedChanges: [FileUpdateChange]
  public var files: [StetFileResult]
  /// The snapshot that undoes the turn; nil where snapshots are off.
  public var snapshotTurn: String?
  /// True: a turn runs, the decisions take effect when it ends; this is what would come of them now.
  @OmitIfNil public var queued: Bool?

  public init(
    reviewId: String, outcome: StetOutcome, proposedChanges: [FileUpdateChange], files: [StetFileResult],
    snapshotTurn: String? = nil
  ) {
    self.reviewId = reviewId
    self.outcome = outcome
    self.proposedChanges = proposedChanges
    self.files = files
    self.snapshotTurn = snapshotTurn
  }
}

/// stet: what came of one reviewed file.
public struct StetFileResult: Codable, Hashable, Sendable {
  public var path: String
  public var outcome: StetFileOutcome
  public var hashAfter: String?
  @Defaulted public var rejectedHunks: [String]
  @Defaulted public var editedHunks: [String]
  /// Why it was not done, for people.
  @OmitIfNil public var reason: String?

  public init(
    path: String, outcome: StetFileOutcome, hashAfter: String? = nil, rejectedHunks: [String] = [],
    editedHunks: [String] = [], reason: String? = nil
  ) {
    self.path = path
    self.outcome = outcome
    self.hashAfter = hashAfter
    self.rejectedHunks = rejectedHunks
    self.editedHunks = editedHunks
    self.reason = reason
  }
}

/// `stet/review/changed`: the state of an open review changed.
public struct StetReviewChangedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var reviewId: String
  public var state: StetReviewState
  public var hunksUndecided: Int

  public init(threadId: String, reviewId: String, state: StetReviewState, hunksUndecided: Int) {
    self.threadId = threadId
    self.reviewId = reviewId
    self.state = state
    self.hunksUndecided = hunksUndecided
  }
}
