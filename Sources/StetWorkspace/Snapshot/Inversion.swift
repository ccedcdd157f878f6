/// Takes one recorded change back from what is on disk now (rollback.md B3, restore).
enum Inversion {
  enum Outcome: Hashable {
    /// As recorded: the older state takes its place.
    case restored(FileState)
    /// The older state with the edits made since.
    case merged(FileState)
    /// As before the change already.
    case unchanged
    case refused(RestoreEntry.Reason)
  }

  static func invert(
    _ disk: FileState, before: FileState, after: FileState
  ) throws(WorkspaceError) -> Outcome {
    if disk.stamp.sameContent(as: after.stamp) {
      return disk == before ? .unchanged : .restored(before.with(modeFrom: disk, insteadOf: after))
    }
    if disk.stamp.sameContent(as: before.stamp) { return .unchanged }
    if disk.kind == .absent { return .refused(.userDeleted) }
    // Created by the turn and edited since: deleting it would delete the edits.
    if before.kind == .absent || after.kind == .absent {
      return .refused(disk.kind == .other ? .typeChanged : .userEdited)
    }
    guard disk.kind == after.kind, before.kind == after.kind else { return .refused(.typeChanged) }
    guard disk.kind == .regular else { return .refused(.userEdited) }
    if disk.isBinary || before.isBinary || after.isBinary { return .refused(.binary) }
    guard let bytes = try ThreeWayMerge.clean(base: after.bytes, ours: disk.bytes, theirs: before.bytes)
    else {
      return .refused(.userEdited)
    }
    let merged = before.with(modeFrom: disk, insteadOf: after).with(bytes: bytes)
    return merged == disk ? .unchanged : .merged(merged)
  }
}

extension FileState {
  /// A mode that someone changed since is theirs and stays.
  fileprivate func with(modeFrom disk: FileState, insteadOf after: FileState) -> FileState {
    guard kind == .regular, disk.kind == .regular, disk.mode != after.mode else { return self }
    return with(mode: disk.mode)
  }
}
