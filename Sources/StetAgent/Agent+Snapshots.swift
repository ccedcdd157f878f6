import StetProtocol
import StetStore
import StetWorkspace

/// `stet/snapshot/*`: what the turns of a thread changed, and taking it back (protocol.md §7.2).
extension Agent {
  public func snapshotList(
    _ params: StetSnapshotListParams, reply: @escaping AgentReply<StetSnapshotListResponse>
  ) {
    snapshots(params.threadId, reply) { (snapshots) throws(RPCError) in try await snapshots.list(params) }
  }

  public func snapshotDiff(
    _ params: StetSnapshotDiffParams, reply: @escaping AgentReply<StetSnapshotDiffResponse>
  ) {
    snapshots(params.threadId, reply) { (snapshots) throws(RPCError) in try await snapshots.diff(params) }
  }

  /// A dry run plans; the real one names that plan. The reply comes before `stet/snapshot/restored`.
  public func snapshotRestore(
    _ params: StetSnapshotRestoreParams, reply: @escaping AgentReply<StetSnapshotRestoreResponse>
  ) {
    guard let session = session(params.threadId) else {
      return reply(.failure(.threadNotFound(params.threadId)))
    }
    session.post { session in
      do throws(RPCError) {
        let scope = try Self.scope(params.scope, thread: params.threadId)
        let conversation = try Self.conversation(params, isEphemeral: session.isEphemeral)
        let isDry = params.dryRun ?? true
        try await session.restore(
          scope, dryRun: isDry, planId: params.planId, onConflict: params.onConflict
        ) { [self] result in
          guard !isDry, let conversation, case .success(let response) = result else { return reply(result) }
          rewind(conversation, params, response, reply)
        }
      } catch {
        reply(.failure(error))
      }
    } gone: {
      reply(.failure(.threadNotFound(params.threadId)))
    }
  }

  /// Takes a restore back; planned first, like the restore.
  public func snapshotRedo(
    _ params: StetSnapshotRedoParams, reply: @escaping AgentReply<StetSnapshotRestoreResponse>
  ) {
    guard let session = session(params.threadId) else {
      return reply(.failure(.threadNotFound(params.threadId)))
    }
    session.post { session in
      do throws(RPCError) {
        guard let id = Int64(params.snapshotId) else {
          throw .invalidRequest("snapshot not found: \(params.snapshotId)")
        }
        try await session.restore(
          .record(id), dryRun: params.dryRun ?? true, planId: params.planId, onConflict: params.onConflict,
          reply)
      } catch {
        reply(.failure(error))
      }
    } gone: {
      reply(.failure(.threadNotFound(params.threadId)))
    }
  }

  // MARK: - Parts

  /// What is only looked at needs no writer of the thread: also one that another process works on, or nobody, answers.
  private func snapshots<Response: Sendable>(
    _ thread: String, _ reply: @escaping AgentReply<Response>,
    _ body: @escaping @Sendable (ThreadSnapshots) async throws(RPCError) -> Response
  ) {
    guard let session = session(thread) else { return stored(thread, reply, body) }
    session.post { session in
      do throws(RPCError) {
        reply(.success(try await body(session.snapshots)))
      } catch {
        reply(.failure(error))
      }
    } gone: {
      reply(.failure(.threadNotFound(thread)))
    }
  }

  private func stored<Response: Sendable>(
    _ thread: String, _ reply: @escaping AgentReply<Response>,
    _ body: @escaping @Sendable (ThreadSnapshots) async throws(RPCError) -> Response
  ) {
    guard ThreadFiles.isValid(threadId: thread) else { return reply(.failure(.threadNotFound(thread))) }
    let services = services
    Task {
      do {
        let directory = try await services.historyThread.run {
          try services.histories.reading { try services.histories.open(thread)?.log.summary?.cwd }
        }
        guard let directory else { throw RPCError.threadNotFound(thread) }
        let snapshots = ThreadSnapshots(
          thread: thread, directory: directory, stores: services.snapshotStores, log: services.environment.log
        )
        reply(.success(try await body(snapshots)))
      } catch {
        reply(.failure(Self.fault(error)))
      }
    }
  }

  private static func scope(_ scope: StetRestoreScope, thread: String) throws(RPCError) -> UndoScope {
    switch (scope.type, scope.turnId) {
    case ("turn", nil): return .last(thread: thread)
    case ("turn", let turn?): return .turn(TurnKey(thread: thread, turn: turn))
    case ("through", let turn?): return .through(TurnKey(thread: thread, turn: turn))
    case ("through", nil): throw .invalidRequest("missing field `turnId`")
    case ("files", _):
      guard let paths = scope.paths, !paths.isEmpty else { throw .invalidRequest("missing field `paths`") }
      return .files(paths, thread: thread)
    case ("hunks", _):
      guard let review = scope.reviewId else { throw .invalidRequest("missing field `reviewId`") }
      guard let hunks = scope.hunkIds, !hunks.isEmpty else {
        throw .invalidRequest("missing field `hunkIds`")
      }
      return .hunks(hunks, review: review)
    default:
      throw .invalidRequest(
        "scope `\(scope.type)` is not supported, expected `turn`, `through`, `files` or `hunks`")
    }
  }

  private enum Conversation { case fork, revert }

  /// Nil: the history stays.
  private static func conversation(
    _ params: StetSnapshotRestoreParams, isEphemeral: Bool
  ) throws(RPCError) -> Conversation? {
    let wanted: Conversation
    switch params.conversation {
    case nil, "keep": return nil
    case "fork": wanted = .fork
    case "revert": wanted = .revert
    case let other?:
      throw .invalidRequest("unknown variant `\(other)`, expected one of `keep`, `fork`, `revert`")
    }
    guard params.scope.turnId != nil else {
      throw .invalidRequest("conversation `\(params.conversation ?? "")` needs `scope.turnId`")
    }
    if isEphemeral { throw .invalidRequest("ephemeral threads keep no history to go back to") }
    return wanted
  }

  /// After the files: the history from before that turn, in a thread of its own or in this one.
  private func rewind(
    _ conversation: Conversation, _ params: StetSnapshotRestoreParams,
    _ response: StetSnapshotRestoreResponse, _ reply: @escaping AgentReply<StetSnapshotRestoreResponse>
  ) {
    @Sendable func end(_ result: Result<StetProtocol.Thread, RPCError>) {
      switch result {
      case .success(let thread):
        var response = response
        response.thread = thread
        reply(.success(response))
      case .failure(let error):
        reply(
          .failure(
            .invalidRequest("The files were put back; the conversation stays as it is: \(error.message)")))
      }
    }
    let turn = params.scope.turnId ?? ""
    switch conversation {
    case .fork:
      var fork = ThreadForkParams(threadId: params.threadId)
      fork.beforeTurnId = turn
      threadFork(fork) { end($0.map(\.thread)) }
    case .revert:
      threadRevert(ThreadRevertParams(threadId: params.threadId, beforeTurnId: turn)) {
        end($0.map(\.thread))
      }
    }
  }
}
