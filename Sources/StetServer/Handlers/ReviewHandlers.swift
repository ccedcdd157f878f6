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
      try ThreadIDText.check(params.threadId)
      service.reviewRead(params) { reply.answer(with: $0) }
    case .stetReviewPreview(let params):
      try ThreadIDText.check(params.threadId)
      service.reviewPreview(params) { reply.answer(with: $0) }
    default: throw ClientRequest.unknownMethod(request.method, known: Router.served)
    }
  }
}
