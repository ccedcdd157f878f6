import Logging
import StetProtocol
import StetWorkspace
import Synchronization

/// The snapshots of one thread: what its turns changed, and taking it back. All disk work runs on the workspace's
/// thread, in order with the writes of the tools.
actor ThreadSnapshots {
  /// Plans that wait for their restore; older ones are made anew.
  static let planLimit = 16
  /// Contents of them, which lie in memory.
  static let planBytes = 256 << 20

  let thread: String
  let stores: SnapshotStores
  let log: Logger
  let directory: String
  private var begun: Set<String> = []
  /// Why a turn's record is not whole.
  private var problems: [String: String] = [:]
  private var plans: [RestorePlan] = []
  /// Turns with a command whose changes are not known.
  var uncovered: Set<String> = []
  /// What the user was told of the workspace.
  let said = Mutex<Set<String>>([])

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
    if let problem = await begin(turn) { return problem }
    do {
      try await onStore { store in try store.capture(paths, in: key) }
      return nil
    } catch {
      log.error("keeping files for undo: \(error)")
      problems[turn] = Self.text(error)
      return Self.text(error)
    }
  }

  /// Opens the turn's record with the first thing that may change files; a sentence when it can't.
  func begin(_ turn: String) async -> String? {
    guard begun.insert(turn).inserted else { return nil }
    do {
      try await onStore { try $0.beginTurn(TurnKey(thread: self.thread, turn: turn)) }
      return nil
    } catch {
      log.error("keeping files for undo: \(error)")
      problems[turn] = Self.text(error)
      return Self.text(error)
    }
  }

  /// Writes an edit, all or nothing, and notes it in the turn's record where that is kept.
  func commit(
    _ writes: [PlannedWrite], below roots: [String], turn: String, feed: ThreadFeed
  ) async throws -> [VerifiedWrite] {
    let isKept = begun.contains(turn) && problems[turn] == nil
    let key = isKept ? TurnKey(thread: thread, turn: turn) : nil
    let (written, problem) = try await WorkspaceThread.shared.run { [stores, directory] in
      try stores.commit(writes, below: roots, for: directory, in: key) {
        Self.tell(RecoveredWords.sentences($0, directory), feed)
      }
    }
    if let problem {
      log.error("noting writes for undo: \(problem)")
      problems[turn] = problems[turn] ?? Self.text(problem)
    }
    return written
  }

  /// Ends the turn's record, with what its commands changed where that is covered.
  func endTurn(_ turn: String) async -> StetTurnSummary {
    let problem = problems.removeValue(forKey: turn)
    let gap = problem ?? (uncovered.remove(turn) == nil ? nil : "What commands changed is not covered.")
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
      return StetTurnSummary(snapshotId: nil, filesChanged: 0, undoable: .none, undoNote: gap)
    }
    settle()
    let lost = record.files.filter { !$0.isKept }
    let note = [gap, Self.note(lost, directory)].compactMap(\.self).joined(separator: " ")
    return StetTurnSummary(
      snapshotId: String(record.id), filesChanged: record.files.count,
      undoable: lost.count == record.files.count ? .none : note.isEmpty ? .full : .partial,
      undoNote: note.isEmpty ? nil : note)
  }

  /// What of a turn is over the limits; nil for nothing.
  private static func note(_ lost: [TurnRecord.File], _ directory: String) -> String? {
    guard let first = lost.first else { return nil }
    let name =
      first.path.hasPrefix(directory + "/") ? String(first.path.dropFirst(directory.count + 1)) : first.path
    return lost.count == 1
      ? "\(name) is over the limits of undo."
      : "\(name) and \(lost.count - 1) more are over the limits of undo."
  }

  /// Packs what was kept and forgets what is old, where nobody waits for it.
  private func settle() {
    let (stores, directory, log) = (stores, directory, log)
    stores.lookout.post {
      do { try stores.store(for: directory).settle() } catch { log.error("packing snapshots: \(error)") }
    }
  }

  // MARK: - For the user

  func list(_ params: StetSnapshotListParams) async throws(RPCError) -> StetSnapshotListResponse {
    let limit = min(Int(params.limit ?? 50), 200)
    let before = try params.cursor.map { (cursor) throws(RPCError) -> Int64 in
      guard let id = Int64(cursor), id > 0 else { throw .invalidRequest("invalid cursor: \(cursor)") }
      return id
    }
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

  /// A file as it was before or after one of this thread's snapshots.
  func file(
    _ snapshotId: String, _ path: String, _ side: SnapshotStore.Side
  ) async throws(RPCError) -> FileState {
    let id = try Self.number(snapshotId) ?? 0
    return try await answer { [thread] store in
      guard try store.record(id)?.thread == thread else {
        throw RPCError.invalidRequest("snapshot not found: \(snapshotId)")
      }
      return try store.contents(of: id, path: path, side: side)
    }
  }

  /// Plans an undo; nothing is written.
  func plan(_ scope: UndoScope, onConflict: String?) async throws(RPCError) -> RestorePlan {
    guard let conflicts = RestoreConflicts(rawValue: onConflict ?? "skip") else {
      throw .invalidRequest("unknown variant `\(onConflict ?? "")`, expected `skip` or `overwriteKeepCopy`")
    }
    let plan = try await answer { try $0.plan(scope, onConflict: conflicts) }
    return keep(plan)
  }

  /// Keeps a plan that was made elsewhere for its restore.
  func keep(_ make: @escaping @Sendable () throws -> RestorePlan) async throws -> RestorePlan {
    keep(try await WorkspaceThread.shared.run(make))
  }

  private func keep(_ plan: RestorePlan) -> RestorePlan {
    plans.append(plan)
    while plans.count > Self.planLimit
      || plans.count > 1 && plans.reduce(0, { $0 + $1.bytes }) > Self.planBytes
    {
      plans.removeFirst()
    }
    return plan
  }

  /// Does what a plan said. The record of the restore is nil when no file had to be written.
  func apply(
    _ scope: UndoScope, planId: String?
  ) async throws(RPCError) -> (plan: RestorePlan, record: TurnRecord?) {
    guard let planId, let plan = plans.first(where: { $0.id == planId }) else {
      throw Self.stale(planId ?? "")
    }
    guard plan.scope == scope else {
      throw .invalidRequest(
        "The plan \(planId) is of another scope; nothing was touched. Ask for one of this scope.")
    }
    plans.removeAll { $0.id == planId }
    let key = TurnKey(thread: thread, turn: "restore-\(planId)")
    let record = try await answer(planId: planId) { try $0.apply(plan, as: key) }
    return (plan, record)
  }

  // MARK: - Parts

  func onStore<Result: Sendable>(
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
      case .notFound: throw .invalidRequest(Self.text(error), data: ["stetError": "notFound"])
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

  /// What a command may not have done alone: others write files too while it runs.
  private static func note(_ record: TurnRecord) -> String? {
    if let note = record.note { return note }
    var commands: [String] = []
    for via in record.files.compactMap(\.via) where !commands.contains(via) { commands.append(via) }
    guard let first = commands.first else { return nil }
    return "changed while `\(Self.short(first))` ran"
      + (commands.count > 1 ? " and \(commands.count - 1) more" : "")
  }

  private static func row(_ record: TurnRecord) -> StetSnapshot {
    let isTurn = record.cause != .restore && record.cause != .review
    return StetSnapshot(
      snapshotId: String(record.id), turnId: isTurn ? record.turn : nil, seq: Int(record.id),
      createdAtMs: Int(record.startedMs), cause: record.cause.rawValue, files: record.files.count,
      added: record.added, removed: record.removed, note: note(record), state: record.state.rawValue)
  }

  /// The beginning of a command, for a line.
  static func short(_ command: String) -> String {
    command.split(separator: "\n").first.map { String($0.prefix(60)) } ?? command
  }
}
