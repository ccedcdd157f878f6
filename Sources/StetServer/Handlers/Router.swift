import StetAgent
import StetJSON
import StetProtocol
import StetRPC

/// Brings a request to its handler. No logic beyond what every request shares.
struct Router {
  let server: AppServer

  /// Checks and routes one request; throws what the client is answered with.
  func route(
    _ method: String, _ params: JSONValue?, from connection: ClientConnection, _ reply: Reply
  ) throws(RPCError) {
    guard let profile = connection.profile else {
      guard method == InitializeParams.method else { throw .notInitialized }
      let request = try ClientRequest.decode(method: method, params: params)
      guard case .initialize(let params) = request else { throw .notInitialized }
      return InitializeHandler(server: server).initialize(params, from: connection, reply)
    }
    guard method != InitializeParams.method else { throw .alreadyInitialized }
    try ExperimentalGate.check(method: method, for: profile)
    if method.hasPrefix("stet/"), Self.served.contains(method), !profile.offers(method) {
      throw .requiresStet(method)
    }
    guard Self.served.contains(method) else {
      throw ClientRequest.unknownMethod(method, known: Self.served)
    }
    let request = try ClientRequest.decode(method: method, params: params)
    try ExperimentalGate.check(fieldsOf: params, method: method, for: profile)
    let context = RequestContext(
      agent: server.agent, outbox: server.outbox, connection: connection.id, profile: profile, reply: reply)
    try dispatch(request, context)
  }

  /// The methods that are answered, in the order in which errors name them.
  static let served: [String] =
    [
      InitializeParams.method, ThreadStartParams.method, ThreadResumeParams.method,
      ThreadUnsubscribeParams.method, ThreadListParams.method, ThreadLoadedListParams.method,
      ThreadReadParams.method, ThreadSetNameParams.method, ThreadArchiveParams.method,
      ThreadUnarchiveParams.method, ThreadSettingsUpdateParams.method,
      ThreadBackgroundTerminalsListParams.method, ThreadBackgroundTerminalsTerminateParams.method,
      ThreadBackgroundTerminalsCleanParams.method, TurnStartParams.method, TurnSteerParams.method,
      TurnInterruptParams.method,
      ListMcpServerStatusParams.method, McpServerToolCallParams.method, McpResourceReadParams.method,
      McpServerRefreshParams.method, McpServerOauthLoginParams.method,
      ThreadQueueAddParams.method, ThreadQueueListParams.method, ThreadQueueUpdateParams.method,
      ThreadQueueDeleteParams.method, ThreadQueueReorderParams.method, ThreadQueueStartParams.method,
      ThreadGoalSetParams.method, ThreadGoalGetParams.method, ThreadGoalClearParams.method,
      ModelListParams.method, GetAccountParams.method, ConfigReadParams.method,
      ConfigRequirementsReadParams.method, StetReviewListParams.method, StetReviewReadParams.method,
      StetReviewPreviewParams.method, StetSnapshotListParams.method, StetSnapshotDiffParams.method,
      StetReviewDecideParams.method, StetReviewUndoParams.method, StetReviewStartParams.method,
      StetReviewStageParams.method, StetReviewCommitDraftParams.method, StetReviewCommitParams.method,
      StetEventsReplayParams.method,
      StetSnapshotRestoreParams.method, StetSnapshotRedoParams.method, StetSnapshotFileParams.method,
      StetSnapshotUsageParams.method, StetSnapshotPurgeParams.method,
    ] + clientToolMethods + HistoryHandlers.methods + turnKindMethods + findingMethods

  private func dispatch(_ request: ClientRequest, _ context: RequestContext) throws(RPCError) {
    switch request {
    case .modelList(let params):
      try ModelHandlers(environment: server.environment).list(params, context.reply)
    case .configRead(let params):
      try ConfigHandlers(environment: server.environment).read(params, context.reply)
    case .configRequirementsRead: ConfigHandlers(environment: server.environment).requirements(context.reply)
    case .stetReviewList, .stetReviewRead, .stetReviewPreview, .stetReviewDecide, .stetReviewUndo,
      .stetReviewStart, .stetReviewStage, .stetReviewCommitDraft, .stetReviewCommit:
      guard let service = server.agent as? any ReviewService else { throw .requiresStet(request.method) }
      try ReviewHandlers(service: service, context: context).handle(request)
    case .stetEventsReplay(let params): try EventHandlers(context: context).replay(params)
    case .stetSnapshotList, .stetSnapshotDiff, .stetSnapshotRestore, .stetSnapshotRedo, .stetSnapshotFile,
      .stetSnapshotUsage, .stetSnapshotPurge:
      guard let service = server.snapshots else { throw .requiresStet(request.method) }
      try SnapshotHandlers(service: service, context: context).handle(request)
    case .mcpServerStatusList, .mcpServerToolCall, .mcpServerResourceRead, .configMcpServerReload,
      .mcpServerOauthLogin:
      try MCPHandlers(context: context).handle(request)
    case .threadQueueAdd, .threadQueueList, .threadQueueUpdate, .threadQueueDelete, .threadQueueReorder,
      .threadQueueStart, .threadGoalSet, .threadGoalGet, .threadGoalClear:
      try QueueHandlers(context: context).handle(request)
    case .threadFork, .threadRevert, .threadDelete, .threadInjectItems, .threadTurnsList, .threadItemsList,
      .threadItemsRead:
      try HistoryHandlers(service: server.agent, context: context).handle(request)
    case .threadCompactStart, .threadShellCommand, .reviewStart, .stetContextRead, .stetCompactUndo:
      try TurnKindHandlers(context: context).handle(request)
    case .turnStart, .turnSteer, .turnInterrupt: try TurnHandlers(context: context).handle(request)
    default:
      if try dispatchClientTool(request, context) { return }
      if try dispatchFinding(request, context) { return }
      try ThreadHandlers(context: context).handle(request)
    }
  }
}

/// What a handler works with: who asks, and where the answer goes.
struct RequestContext: Sendable {
  let agent: any AgentService
  let outbox: Outbox
  let connection: Int
  let profile: ClientProfile
  let reply: Reply

  /// The connection as the agent may use it.
  var peer: ClientPeer {
    ClientPeer(connection: connection) { [outbox, connection] in outbox.greet(connection, $0) }
  }
}

extension Reply {
  /// Answers with what the agent said.
  func answer(with result: Result<some Encodable, RPCError>) {
    switch result {
    case .success(let value): succeed(value)
    case .failure(let error): fail(error)
    }
  }
}
