import Glibc
import StetHash
import Synchronization

/// The before and after images of what turns changed in one workspace, kept outside of it (rollback.md B3).
///
/// `<state directory>/ws/<hash>` holds packs of raw contents (`store.git`), the journal (`journal.db`), the
/// transactions' journals (`edits`, `tx`). Nothing in the user's repository is read or written. Thread-safe; every
/// call blocks, so use `WorkspaceThread`. Nothing is opened before the first call that needs it.
public final class SnapshotStore: Sendable {
  /// A larger file has no before image: its undo is refused, the turn goes on.
  public static let fileLimit = Workspace.readLimit

  /// The real path of the workspace.
  public let workspaceRoot: String
  /// Private to this workspace.
  public let directory: String
  /// Of the transactions of edits.
  var edits: String { PathResolver.join(directory, "edits") }
  /// Of the transactions of restores: a living edit says nothing of these.
  var restores: String { PathResolver.join(directory, "tx") }

  public let limits: SnapshotLimits
  /// Real; never looked into.
  let stateDirectory: String
  private let opened = Mutex<SnapshotSession?>(nil)
  let commands = Mutex<CommandCoverage?>(nil)
  /// The commands that run, by turn: a turn without any need not wait for a look at the workspace.
  let windows = Mutex<[TurnKey: Int]>([:])
  /// Nil until the workspace was looked at.
  let lastCoverage = Mutex<SnapshotCoverage?>(nil)

  public init(
    stateDirectory: String, workspaceRoot: String, limits: SnapshotLimits = SnapshotLimits()
  ) throws(WorkspaceError) {
    self.limits = limits
    self.workspaceRoot = try Workspace(root: workspaceRoot).root
    var info = stat()
    let root = self.workspaceRoot
    try check("Cannot examine \(root)", path: root) { stat(root, &info) }
    // A directory that took another's place must not get its undo.
    let name = SHA256.hash("\(root)\0\(info.st_dev):\(info.st_ino)").hex.prefix(32)
    var resolver = PathResolver()
    let state = try resolver.resolved(stateDirectory)
    self.stateDirectory = state
    directory = PathResolver.join(state, "ws/\(name)")
  }

  /// The store in a directory that another process made; whose workspace it is does not matter for what it keeps.
  private init(directory: String, stateDirectory: String, limits: SnapshotLimits) {
    self.limits = limits
    self.directory = directory
    self.stateDirectory = stateDirectory
    workspaceRoot = "/"
  }

  /// The stores of all workspaces, in the order of their names.
  public static func all(
    in stateDirectory: String, limits: SnapshotLimits = SnapshotLimits()
  ) throws(WorkspaceError) -> [SnapshotStore] {
    var resolver = PathResolver()
    let state = try resolver.resolved(stateDirectory)
    let parent = PathResolver.join(state, "ws")
    guard try Workspace.state(at: parent).kind == .directory else { return [] }
    return try DirectoryHandle.open(parent).names(limit: Workspace.listLimit).names.map {
      SnapshotStore(directory: PathResolver.join(parent, $0), stateDirectory: state, limits: limits)
    }
  }

  /// Opens the store, rolls back the transactions and ends the turns that a crash left. Answers what was
  /// rolled back.
  public func open() throws(WorkspaceError) -> [RecoveredWrite] {
    try session { session throws(WorkspaceError) in session.recovered }
  }

  /// Starts the record of a turn.
  public func beginTurn(_ key: TurnKey, cause: TurnCause = .tool) throws(WorkspaceError) {
    try session { session throws(WorkspaceError) in
      try session.attend()
      try session.begin(key, cause)
    }
  }

  /// Keeps what is at these resolved absolute paths now, on disk before it returns: to be called right
  /// before the first write, and again before later ones.
  public func capture(_ paths: [String], in key: TurnKey) throws(WorkspaceError) {
    try session { session throws(WorkspaceError) in
      try session.attend()
      try session.capture(paths, in: session.record(key))
    }
  }

  /// Ends the turn: its contents become one pack. nil when it changed nothing.
  public func endTurn(_ key: TurnKey) throws(WorkspaceError) -> TurnRecord? {
    if windows.withLock({ $0.removeValue(forKey: key) }) != nil {
      commands.withLock { $0?.endTurn(key, self) }
    }
    return try session { session throws(WorkspaceError) in try session.end(key) }
  }

  /// Makes packs of the contents of finished turns, and forgets what is too old or too much: for a thread on which
  /// nobody waits, after turns. Without it this happens every some turns.
  public func settle() throws(WorkspaceError) {
    try session { session throws(WorkspaceError) in
      try session.pack()
      try session.expire()
    }
    try Self.enforceTotal(for: self)
  }

  /// The commands of a thread during which stet was killed, once each: what they changed is in no record. Opens no
  /// store where no process died.
  public func takeLost(thread: String) throws(WorkspaceError) -> [LostCommand] {
    if !isOpen, try !SnapshotOwner.leftSome(in: directory) { return [] }
    return try session { session throws(WorkspaceError) in
      try session.attend()
      return try session.takeLost(thread: thread)
    }
  }

  /// Finished records, newest first, of one thread or of all; `before` continues below a record.
  public func list(
    thread: String? = nil, before: Int64? = nil, limit: Int = 100
  ) throws(WorkspaceError) -> [TurnRecord] {
    try session { session throws(WorkspaceError) in
      try session.attend()
      return try session.journal.records(thread: thread, before: before, limit: min(max(limit, 0), 1000))
    }
  }

  public func record(_ id: Int64) throws(WorkspaceError) -> TurnRecord? {
    try session { session throws(WorkspaceError) in try session.journal.record(id) }
  }

  public enum Side: String, Hashable, Sendable, Codable { case before, after }

  /// What a path was before or after a record; `.expired` when that is no longer kept.
  public func contents(of record: Int64, path: String, side: Side) throws(WorkspaceError) -> FileState {
    try session { session throws(WorkspaceError) in try session.contents(of: record, path: path, side: side) }
  }

  /// What a record changed, each path once, with hunks as on the wire ("" where they can't be shown).
  public func diff(of record: Int64) throws(WorkspaceError) -> [WireChange] {
    try session { session throws(WorkspaceError) in try session.diff(of: record) }
  }

  /// What an undo would do, path by path. Writes nothing. `.notFound` when there is nothing of that scope.
  public func plan(
    _ scope: UndoScope, onConflict: RestoreConflicts = .skip
  ) throws(WorkspaceError) -> RestorePlan {
    try session { session throws(WorkspaceError) in
      try session.attend()
      return try session.plan(scope, onConflict)
    }
  }

  /// Does what a plan says, all or nothing, and records it as a turn of its own: undoing that record is the
  /// redo. nil when no file had to be written. `.planStale` when a file changed since the plan was made;
  /// `.locked` while another restore runs.
  public func apply(
    _ plan: RestorePlan, as key: TurnKey, cause: TurnCause = .restore
  ) throws(WorkspaceError) -> TurnRecord? {
    try session { session throws(WorkspaceError) in
      try session.attend()
      return try session.apply(plan, as: key, cause: cause)
    }
  }

  /// What turns of a thread changed and is still on disk, against what the files would be without them. `from`, `to`:
  /// turns; nil for the first and the last one.
  public func reviewed(
    thread: String, from: String? = nil, to: String? = nil
  ) throws(WorkspaceError) -> [ReviewedFile] {
    try session { session throws(WorkspaceError) in
      try session.attend()
      return try session.reviewed(thread: thread, from: from, to: to)
    }
  }

  /// Bytes on disk.
  public func usage() throws(WorkspaceError) -> Int {
    try session { session throws(WorkspaceError) in try session.size() }
  }

  /// Finished records of all threads.
  public func turnCount() throws(WorkspaceError) -> Int {
    try session { session throws(WorkspaceError) in try session.journal.turnCount() }
  }

  /// Forgets the finished records of a thread, or of all threads, with their contents. Answers the bytes
  /// freed.
  public func purge(thread: String? = nil) throws(WorkspaceError) -> Int {
    let freed = try session { session throws(WorkspaceError) in try session.purge(thread: thread) }
    return thread == nil ? freed + (try purgeBaseline()) : freed
  }

  /// What was kept of files that no command changed yet goes too; the next command looks at the workspace anew.
  private func purgeBaseline() throws(WorkspaceError) -> Int {
    try commands.withLock { held throws(WorkspaceError) in
      // While a command runs, what it changes is known by these.
      guard held?.windows.isEmpty != false else { return 0 }
      held = nil
      return try session { session throws(WorkspaceError) in
        let size = try session.size()
        try session.releaseBaseline()
        return max(0, size - (try session.size()))
      }
    }
  }

  /// Takes the mark of this process away at its end: the next one then need not look for what a crash took. A store that
  /// is at work keeps it, so that nobody waits. Nothing may begin here afterwards.
  public func leave() { opened.withLockIfAvailable { $0?.owner.leave() } }

  /// Whether it was opened.
  var isOpen: Bool { opened.withLock { $0 != nil } }

  func session<Result: Sendable>(
    _ body: (SnapshotSession) throws(WorkspaceError) -> Result
  ) throws(WorkspaceError) -> Result {
    try opened.withLock { held throws(WorkspaceError) in
      if let session = held { return try body(session) }
      let session = try SnapshotSession(
        directory: directory, root: workspaceRoot, edits: edits, transactions: restores, limits: limits)
      held = session
      return try body(session)
    }
  }
}
