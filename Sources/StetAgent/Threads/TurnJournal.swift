import Logging
import StetProtocol
import StetWorkspace

/// What a turn changes on disk: pre-images before the first write of each path, for undo and for the turn's diff.
actor TurnJournal {
  /// Bytes of pre-images that are held for the diff; a file beyond it has no diff, its snapshot is on disk all the same.
  static let heldLimit = 64 << 20

  private let feed: ThreadFeed
  private let turnId: String
  private let root: String
  private let snapshots: (any SnapshotKeeper)?
  private var before: [String: FileState] = [:]
  private var held = 0
  private var lastDiff: String?
  /// Writes so far; a call that wrote has sent the diff itself.
  private(set) var writes = 0

  init(feed: ThreadFeed, turnId: String, root: String, snapshots: (any SnapshotKeeper)?) {
    self.feed = feed
    self.turnId = turnId
    self.root = root
    self.snapshots = snapshots
  }

  func capture(_ paths: [String]) async {
    let new = paths.filter { before[$0] == nil }
    guard !new.isEmpty else { return }
    if let problem = await snapshots?.capture(new, turn: turnId) {
      feed.warn("Undo is off for this turn: \(problem)")
    }
    let states = await read(new)
    for (path, state) in states where before[path] == nil && held + state.bytes.count <= Self.heldLimit {
      before[path] = state
      held += state.bytes.count
    }
  }

  /// Sends the diff of the turn after a write.
  func wrote(_ paths: [String]) async {
    writes += 1
    lastDiff = await diff()
    repeatDiff()
  }

  /// The same diff again: after each later tool result and before the end of the turn (protocol.md §4).
  func repeatDiff() {
    guard let lastDiff else { return }
    feed.notify(
      .turnDiffUpdated(TurnDiffUpdatedNotification(threadId: feed.threadId, turnId: turnId, diff: lastDiff)))
  }

  /// Ends the turn's snapshot; what `turn/completed` says of it.
  func finish() async -> StetTurnSummary? {
    repeatDiff()
    return await snapshots?.endTurn(turnId)
  }

  // MARK: - Parts

  private func read(_ paths: [String]) async -> [String: FileState] {
    do {
      return try await WorkspaceThread.shared.run { [root] in
        let workspace = try Workspace(root: root)
        var states: [String: FileState] = [:]
        for path in paths { states[path] = try? workspace.read(path) }  // an unreadable file has no diff
        return states
      }
    } catch {
      return [:]
    }
  }

  private func diff() async -> String {
    let after = await read(Array(before.keys))
    let changes = before.compactMap { path, state in
      after[path].map { TurnDiff.Change(path: path, before: state, after: $0) }
    }
    let root = root
    let text = try? await WorkspaceThread.shared.run {
      TurnDiff.text(changes) { $0.hasPrefix(root + "/") ? String($0.dropFirst(root.count + 1)) : $0 }
    }
    return text ?? ""
  }
}
