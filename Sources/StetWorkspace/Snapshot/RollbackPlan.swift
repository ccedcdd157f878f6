/// What a submitted review of changes on disk writes: made before anything is touched, done by `SnapshotStore.apply`.
public struct RollbackPlan: Sendable {
  public let plan: RestorePlan
  /// Hunks that stay although they were rejected, by path: the same lines changed since.
  public private(set) var conflicted: [String: [ProposalHunk.ID]] = [:]
  /// Why nothing of a file could be taken back, by path.
  public private(set) var refused: [String: String] = [:]

  /// Of plans that are done at once and never asked for by their scope.
  public static let anyScope = UndoScope.hunks([], review: "")

  /// Compares the decisions with the disk. `directories`: those that go where the rejected files leave them empty.
  /// Blocks.
  public init(
    _ decided: ProposalSet, directories: [String] = [], scope: UndoScope = Self.anyScope
  ) throws(WorkspaceError) {
    var entries: [RestoreEntry] = []
    for file in decided.files {
      let disk: FileState
      do { disk = try Workspace.state(at: file.path) } catch {
        refused[file.path] = error.message
        entries.append(.refusal(of: file.path, .unreadable))
        continue
      }
      switch try file.rollback(on: disk) {
      case .nothing: entries.append(try RestoreEntry(file.path, from: disk, to: disk, isMerged: false))
      case .write(let state, let hunks):
        if !hunks.isEmpty { conflicted[file.path] = hunks }
        let isMerged = !disk.stamp.sameContent(as: file.proposed.stamp)
        entries.append(try RestoreEntry(file.path, from: disk, to: state, isMerged: isMerged))
      case .refused(let reason):
        refused[file.path] = reason
        entries.append(.refusal(of: file.path, .userEdited))
      }
    }
    plan = RestorePlan(
      id: randomName(), scope: scope, records: [], warnings: [], entries: entries, clearing: [],
      directories: directories.sorted { $0.utf8.count > $1.utf8.count }, removed: [])
  }

  /// Takes back what a review wrote, as far as nobody wrote the same lines since. Blocks.
  public init(undoing writes: [VerifiedWrite]) throws(WorkspaceError) {
    var entries: [RestoreEntry] = []
    for write in writes {
      let disk = try Workspace.state(at: write.path)
      switch try Inversion.invert(disk, before: write.before, after: write.after) {
      case .restored(let state):
        entries.append(try RestoreEntry(write.path, from: disk, to: state, isMerged: false))
      case .merged(let state):
        entries.append(try RestoreEntry(write.path, from: disk, to: state, isMerged: true))
      case .unchanged: entries.append(try RestoreEntry(write.path, from: disk, to: disk, isMerged: false))
      case .refused(let reason):
        refused[write.path] = "it changed since (\(reason.rawValue))"
        entries.append(.refusal(of: write.path, reason))
      }
    }
    plan = RestorePlan(
      id: randomName(), scope: Self.anyScope, records: [], warnings: [],
      entries: entries.sorted { bytewise($0.path, $1.path) }, clearing: [],
      directories: Set(writes.flatMap(\.createdDirectories)).sorted { $0.utf8.count > $1.utf8.count },
      removed: [])
  }
}

extension RestoreEntry {
  init(
    _ path: String, from disk: FileState, to state: FileState, isMerged: Bool
  ) throws(WorkspaceError) {
    self.init(
      path: path, action: SnapshotSession.action(disk, state, isMerged), reason: nil,
      diff: try SnapshotSession.diff(disk, state), disk: disk.stamp, result: state, via: nil, changes: [])
  }

  static func refusal(of path: String, _ reason: Reason) -> RestoreEntry {
    RestoreEntry(
      path: path, action: .refuse, reason: reason, diff: "", disk: .absent, result: .absent, via: nil,
      changes: [])
  }
}

extension RollbackPlan {
  /// The writes of accepted proposals.
  public init(writing writes: [PlannedWrite]) {
    let entries = writes.map { write in
      RestoreEntry(
        path: write.path,
        action: write.result.kind == .absent ? .delete : write.expected.kind == .absent ? .recreate : .write,
        reason: nil, diff: "", disk: write.expected, result: write.result, via: nil, changes: [])
    }
    plan = RestorePlan(
      id: randomName(), scope: Self.anyScope, records: [], warnings: [], entries: entries, clearing: [],
      directories: [],
      removed: [])
  }
}
