import StetProtocol
import StetWorkspace

/// What changed between two snapshots of a thread, or since one. Blocks: for the workspace's thread.
struct SnapshotDiff {
  let store: SnapshotStore
  let thread: String

  /// Files of one answer; beyond it the answer is truncated.
  static let fileLimit = 500
  /// Records that are looked through for one answer.
  private static let recordLimit = 1_000
  /// A longer file has no diff here: the text is for reading.
  private static let byteLimit = 2 << 20

  /// From before `from` (default: the newest snapshot) to after `to` (default: the disk as it is).
  func response(from: Int64?, to: Int64?, path: String?) throws -> StetSnapshotDiffResponse {
    let all = try store.list(thread: thread, limit: Self.recordLimit)
    guard let first = from ?? all.first?.id, all.contains(where: { $0.id == first }) else {
      throw RPCError.invalidRequest("snapshot not found: \(from.map(String.init) ?? "none")")
    }
    let records = all.filter { $0.id >= first && $0.id <= (to ?? .max) }.sorted { $0.id < $1.id }
    var oldest: [String: (Int64, ChangeAuthor)] = [:]
    var newest: [String: Int64] = [:]
    for record in records {
      for file in record.files
      where !file.isDirectory && (path == nil || file.path == path) {
        if oldest[file.path] == nil {
          oldest[file.path] = (record.id, record.cause == .restore ? .unknown : file.author)
        }
        newest[file.path] = record.id
      }
    }
    let paths = oldest.keys.sorted()
    let workspace = try Workspace(root: store.workspaceRoot)
    let files = try paths.prefix(Self.fileLimit).compactMap { path -> StetSnapshotFileDiff? in
      guard let (id, author) = oldest[path] else { return nil }
      do {
        let before = try store.contents(of: id, path: path, side: .before)
        let after =
          to == nil
          ? try workspace.read(path) : try store.contents(of: newest[path] ?? id, path: path, side: .after)
        return before == after ? nil : try diff(path, before, after, author)
      } catch let error as WorkspaceError where error.code == .expired || error.code == .tooLarge {
        // One that is not kept hides no other.
        return StetSnapshotFileDiff(
          path: path, kind: "update", author: author.rawValue, diff: "", tooLarge: true)
      }
    }
    return StetSnapshotDiffResponse(files: files, truncated: paths.count > Self.fileLimit)
  }

  private func diff(
    _ path: String, _ before: FileState, _ after: FileState, _ author: ChangeAuthor
  ) throws -> StetSnapshotFileDiff {
    let kind =
      switch (before.kind, after.kind) {
      case (.absent, _): "add"
      case (_, .absent): "delete"
      case (.symlink, _), (_, .symlink): "symlink"
      default: before.bytes == after.bytes ? "mode" : "update"
      }
    let binary = before.isBinary || after.isBinary
    let tooLarge = max(before.bytes.count, after.bytes.count) > Self.byteLimit
    let text = binary || tooLarge ? "" : try UnifiedDiff.text(old: before.bytes, new: after.bytes)
    return StetSnapshotFileDiff(
      path: path, kind: kind, author: author.rawValue, diff: text, binary: binary, tooLarge: tooLarge)
  }
}
