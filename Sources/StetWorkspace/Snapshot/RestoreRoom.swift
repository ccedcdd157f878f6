/// What one plan has room for: so many files and bytes are put back at once, the rest by the next undo; and so much of
/// what changes in them is shown.
struct RestoreRoom {
  /// Of line by line changes in one plan: nobody reads more, and all of them would not fit into one message.
  static let diffLimit = 4 << 20

  private let limits: SnapshotLimits
  private var files = 0
  private var bytes = 0
  private var left = 0
  private var diffBytes = 0
  private var isCut = false

  init(_ limits: SnapshotLimits) { self.limits = limits }

  /// The entry, refused where there is no room for it.
  mutating func fitted(_ entry: RestoreEntry) -> RestoreEntry {
    if entry.action == .none || entry.action == .refuse { return entry }
    guard files < limits.changedFiles, bytes + entry.result.bytes.count <= limits.restoreBytes else {
      left += 1
      return entry.refused(.tooLarge)
    }
    files += 1
    bytes += entry.result.bytes.count
    return entry
  }

  mutating func diff(_ disk: FileState, _ result: FileState) throws(WorkspaceError) -> String {
    guard diffBytes < Self.diffLimit else {
      isCut = isCut || disk != result
      return ""
    }
    let text = try SnapshotSession.diff(disk, result)
    diffBytes += text.utf8.count
    return text
  }

  var warnings: [String] {
    var warnings: [String] = []
    if left > 0 {
      warnings.append(
        "one undo puts back \(limits.changedFiles) files or \(ByteText.of(UInt64(limits.restoreBytes))): "
          + "\(left) more stay as they are until the next one")
    }
    if isCut {
      warnings.append("every file is listed, but not all changed lines are shown: they are too many")
    }
    return warnings
  }
}
