import StetProtocol
import StetWorkspace

/// What a turn changes on disk: kept for undo before each write, and told to the clients as the turn's diff.
actor TurnJournal {
  /// Bytes of file contents that are held for the diff; beyond it a file is left out of the diff, not of undo.
  static let heldLimit = 64 << 20

  private let feed: ThreadFeed
  private let turnId: String
  private let root: String
  private let snapshots: ThreadSnapshots
  private var changes: [String: TurnDiff.Change] = [:]
  private var held = 0
  private var warned = false
  private var lastDiff: String?
  /// Writes so far; a call that wrote has sent the diff itself.
  private(set) var writes = 0

  init(feed: ThreadFeed, turnId: String, root: String, snapshots: ThreadSnapshots) {
    self.feed = feed
    self.turnId = turnId
    self.root = root
    self.snapshots = snapshots
  }

  func capture(_ paths: [String]) async {
    guard let problem = await snapshots.capture(paths, turn: turnId), !warned else { return }
    warned = true
    feed.warn("Undo is off for this turn: \(problem)")
  }

  func commit(_ writes: [PlannedWrite], below roots: [String]) async throws -> [VerifiedWrite] {
    try await snapshots.commit(writes, below: roots, turn: turnId, feed: feed)
  }

  /// Before a command starts: what it changes can be undone. Nil where that is not so.
  func commandBegins(_ via: String) async -> CommandWindow? {
    await snapshots.recovered(feed)
    let window = await snapshots.commandBegins(via, turn: turnId)
    await announce()
    return window
  }

  func commandEnded(_ window: CommandWindow) async {
    await snapshots.commandEnded(window)
    await announce()
  }

  /// Says once a thread what undo does not cover here.
  private func announce() async {
    for notice in await snapshots.takeNotices() {
      feed.notify(
        .stetSnapshotDegraded(
          StetSnapshotDegradedNotification(
            threadId: feed.threadId, reason: notice.reason.rawValue, detail: notice.text)))
    }
  }

  nonisolated func coversCommands() -> Bool { snapshots.covers() }

  /// Sends the diff of the turn.
  func wrote(_ written: [VerifiedWrite]) async {
    guard !written.isEmpty else { return }
    writes += 1
    for write in written { note(write) }
    let all = Array(changes.values)
    let root = root
    do {
      lastDiff = try await WorkspaceThread.shared.run {
        TurnDiff.text(all) { $0.hasPrefix(root + "/") ? String($0.dropFirst(root.count + 1)) : $0 }
      }
    } catch {
      return  // the thread is gone: the process is ending
    }
    repeatDiff()
  }

  /// The same diff again: after each later tool result and before the end of the turn (protocol.md §4).
  func repeatDiff() {
    guard let lastDiff else { return }
    feed.notify(
      .turnDiffUpdated(TurnDiffUpdatedNotification(threadId: feed.threadId, turnId: turnId, diff: lastDiff)))
  }

  /// Lines that the turn's edits added and took away; nil where it edited nothing.
  var counts: TurnDiff.Counts? { lastDiff.map(TurnDiff.counts) }

  /// Ends the turn's snapshot; what `turn/completed` says of it.
  func finish() async -> StetTurnSummary {
    repeatDiff()
    let summary = await snapshots.endTurn(turnId)
    if let id = summary.snapshotId {
      feed.notify(
        .stetSnapshotCreated(
          StetSnapshotCreatedNotification(
            threadId: feed.threadId, turnId: turnId, snapshotId: id, files: summary.filesChanged)))
    }
    return summary
  }

  private func note(_ write: VerifiedWrite) {
    let before = changes[write.path]?.before ?? write.before
    let size = write.after.bytes.count + (changes[write.path] == nil ? before.bytes.count : 0)
    guard held + size <= Self.heldLimit else { return }
    held += size
    changes[write.path] = TurnDiff.Change(path: write.path, before: before, after: write.after)
  }
}
