import StetAgent
import StetProtocol

/// An agent whose reviews can be looked at hunk by hunk. Without it the `stet/review/…` methods are off.
public protocol ReviewService: Sendable {
  func reviewList(_ params: StetReviewListParams, reply: @escaping AgentReply<StetReviewListResponse>)
  func reviewRead(_ params: StetReviewReadParams, reply: @escaping AgentReply<StetReviewReadResponse>)
  func reviewPreview(
    _ params: StetReviewPreviewParams, reply: @escaping AgentReply<StetReviewPreviewResponse>)
}

extension Agent: ReviewService {}
