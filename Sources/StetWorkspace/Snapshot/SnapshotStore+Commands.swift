import Glibc

/// Undo of what commands change: a look at the workspace before and after each (rollback.md B3). These calls may take
/// as long as a walk of the workspace; they belong on a thread on which no edit waits.
extension SnapshotStore {
  /// Takes in the workspace as it is, so that the first command need not wait for it. Answers whether commands are
  /// covered.
  @discardableResult
  public func prepare() -> SnapshotCoverage { withCommands { $0.coverage } }

  /// To be called right before a command starts, in a turn that has begun. `via`: its words, for the user. Nil where
  /// commands are not covered.
  public func commandBegins(_ key: TurnKey, via: String) -> CommandWindow? {
    let window = withCommands { $0.begin(key, String(via.prefix(Self.viaLimit)), self) }
    if window != nil { windows.withLock { $0[key, default: 0] += 1 } }
    return window
  }

  /// To be called before a command that is not covered, in a turn that has begun: should the process be killed before
  /// the turn ends, the next one knows what it can't take back.
  public func markCommand(_ key: TurnKey, via: String) throws(WorkspaceError) {
    try session { session throws(WorkspaceError) in
      _ = try session.commandBegins(key, String(via.prefix(Self.viaLimit)))
    }
  }

  /// To be called when it has ended; what changed since is recorded in its turn. After the end of the turn: nothing.
  public func commandEnded(_ window: CommandWindow) {
    withCommands { $0.end(window, self) }
  }

  /// Whether commands are covered, without waiting; nil while that is not known.
  public var coverage: SnapshotCoverage? { lastCoverage.withLock { $0 } }

  /// What is not covered, oldest first.
  public var notices: [CoverageNotice] { withCommands { $0.notices } }

  /// Characters of a command that a list of changes shows.
  private static let viaLimit = 200

  /// The directory whose files an undo in `directory` covers: the nearest git toplevel that contains it, or itself,
  /// also where that repository ignores it.
  public static func root(of directory: String) throws(WorkspaceError) -> String {
    let real = try Workspace(root: directory).root
    var parts = PathResolver.components(real)
    while !parts.isEmpty {
      let top = "/" + parts.joined(separator: "/")
      if try isRepository(DirectoryHandle.open(top)) {
        if top == real { return top }
        return try IgnoreRules(root: top).ignores(real + "/") ? real : top
      }
      parts.removeLast()
    }
    return real
  }

  /// Whether a repository's `.git` lies in a directory: a folder with a HEAD, or the file of a work tree. An empty one,
  /// as a careless script leaves it, would make a whole tree of other things the workspace.
  private static func isRepository(_ directory: DirectoryHandle) throws(WorkspaceError) -> Bool {
    guard let status = try directory.status(".git") else { return false }
    guard status.st_mode & S_IFMT == S_IFDIR else { return status.st_mode & S_IFMT == S_IFREG }
    return try directory.directory(".git").status("HEAD") != nil
  }

  func baselineHas(_ id: String) -> Bool {
    do {
      return try session { session throws(WorkspaceError) in session.baseline[id] != nil }
    } catch {
      // A store that can't be opened keeps nothing; what needs it next says so.
      return false
    }
  }

  private func withCommands<Result: Sendable>(_ body: (CommandCoverage) -> Result) -> Result {
    commands.withLock { held in
      let commands = held ?? CommandCoverage(self)
      held = commands
      let result = body(commands)
      lastCoverage.withLock { [coverage = commands.coverage] in $0 = coverage }
      return result
    }
  }
}
