import StetProtocol
import StetRPC

/// `thread/*`.
struct ThreadHandlers {
  /// Threads that a list may leave out (the schema says 100).
  private static let maximumExcluded = 100

  let context: RequestContext

  func handle(_ request: ClientRequest) throws(RPCError) {
    switch request {
    case .threadStart(let params): start(params)
    case .threadResume(let params): try resume(params)
    case .threadUnsubscribe(let params): unsubscribe(params)
    case .threadList(let params): try list(params)
    case .threadLoadedList(let params): try loadedList(params)
    case .threadRead(let params): try read(params)
    default: try manage(request)
    }
  }

  /// Methods that need no more than to be passed on.
  private func manage(_ request: ClientRequest) throws(RPCError) {
    if let id = request.threadId { try ThreadIDText.check(id) }
    let (agent, reply) = (context.agent, context.reply)
    switch request {
    case .threadNameSet(let params): agent.threadNameSet(params) { reply.answer(with: $0) }
    case .threadArchive(let params): agent.threadArchive(params) { reply.answer(with: $0) }
    case .threadUnarchive(let params): agent.threadUnarchive(params) { reply.answer(with: $0) }
    case .threadSettingsUpdate(let params): agent.threadSettingsUpdate(params) { reply.answer(with: $0) }
    case .threadBackgroundTerminalsList(let params):
      agent.backgroundTerminalsList(params) { reply.answer(with: $0) }
    case .threadBackgroundTerminalsTerminate(let params):
      agent.backgroundTerminalsTerminate(params) { reply.answer(with: $0) }
    case .threadBackgroundTerminalsClean(let params):
      agent.backgroundTerminalsClean(params) { reply.answer(with: $0) }
    default: throw ClientRequest.unknownMethod(request.method, known: Router.served)
    }
  }

  private func start(_ params: ThreadStartParams) {
    context.agent.threadStart(params) { [context] result in
      switch result {
      case .failure(let error): context.reply.fail(error)
      case .success(var response):
        response.thread = response.thread.rendered(for: context.profile)
        context.reply.succeed(response)
        context.outbox.subscribe(context.connection, to: response.thread.id)
      }
    }
  }

  private func resume(_ params: ThreadResumeParams) throws(RPCError) {
    try ThreadIDText.check(params.threadId, as: "session id")
    let found: @Sendable () -> Void = { [context] in
      if params.excludeTurns != true { context.adviseAgainst(.resume) }
    }
    context.agent.threadResume(params, found: found) { [context] result in
      switch result {
      case .failure(let error): context.reply.fail(error)
      case .success(var response):
        response.thread = response.thread.rendered(for: context.profile)
        if let page = response.initialTurnsPage {
          response.initialTurnsPage?.data = page.data.map { $0.rendered(for: context.profile) }
        }
        let afterSeq = context.profile.events ? params.stet?.afterSeq : nil
        let epoch = params.stet?.epoch
        let isStranger = epoch != nil && epoch != context.outbox.epoch
        if context.profile.events {
          response.stet = context.outbox.position(
            of: response.thread.id, after: afterSeq, isStranger: isStranger, for: context.profile)
        }
        context.reply.succeed(response)
        context.outbox.subscribe(
          context.connection, to: response.thread.id, after: isStranger ? nil : afterSeq)
        context.outbox.askAgain(context.connection, afterGoalOf: response.thread.id)
      }
    }
  }

  private func list(_ params: ThreadListParams) throws(RPCError) {
    let excluded = params.excludedThreadIds ?? []
    guard excluded.count <= Self.maximumExcluded else {
      throw .invalidRequest("excludedThreadIds must contain at most \(Self.maximumExcluded) entries")
    }
    for id in excluded { try ThreadIDText.check(id) }
    if params.originators?.isEmpty == false {
      throw .invalidRequest("originators filter is not supported by the local app-server")
    }
    if params.parentThreadId != nil, params.ancestorThreadId != nil {
      throw .invalidRequest("parentThreadId and ancestorThreadId are mutually exclusive")
    }
    let isStet = context.profile.stet != nil
    context.agent.threadList(params) { [reply = context.reply] result in
      reply.answer(
        with: result.map { response in
          var response = response
          if !isStet { response.stet = nil }
          return response
        })
    }
  }

  private func read(_ params: ThreadReadParams) throws(RPCError) {
    try ThreadIDText.check(params.threadId)
    let tell: @Sendable ([String]) -> Void = { [context] texts in
      for text in texts {
        context.outbox.greet(
          context.connection, .warning(WarningNotification(threadId: params.threadId, message: text)))
      }
    }
    context.agent.threadRead(params, tell: tell) { [context] result in
      if case .success = result, params.includeTurns == true { context.adviseAgainst(.read) }
      context.reply.answer(
        with: result.map { response in
          var response = response
          response.thread = response.thread.rendered(for: context.profile)
          return response
        })
    }
  }

  /// A page of ids; the cursor is the last id of the page before.
  private func loadedList(_ params: ThreadLoadedListParams) throws(RPCError) {
    var ids = context.agent.loadedThreadIds.sorted()
    if let cursor = params.cursor {
      guard let place = ids.firstIndex(of: cursor) else { throw .invalidRequest("invalid cursor: \(cursor)") }
      ids.removeFirst(place + 1)
    }
    let limit = params.limit.map { Int($0) } ?? ids.count
    let page = Array(ids.prefix(limit))
    context.reply.succeed(
      ThreadLoadedListResponse(data: page, nextCursor: ids.count > limit ? page.last : nil))
  }

  /// The thread and its turn go on. An unknown thread is no error here.
  private func unsubscribe(_ params: ThreadUnsubscribeParams) {
    let status: ThreadUnsubscribeStatus
    if context.outbox.unsubscribe(context.connection, from: params.threadId) {
      status = .unsubscribed
      if !context.outbox.hasSubscribers(thread: params.threadId) { context.agent.threadIdle(params.threadId) }
    } else {
      status = context.agent.loadedThreadIds.contains(params.threadId) ? .notSubscribed : .notLoaded
    }
    context.reply.succeed(ThreadUnsubscribeResponse(status: status))
  }
}
