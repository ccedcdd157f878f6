import Glibc
import StetStore

/// The rollouts of a Codex home: `sessions/2026/11/22/rollout-TIME-ID.jsonl`, archived ones in `archived_sessions`, a
/// reverted thread's newer file with `_UUID` behind its id (protocol.md §5). Only read, never written.
struct CodexFiles {
  struct File: Hashable {
    let path: String
    let threadId: String
    /// The local time in the name: files of one thread sort by it.
    let time: String
    let isRevert: Bool
    let isArchived: Bool
  }

  /// By thread, oldest file first.
  private(set) var files: [String: [File]] = [:]
  /// Names that users gave, by thread.
  private(set) var names: [String: String] = [:]

  init() {}

  /// All of a home. Throws when its folders can't be read.
  init(home: String) throws(StoreError) {
    for folder in ["sessions", "archived_sessions"] {
      for path in try ForeignFiles.find(below: "\(home)/\(folder)", { $0.hasPrefix("rollout-") }) {
        if let file = Self.file(path) { files[file.threadId, default: []].append(file) }
      }
    }
    for id in files.keys {
      files[id]?.sort { ($0.time, $0.isRevert ? 1 : 0, $0.path) < ($1.time, $1.isRevert ? 1 : 0, $1.path) }
    }
    let list = "\(home)/session_index.jsonl"
    guard access(list, R_OK) == 0 else { return }
    var names: [String: String] = [:]
    _ = try JSONLinesFile(path: list).read { (line, _) throws(StoreError) in
      if let id = line["id"]?.stringValue, let name = line["thread_name"]?.stringValue { names[id] = name }
      return true
    }
    self.names = names
  }

  /// The file that holds a thread's newest state.
  var heads: [File] { files.values.compactMap(\.last).sorted { ($0.time, $0.path) < ($1.time, $1.path) } }

  /// What a rollout's name says; nil for any other file.
  static func file(_ path: String) -> File? {
    guard let name = path.split(separator: "/").last, name.hasPrefix("rollout-"), name.hasSuffix(".jsonl")
    else {
      return nil
    }
    let body = name.dropFirst(8).dropLast(6)
    let parts = body.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
    // 2026-11-22T19-50-02-UUID
    guard let first = parts.first, first.utf8.count == 56 else { return nil }
    let id = String(first.suffix(36)).lowercased()
    guard ThreadFiles.isValid(threadId: id) else { return nil }
    return File(
      path: path, threadId: id, time: String(first.prefix(19)), isRevert: parts.count > 1,
      isArchived: path.split(separator: "/").contains("archived_sessions"))
  }
}
