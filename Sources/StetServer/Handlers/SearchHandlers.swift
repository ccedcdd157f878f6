import StetProtocol
import StetRPC

/// `thread/search`, `thread/searchOccurrences`, `stet/thread/search`.
struct SearchHandlers {
  let context: RequestContext

  func handle(_ request: ClientRequest) throws(RPCError) {
    let (agent, reply) = (context.agent, context.reply)
    switch request {
    case .threadSearch(let params):
      try Self.check(params.searchTerm)
      agent.threadSearch(params) { reply.answer(with: $0) }
    case .threadSearchOccurrences(let params):
      try ThreadIDText.check(params.threadId)
      try Self.check(params.searchTerm)
      agent.threadSearchOccurrences(params) { reply.answer(with: $0) }
    case .stetThreadSearch(let params):
      try Self.check(params.query, name: "query")
      agent.stetThreadSearch(params) { reply.answer(with: $0) }
    default: throw ClientRequest.unknownMethod(request.method, known: Router.served)
    }
  }

  private static func check(_ term: String, name: String = "searchTerm") throws(RPCError) {
    if term.allSatisfy(\.isWhitespace) { throw .invalidRequest("\(name) must not be empty") }
  }
}
