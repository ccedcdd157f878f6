/// What it comes to when a part of a change that is on disk is taken back.
public enum Rollback: Hashable, Sendable {
  /// The disk is as the decisions want it.
  case nothing
  /// This is to be written. The hunks could not be taken back: the same lines changed since; they stay.
  case write(FileState, conflictedHunks: [ProposalHunk.ID])
  /// Nothing of it can be taken back.
  case refused(reason: String)
}

extension Proposal {
  /// For a change that was applied before anybody decided about it: what the disk becomes when the rejected operations
  /// go back to the base and the edited ones get their text. What others wrote since stays (review.md A5).
  public func rollback(on disk: FileState) throws(WorkspaceError) -> Rollback {
    let wanted = result().state
    if wanted == proposed || wanted == disk { return .nothing }
    if disk.stamp.sameContent(as: proposed.stamp) {
      guard wanted.kind == .regular, disk.kind == .regular else {
        return .write(wanted, conflictedHunks: [])
      }
      let state = wanted.with(mode: mode(of: wanted, on: disk))
      return state == disk ? .nothing : .write(state, conflictedHunks: [])
    }
    if disk.stamp.sameContent(as: wanted.stamp) { return .nothing }
    if let reason = Self.obstacle(disk: disk, proposed: proposed, wanted: wanted) {
      return .refused(reason: reason)
    }
    let mode = mode(of: wanted, on: disk)
    if let bytes = try ThreeWayMerge.clean(base: proposed.bytes, ours: disk.bytes, theirs: wanted.bytes) {
      return .write(.regular(bytes, mode: mode), conflictedHunks: [])
    }
    guard wholeText == nil else { return .refused(reason: "the same lines changed since") }
    return try rollbackByHunk(on: disk, mode: mode)
  }

  /// A mode that someone changed since is theirs and stays.
  private func mode(of wanted: FileState, on disk: FileState) -> UInt16 {
    wanted.mode == proposed.mode || disk.mode != proposed.mode ? disk.mode : wanted.mode
  }

  private static func obstacle(disk: FileState, proposed: FileState, wanted: FileState) -> String? {
    if disk.kind == .absent { return "the file was deleted since" }
    if proposed.kind == .absent { return "something else was created there since" }
    if wanted.kind == .absent { return "it was edited since; removing it would remove those edits" }
    guard disk.kind == .regular, proposed.kind == .regular, wanted.kind == .regular else {
      return "it is now a \(disk.kind.rawValue)"
    }
    if disk.isBinary || proposed.isBinary || wanted.isBinary { return "its content changed since" }
    return nil
  }

  /// Leaves the hunks that conflict on their own; what remains must merge as a whole.
  private func rollbackByHunk(on disk: FileState, mode: UInt16) throws(WorkspaceError) -> Rollback {
    var conflicted: [ProposalHunk.ID] = []
    var rest = self
    for hunk in standardHunks where hunk.kind == .content {
      guard decisions[hunk.range].contains(where: { $0 != .accept }) else { continue }
      var alone = self
      alone.spans = spans.filter { hunk.range.overlaps($0) }
      for index in operations.indices where operations[index].part == .lines && !hunk.range.contains(index) {
        alone.decisions[index] = .accept
      }
      let wanted = alone.result().state.bytes
      if try ThreeWayMerge.clean(base: proposed.bytes, ours: disk.bytes, theirs: wanted) == nil {
        conflicted.append(hunk.id)
        try rest.decide(hunk.id, .accept)
      }
    }
    let left = rest.result().state
    guard !conflicted.isEmpty, left != proposed,
      let bytes = try ThreeWayMerge.clean(base: proposed.bytes, ours: disk.bytes, theirs: left.bytes)
    else { return .refused(reason: "the same lines changed since") }
    return .write(.regular(bytes, mode: mode), conflictedHunks: conflicted)
  }

  /// Hunks of which something is rejected or edited: what a rollback writes.
  public var unacceptedHunks: [ProposalHunk.ID] {
    standardHunks.filter { hunk in decisions[hunk.range].contains { $0 != .accept } }.map(\.id)
  }

  /// What nobody decided stays as it is on disk: for reviews of what was never a proposal.
  public mutating func acceptUndecided() {
    for index in decisions.indices where decisions[index] == .undecided { decisions[index] = .accept }
  }
}
