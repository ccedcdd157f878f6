import StetJSON

/// stet: whether a review still waits for its answer.
public enum StetReviewProgress: WireEnum {
  case pending, done
  case unknown(String)

  public static let variants: [(name: String, value: StetReviewProgress)] = [
    ("pending", .pending), ("done", .done),
  ]

  public static func unlisted(_ name: String) -> StetReviewProgress { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// `stet/review/list`: Lists the reviews of a loaded thread, the newest first.
public struct StetReviewListParams: ClientCall {
  public typealias Response = StetReviewListResponse
  public static let method = "stet/review/list"

  public var threadId: String
  /// Absent: both.
  public var state: StetReviewProgress?

  public init(threadId: String, state: StetReviewProgress? = nil) {
    self.threadId = threadId
    self.state = state
  }
}

public struct StetReviewListResponse: Codable, Hashable, Sendable {
  public var data: [StetReviewRow]

  public init(data: [StetReviewRow]) { self.data = data }
}

/// stet: one review of a thread.
public struct StetReviewRow: Codable, Hashable, Sendable {
  public var reviewId: String
  public var turnId: String
  public var itemId: String
  public var state: StetReviewProgress
  public var createdAtMs: Int64
  public var filesTotal: Int
  /// 0 once it is done.
  public var hunksUndecided: Int
  /// Whether its changes are on disk; only of a review that is pending.
  @OmitIfNil public var reviewState: StetReviewState?

  public init(
    reviewId: String, turnId: String, itemId: String, state: StetReviewProgress, createdAtMs: Int64,
    filesTotal: Int, hunksUndecided: Int, reviewState: StetReviewState? = nil
  ) {
    self.reviewState = reviewState
    self.reviewId = reviewId
    self.turnId = turnId
    self.itemId = itemId
    self.state = state
    self.createdAtMs = createdAtMs
    self.filesTotal = filesTotal
    self.hunksUndecided = hunksUndecided
  }
}
