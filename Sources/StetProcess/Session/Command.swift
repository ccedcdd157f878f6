/// Rows and columns of a PTY, in character cells.
public struct TerminalSize: Hashable, Sendable {
  public var rows: Int
  public var columns: Int

  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }
}

/// What to run, where, with which variables. A value: starting it twice starts two processes.
public struct Command: Sendable {
  /// What the process reads from.
  public enum Input: Hashable, Sendable {
    /// Nothing: end of file at once.
    case null
    /// What `ProcessSession.write` sends.
    case pipe
  }

  /// Where standard error goes.
  public enum ErrorOutput: Hashable, Sendable {
    /// Into the same pipe as standard output, in arrival order.
    case merged
    /// As `ProcessEvent.errorOutput`, with no order between the two.
    case separate
    case discarded
  }

  /// Program and arguments; a program without a slash is searched in `environment["PATH"]`.
  public var argv: [String]
  /// Absolute working directory.
  public var cwd: String
  /// The whole environment: nothing is inherited.
  public var environment: [String: String]
  /// A PTY of this size for all three streams, or pipes. With a PTY `stdin` and `errors` do not count.
  public var pty: TerminalSize?
  public var stdin: Input
  public var errors: ErrorOutput
  /// The walls, from `Sandbox.launch`; `nil` runs without any.
  public var sandbox: SandboxLaunch?
  /// What it starts is found also where it leaves the session, by a variable that all of it inherit; without effect
  /// behind walls with a process namespace, which nothing leaves.
  public var followsDescendants: Bool

  public init(
    argv: [String], cwd: String, environment: [String: String], pty: TerminalSize? = nil,
    stdin: Input = .null, errors: ErrorOutput = .merged, sandbox: SandboxLaunch? = nil,
    followsDescendants: Bool = false
  ) {
    self.argv = argv
    self.cwd = cwd
    self.environment = environment
    self.pty = pty
    self.stdin = stdin
    self.errors = errors
    self.sandbox = sandbox
    self.followsDescendants = followsDescendants
  }
}
