/// A file that turns changed, as a review shows it.
public struct ReviewedFile: Sendable {
  /// From what the file would be without those turns to what it is on disk now: edits that others made since are on both
  /// sides.
  public let change: FileChange
  /// Changes that others have written over since: they can't be told apart any more and are not offered.
  public let overlapping: Int
  /// The command that ran while it changed last.
  public let via: String?
  /// Directories on the way to it that those turns made: they go with it when it goes.
  public var createdDirectories: [String] = []
}

extension SnapshotSession {
  /// Bytes of both sides of all files of one review; it is held in memory while it waits.
  static let reviewLimit = 256 << 20

  /// The files of a range of turns of a thread (nil: from its first, to its last), in path order.
  func reviewed(
    thread: String, from: String?, to: String?
  ) throws(WorkspaceError) -> [ReviewedFile] {
    var paths: [PathKey: [SnapshotJournal.Change]] = [:]
    var made: Set<String> = []
    for record in try reviewRecords(thread, from, to) {
      made.formUnion(try journal.directories(of: record, all: false).filter { $0.mode == nil }.map(\.path))
      for change in try journal.changes(of: record, all: false).reversed() {
        paths[PathKey(change.path), default: []].append(change)
      }
    }
    var files: [ReviewedFile] = []
    var size = 0
    for changes in paths.values {
      guard var file = try reviewed(changes) else { continue }
      file.createdDirectories = made.filter { PathResolver.contains($0, file.change.path) }
      size += file.change.base.bytes.count + file.change.proposed.bytes.count
      guard size <= Self.reviewLimit else {
        throw WorkspaceError(
          .tooLarge, "The changes have more than \(Self.reviewLimit >> 20) MB and can't be reviewed at once",
          hint: "Review fewer turns.")
      }
      files.append(file)
    }
    return files.sorted { bytewise($0.change.path, $1.change.path) }
  }

  /// Newest first.
  private func reviewRecords(
    _ thread: String, _ from: String?, _ to: String?
  ) throws(WorkspaceError) -> [Int64] {
    var lower = Int64.min
    var upper = Int64.max
    if let from {
      let records = try journal.records(of: TurnKey(thread: thread, turn: from))
      guard let first = records.first else { return [] }
      lower = first.id
    }
    if let to {
      let records = try journal.records(of: TurnKey(thread: thread, turn: to))
      guard let last = records.last else { return [] }
      upper = last.id
    }
    return try newestFirst(thread).filter { $0.state == .active && $0.id >= lower && $0.id <= upper }.map(
      \.id)
  }

  /// `changes`: of one path, newest first. Nil when nothing of them is on disk any more, or nothing is known.
  private func reviewed(_ changes: [SnapshotJournal.Change]) throws(WorkspaceError) -> ReviewedFile? {
    guard let newest = changes.first else { return nil }
    let disk: FileState
    do { disk = try Workspace.state(at: newest.path) } catch {
      if error.code == .library { throw error }
      // What can't be read (a link on the way, too large) can't be shown; undo names it.
      return nil
    }
    var state = disk
    var overlapping = 0
    for change in changes {
      guard let after = change.after, after.isKnown, change.before.isKnown else { continue }
      do {
        let before = try load(change, .before)
        if state.stamp.sameContent(as: after) {
          state = Self.older(before, than: state, wrote: after)
          continue
        }
        if state.stamp.sameContent(as: before.stamp) { continue }
        let later = try load(change, .after)
        overlapping += try takeBack(newest.path, from: &state, before: before, after: later)
      } catch  where error.code == .expired {
        overlapping += 1
      }
    }
    guard state != disk else { return nil }
    return ReviewedFile(
      change: FileChange(path: newest.path, base: state, proposed: disk), overlapping: overlapping,
      via: newest.author == .shell ? newest.via : nil)
  }

  /// A mode that someone changed since is theirs and stays.
  private static func older(_ before: FileState, than state: FileState, wrote after: FileStamp) -> FileState {
    guard before.kind == .regular, state.kind == .regular, state.mode != after.mode else { return before }
    return before.with(mode: state.mode)
  }

  /// Takes a change out of `state`, hunk by hunk; answers how many hunks had to stay.
  private func takeBack(
    _ path: String, from state: inout FileState, before: FileState, after: FileState
  ) throws(WorkspaceError) -> Int {
    var proposal = try Proposal(FileChange(path: path, base: after, proposed: before))
    proposal.decideAll(.accept)
    guard case .merged(let older, let conflicted) = try proposal.reconcile(with: state) else { return 1 }
    state = older
    return conflicted.count
  }
}
