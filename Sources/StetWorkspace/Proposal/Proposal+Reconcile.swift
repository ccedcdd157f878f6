/// How a proposal stands to what is on disk by now.
public enum Reconciliation: Hashable, Sendable {
  /// The content is the base (a changed time or mode alone does not matter).
  case current
  /// Someone changed the file, and the decisions still fit. The state is what would be written, with the
  /// hunks left out that no longer fit; it is not what was reviewed, so it wants one more consent.
  case merged(FileState, conflictedHunks: [ProposalHunk.ID])
  /// The file is gone, of another kind, or nothing of the proposal fits any more: nothing may be written.
  case stale(reason: String)
}

extension Proposal {
  /// Compares with the disk and, where it moved on, merges three ways: base, what the decisions make, disk.
  public func reconcile(with disk: FileState) throws(WorkspaceError) -> Reconciliation {
    if disk.stamp.sameContent(as: base.stamp) { return .current }
    if base.kind == .absent { return .stale(reason: "something was created there meanwhile") }
    if disk.kind == .absent { return .stale(reason: "the file was deleted meanwhile") }
    guard disk.kind == base.kind else { return .stale(reason: "it is now a \(disk.kind.rawValue)") }
    let wanted = result().state
    guard disk.kind == .regular, wanted.kind == .regular, !disk.isBinary, !base.isBinary, !wanted.isBinary
    else {
      return .stale(reason: "the content changed meanwhile")
    }
    let mode = wanted.mode == base.mode ? disk.mode : wanted.mode
    if let bytes = try ThreeWayMerge.clean(base: base.bytes, ours: disk.bytes, theirs: wanted.bytes) {
      return .merged(.regular(bytes, mode: mode), conflictedHunks: [])
    }
    // The user's own text of the whole file has no hunks that could be left out.
    guard wholeText == nil else { return .stale(reason: "the same lines changed meanwhile") }
    return try mergeByHunk(disk, mode: mode)
  }

  /// Leaves out the hunks that conflict on their own; what remains must merge as a whole.
  private func mergeByHunk(_ disk: FileState, mode: UInt16) throws(WorkspaceError) -> Reconciliation {
    var conflicted: [ProposalHunk.ID] = []
    var rest = self
    for hunk in standardHunks where hunk.kind == .content {
      var alone = self
      alone.spans = spans.filter { hunk.range.overlaps($0) }
      for index in operations.indices where operations[index].part == .lines && !hunk.range.contains(index) {
        alone.decisions[index] = .reject
      }
      let wanted = alone.result().state.bytes
      if try ThreeWayMerge.clean(base: base.bytes, ours: disk.bytes, theirs: wanted) == nil {
        conflicted.append(hunk.id)
        try rest.decide(hunk.id, .reject)
      }
    }
    guard !conflicted.isEmpty, rest.verdict != .none,
      let bytes = try ThreeWayMerge.clean(
        base: base.bytes, ours: disk.bytes, theirs: rest.result().state.bytes)
    else { return .stale(reason: "the same lines changed meanwhile") }
    return .merged(.regular(bytes, mode: mode), conflictedHunks: conflicted)
  }
}
