import StetJSON

/// `stet/review/preview`: Shows what decisions would write. Never writes.
public struct StetReviewPreviewParams: ClientCall {
  public typealias Response = StetReviewPreviewResponse
  public static let method = "stet/review/preview"

  /// Absent for a review that was started without a thread.
  @OmitIfNil public var threadId: String?
  public var reviewId: String
  /// The same as in an answer; operations that are not named count as rejected.
  public var files: [StetFileDecision]

  public init(threadId: String?, reviewId: String, files: [StetFileDecision]) {
    self.threadId = threadId
    self.reviewId = reviewId
    self.files = files
  }
}

public struct StetReviewPreviewResponse: Codable, Hashable, Sendable {
  /// The files that were named, in the order of the review.
  public var files: [StetFilePreview]

  public init(files: [StetFilePreview]) { self.files = files }
}

/// stet: what decisions would make of one file.
public struct StetFilePreview: Codable, Hashable, Sendable {
  public var path: String
  /// Hunks against the base; the whole content of a new or deleted file; empty when nothing would change.
  public var diff: String
  /// Of the file after the write; nil when it would not be there.
  public var resultHash: String?
  public var warnings: [String]
  /// Whether the file on disk is no longer the one that was reviewed: a submit would merge and ask again.
  public var stale: Bool
  /// Hunks that could not be carried out: the same lines have changed on disk.
  @Defaulted public var conflictedHunks: [String]

  public init(
    path: String, diff: String, resultHash: String?, warnings: [String] = [], stale: Bool,
    conflictedHunks: [String] = []
  ) {
    self.conflictedHunks = conflictedHunks
    self.path = path
    self.diff = diff
    self.resultHash = resultHash
    self.warnings = warnings
    self.stale = stale
  }
}
