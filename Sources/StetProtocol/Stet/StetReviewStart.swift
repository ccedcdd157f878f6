import StetJSON

/// `stet/review/start`: Opens a review of something that is there already, without the model. Nothing is written.
public struct StetReviewStartParams: ClientCall {
  public typealias Response = StetReviewRequest
  public static let method = "stet/review/start"

  /// Not needed for `files` and `patch`.
  @OmitIfNil public var threadId: String?
  /// `{type: uncommitted | turn, turnId | range, from, to | thread | head | staged | files, old, new | patch,
  /// dataBase64}`. The ends of a range are two turns or two revisions of git; the paths of `files` are absolute.
  public var target: JSONValue

  public init(threadId: String? = nil, target: JSONValue) {
    self.threadId = threadId
    self.target = target
  }
}
