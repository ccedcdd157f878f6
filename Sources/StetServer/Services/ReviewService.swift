import StetAgent
import StetProtocol

/// An agent whose reviews can be looked at hunk by hunk. Without it the `stet/review/…` methods are off.
public protocol ReviewService: Sendable {
  func reviewList(_ params: StetReviewListParams, reply: @escaping AgentReply<StetReviewListResponse>)
  func reviewRead(_ params: StetReviewReadParams, reply: @escaping AgentReply<StetReviewReadResponse>)
  func reviewPreview(
    _ params: StetReviewPreviewParams, reply: @escaping AgentReply<StetReviewPreviewResponse>)
  func reviewDecide(_ params: StetReviewDecideParams, reply: @escaping AgentReply<StetReviewOutcome>)
  func reviewUndo(_ params: StetReviewUndoParams, reply: @escaping AgentReply<StetReviewOutcome>)
  func reviewOpen(_ params: StetReviewStartParams, reply: @escaping AgentReply<StetReviewRequest>)
  func reviewStage(_ params: StetReviewStageParams, reply: @escaping AgentReply<StetReviewOutcome>)
  func reviewCommitDraft(_ params: StetReviewCommitDraftParams, reply: @escaping AgentReply<JSONValue>)
  func reviewCommit(_ params: StetReviewCommitParams, reply: @escaping AgentReply<JSONValue>)
}

extension Agent: ReviewService {}
