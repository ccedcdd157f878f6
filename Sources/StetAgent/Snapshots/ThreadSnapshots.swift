import Logging
import StetProtocol
import StetWorkspace

/// The snapshots of one thread: what its turns changed, and taking it back. All disk work runs on the workspace's
/// thread, in order with the writes of the tools.
actor ThreadSnapshots {
  /// Plans that wait for their restore; older ones are made anew.
  static let planLimit = 16

  private let thread: String
  private let stores: SnapshotStores
  private let log: Logger
  private let directory: String
  private var begun: Set<String> = []
  /// Why a turn's record is not whole.
  private var problems: [String: String] = [:]
  private var plans: [RestorePlan] = []

  init(thread: String, directory: String, stores: SnapshotStores, log: Logger) {
    self.thread = thread
    self.directory = directory
    self.stores = stores
    self.log = log
  }

  // MARK: - During a turn

  /// Keeps the present state of `paths`; a sentence when it can't.
  func capture(_ paths: [String], turn: String) async -> String? {
    let key = TurnKey(thread: thread, turn: turn)
    let isFirst = begun.insert(turn).inserted
    do {
      try await onStore { store in
        if isFirst { try store.beginTurn(key) }
        try store.capture(paths, in: key)
      }
      return nil
    } catch {
      log.error("keeping files for undo: \(error)")
      problems[turn] = Self.text(error)
      return Self.text(error)
    }
  }

  /// Notes what was written.
  func wrote(_ writes: [VerifiedWrite], turn: String) async {
    guard begun.contains(turn), problems[turn] == nil else { return }
    do {
      try await onStore { try $0.wrote(writes, in: TurnKey(thread: self.thread, turn: turn)) }
    } catch {
      log.error("noting writes for undo: \(error)")
      problems[turn] = Self.text(error)
    }
  }

  /// Ends the turn's record. `ranCommands`: what commands changed is not in it.
  func endTurn(_ turn: String, ranCommands: Bool) async -> StetTurnSummary {
    let problem = problems.removeValue(forKey: turn)
    let note = problem ?? (ranCommands ? "What commands changed is not covered." : nil)
    var record: TurnRecord?
    if begun.remove(turn) != nil {
      do {
        record = try await onStore { try $0.endTurn(TurnKey(thread: self.thread, turn: turn)) }
      } catch {
        log.error("ending a turn's snapshot: \(error)")
        return StetTurnSummary(snapshotId: nil, filesChanged: 0, undoable: .none, undoNote: Self.text(error))
      }
    }
    guard let record else {
      return StetTurnSummary(snapshotId: nil, filesChanged: 0, undoable: .none, undoNote: note)
    }
    return StetTurnSummary(
      snapshotId: String(record.id), filesChanged: record.files.count,
      undoable: note == nil ? .full : .partial,
      undoNote: note)
  }

  // MARK: - For the user

  func list(_ params: StetSnapshotListParams) async throws(RPCError) -> StetSnapshotListResponse {
    let limit = min(Int(params.limit ?? 50), 200)
    let before = params.cursor.flatMap { Int64($0) }
    let records = try await answer { try $0.list(thread: self.thread, before: before, limit: limit + 1) }
    let page = records.prefix(limit)
    return StetSnapshotListResponse(
      data: page.map(Self.row), nextCursor: records.count > limit ? page.last.map { String($0.id) } : nil)
  }

  func diff(_ params: StetSnapshotDiffParams) async throws(RPCError) -> StetSnapshotDiffResponse {
    let from = try Self.number(params.from)
    let to = try Self.number(params.to)
    return try await answer { [thread] in
      try SnapshotDiff(store: $0, thread: thread).response(from: from, to: to, path: params.path)
    }
  }

  /// Plans an undo; nothing is written.
  func plan(_ scope: UndoScope, onConflict: String?) async throws(RPCError) -> RestorePlan {
    guard let conflicts = RestoreConflicts(rawValue: onConflict ?? "skip") else {
      throw .invalidRequest("unknown variant `\(onConflict ?? "")`, expected `skip` or `overwriteKeepCopy`")
    }
    let plan = try await answer { try $0.plan(scope, onConflict: conflicts) }
    plans.append(plan)
    if plans.count > Self.planLimit { plans.removeFirst() }
    return plan
  }

  /// Does what a plan said. The record of the restore is nil when no file had to be written.
  func apply(planId: String?) async throws(RPCError) -> (plan: RestorePlan, record: TurnRecord?) {
    guard let planId, let plan = plans.first(where: { $0.id == planId }) else {
      throw Self.stale(planId ?? "")
    }
    plans.removeAll { $0.id == planId }
    let key = TurnKey(thread: thread, turn: "restore-\(planId)")
    let record = try await answer(planId: planId) { try $0.apply(plan, as: key) }
    return (plan, record)
  }

  // MARK: - Parts

  private func onStore<Result: Sendable>(
    _ body: @escaping @Sendable (SnapshotStore) throws -> Result
  ) async throws -> Result {
    try await WorkspaceThread.shared.run { [stores, directory] in try body(stores.store(for: directory)) }
  }

  private func answer<Result: Sendable>(
    planId: String = "", _ body: @escaping @Sendable (SnapshotStore) throws -> Result
  ) async throws(RPCError) -> Result {
    do {
      return try await onStore(body)
    } catch let error as RPCError {
      throw error
    } catch {
      switch (error as? WorkspaceError)?.code {
      case .planStale: throw Self.stale(planId)
      case .locked: throw .invalidRequest(Self.text(error), data: ["stetError": "workspaceLocked"])
      case .expired: throw .invalidRequest(Self.text(error), data: ["stetError": "expired"])
      default: throw .invalidRequest(Self.text(error))
      }
    }
  }

  static func stale(_ planId: String) -> RPCError {
    .invalidRequest(
      "The plan no longer fits: a file changed since. Ask for a new one.",
      data: ["stetError": "planStale", "planId": .string(planId)])
  }

  private static func number(_ id: String?) throws(RPCError) -> Int64? {
    guard let id else { return nil }
    guard let number = Int64(id) else { throw .invalidRequest("snapshot not found: \(id)") }
    return number
  }

  private static func text(_ error: any Error) -> String {
    (error as? WorkspaceError)?.message ?? "\(error)"
  }

  private static func row(_ record: TurnRecord) -> StetSnapshot {
    let isTurn = record.cause != .restore
    return StetSnapshot(
      snapshotId: String(record.id), turnId: isTurn ? record.turn : nil, seq: Int(record.id),
      createdAtMs: Int(record.startedMs), cause: record.cause.rawValue, files: record.files.count,
      added: record.added, removed: record.removed, state: record.state.rawValue)
  }
}
