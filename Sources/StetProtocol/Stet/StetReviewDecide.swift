import StetJSON

/// `stet/review/decide`: Submits a review that has no open request: of changes that are on disk (state `applied`), or of
/// a proposal whose request is gone. While a turn runs the effects wait for its end, unless `now`.
public struct StetReviewDecideParams: ClientCall {
  public typealias Response = StetReviewOutcome
  public static let method = "stet/review/decide"

  public var threadId: String
  public var reviewId: String
  /// As in an answer: what is not named counts as rejected. In a review that `stet/review/start` made, it stays.
  public var files: [StetFileDecision]
  @OmitIfNil public var comments: [StetReviewComment]?
  /// A word to the model.
  @OmitIfNil public var message: String?
  @OmitIfNil public var now: Bool?

  public init(
    threadId: String, reviewId: String, files: [StetFileDecision], comments: [StetReviewComment]? = nil,
    message: String? = nil, now: Bool? = nil
  ) {
    self.threadId = threadId
    self.reviewId = reviewId
    self.files = files
    self.comments = comments
    self.message = message
    self.now = now
  }
}

/// `stet/review/undo`: Takes the decisions of a submitted review back: the disk is as before them, the review waits
/// again. Refused while a turn runs (`stetError: busyTurn`), and where its contents are no longer kept (`expired`).
public struct StetReviewUndoParams: ClientCall {
  public typealias Response = StetReviewOutcome
  public static let method = "stet/review/undo"

  public var threadId: String
  public var reviewId: String

  public init(threadId: String, reviewId: String) {
    self.threadId = threadId
    self.reviewId = reviewId
  }
}
