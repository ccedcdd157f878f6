import StetJSON

/// `stet/review/read`: Pages through the files of a review that waits for its answer, hunk by hunk.
public struct StetReviewReadParams: ClientCall {
  public typealias Response = StetReviewReadResponse
  public static let method = "stet/review/read"

  /// Absent for a review that was started without a thread.
  @OmitIfNil public var threadId: String?
  public var reviewId: String
  /// Only this file, by its old or its new path.
  public var path: String?
  public var cursor: String?
  /// Hunks of one page.
  public var limit: UInt32?
  /// Adds the bytes of both sides to each file.
  public var includeText: Bool?

  public init(
    threadId: String?, reviewId: String, path: String? = nil, cursor: String? = nil, limit: UInt32? = nil,
    includeText: Bool? = nil
  ) {
    self.threadId = threadId
    self.reviewId = reviewId
    self.path = path
    self.cursor = cursor
    self.limit = limit
    self.includeText = includeText
  }
}

/// A file whose hunks do not fit into one page is on the next one again, with the hunks that follow.
public struct StetReviewReadResponse: Codable, Hashable, Sendable {
  public var files: [StetReviewFile]
  public var nextCursor: String?

  public init(files: [StetReviewFile], nextCursor: String? = nil) {
    self.files = files
    self.nextCursor = nextCursor
  }
}
