import StetJSON

/// `stet/review/stage`: Writes what is accepted here into the index of the user's repository. What is not named is not
/// staged; the files stay as they are.
public struct StetReviewStageParams: ClientCall {
  public typealias Response = StetReviewOutcome
  public static let method = "stet/review/stage"

  public var threadId: String
  public var reviewId: String
  public var files: [StetFileDecision]

  public init(threadId: String, reviewId: String, files: [StetFileDecision]) {
    self.threadId = threadId
    self.reviewId = reviewId
    self.files = files
  }
}

/// `stet/review/commitDraft`: The model drafts a commit message for the changes of a review: `{message}`.
public struct StetReviewCommitDraftParams: ClientCall {
  public typealias Response = JSONValue
  public static let method = "stet/review/commitDraft"

  public var threadId: String
  public var reviewId: String

  public init(threadId: String, reviewId: String) {
    self.threadId = threadId
    self.reviewId = reviewId
  }
}

/// `stet/review/commit`: Commits what is in the index, as `git commit` does, hooks and signature included: `{sha}`.
public struct StetReviewCommitParams: ClientCall {
  public typealias Response = JSONValue
  public static let method = "stet/review/commit"

  public var threadId: String
  public var message: String

  public init(threadId: String, message: String) {
    self.threadId = threadId
    self.message = message
  }
}
