import StetProtocol
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
        guard params.conversation == nil || params.conversation == "keep" else {
          throw .invalidRequest(
            "conversation `\(params.conversation ?? "")` is not supported, expected `keep`")
        }
        let scope = try Self.scope(params.scope, thread: params.threadId)
        try await session.restore(
          scope, dryRun: params.dryRun ?? true, planId: params.planId, onConflict: params.onConflict, reply)
      } catch {
        reply(.failure(error))
      }
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
    }
  }

  // MARK: - Parts

  private func snapshots<Response: Sendable>(
    _ thread: String, _ reply: @escaping AgentReply<Response>,
    _ body: @escaping @Sendable (ThreadSnapshots) async throws(RPCError) -> Response
  ) {
    guard let session = session(thread) else { return reply(.failure(.threadNotFound(thread))) }
    session.post { session in
      do throws(RPCError) {
        reply(.success(try await body(session.snapshots)))
      } catch {
        reply(.failure(error))
      }
    }
  }

  private static func scope(_ scope: StetRestoreScope, thread: String) throws(RPCError) -> UndoScope {
    switch (scope.type, scope.turnId) {
    case ("turn", nil): return .last(thread: thread)
    case ("turn", let turn?): return .turn(TurnKey(thread: thread, turn: turn))
    case ("through", let turn?): return .through(TurnKey(thread: thread, turn: turn))
    case ("through", nil): throw .invalidRequest("missing field `turnId`")
    default: throw .invalidRequest("scope `\(scope.type)` is not supported, expected `turn` or `through`")
    }
  }
}
