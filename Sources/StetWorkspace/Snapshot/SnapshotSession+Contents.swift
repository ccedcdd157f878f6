/// What records hold, for whoever looks at them.
extension SnapshotSession {
  func contents(
    of record: Int64, path: String, side: SnapshotStore.Side
  ) throws(WorkspaceError) -> FileState {
    let key = PathKey(path)
    let changes = try journal.changes(of: record, all: true).filter { PathKey($0.path) == key }
    guard let first = changes.first, let last = changes.last else {
      throw WorkspaceError(.notFound, "The record \(record) holds no \(path)", path: path)
    }
    switch side {
    case .before: return try load(first, .before)
    case .after: return try load(last, last.after == nil ? .before : .after)
    }
  }

  func diff(of record: Int64) throws(WorkspaceError) -> [WireChange] {
    guard let found = try journal.record(record) else {
      throw WorkspaceError(.notFound, "There is no record \(record)")
    }
    var changes: [WireChange] = []
    for file in found.files where !file.isDirectory && file.isKept {
      let before = try contents(of: record, path: file.path, side: .before)
      let after = try contents(of: record, path: file.path, side: .after)
      if let change = try WireChange(path: file.path, movePath: nil, from: before, to: after) {
        changes.append(change)
      }
    }
    return changes
  }

  /// What a change found or left; `.expired` when that is not kept.
  func load(_ change: SnapshotJournal.Change, _ side: SnapshotStore.Side) throws(WorkspaceError) -> FileState
  {
    let stamp = side == .before ? change.before : change.after ?? .absent
    guard stamp.hash != nil else {
      guard stamp.kind == .absent else { throw WorkspaceError(.expired, "The content was not kept") }
      return .absent
    }
    let bytes: [UInt8]
    if let object = side == .before ? change.beforeObject : change.afterObject {
      bytes = try objects.get(object)
    } else if let image = try journal.image(change.id, side) {
      bytes = image
    } else {
      throw WorkspaceError(.expired, "The content was not kept")
    }
    let state = FileState(kind: stamp.kind, bytes: bytes, mode: stamp.mode)
    guard state.stamp == stamp else {
      throw WorkspaceError(.expired, "The content of \(change.path) is damaged", path: change.path)
    }
    return state
  }
}
