import StetProtocol
import StetRPC

/// `stet/review/*`, for clients with `hunkReview`.
struct ReviewHandlers {
  let service: any ReviewService
  let context: RequestContext

  func handle(_ request: ClientRequest) throws(RPCError) {
    let reply = context.reply
    switch request {
    case .stetReviewList(let params):
      try ThreadIDText.check(params.threadId)
      service.reviewList(params) { reply.answer(with: $0) }
    case .stetReviewRead(let params):
      if let thread = params.threadId { try ThreadIDText.check(thread) }
      service.reviewRead(params) { reply.answer(with: $0) }
    case .stetReviewPreview(let params):
      if let thread = params.threadId { try ThreadIDText.check(thread) }
      service.reviewPreview(params) { reply.answer(with: $0) }
    case .stetReviewDecide(let params):
      try ThreadIDText.check(params.threadId)
      service.reviewDecide(params) { reply.answer(with: $0) }
    case .stetReviewUndo(let params):
      try ThreadIDText.check(params.threadId)
      service.reviewUndo(params) { reply.answer(with: $0) }
    case .stetReviewStart(let params):
      if let thread = params.threadId { try ThreadIDText.check(thread) }
      service.reviewOpen(params) { reply.answer(with: $0) }
    default: try change(request)
    }
  }

  /// What touches the user's repository.
  private func change(_ request: ClientRequest) throws(RPCError) {
    let reply = context.reply
    switch request {
    case .stetReviewStage(let params):
      try ThreadIDText.check(params.threadId)
      service.reviewStage(params) { reply.answer(with: $0) }
    case .stetReviewCommitDraft(let params):
      try ThreadIDText.check(params.threadId)
      service.reviewCommitDraft(params) { reply.answer(with: $0) }
    case .stetReviewCommit(let params):
      try ThreadIDText.check(params.threadId)
      service.reviewCommit(params) { reply.answer(with: $0) }
    default: throw ClientRequest.unknownMethod(request.method, known: Router.served)
    }
  }
}
