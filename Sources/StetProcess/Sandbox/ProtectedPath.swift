/// A place that commands may not write, although it lies in a writable root (agent-core S6).
public struct ProtectedPath: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// Settings that make other programs run something: `.git/hooks`, `.vscode`, `.envrc` …
    case settings
    /// Texts that instruct the next session: AGENTS.md, CLAUDE.md …
    case instructions
    /// A directory `.git`: commands write objects, refs and the index in it, but may not move it away.
    case repository
  }

  /// Absolute, beneath a root.
  public var path: String
  public var kind: Kind
  /// Device and inode: a moved file keeps them, a new file of the same name has others.
  var identity: FileIdentity
  /// What lies there, compared only where the walls can't keep it from being changed; 0 elsewhere.
  var fingerprint = 0
}

struct FileIdentity: Hashable, Sendable {
  var device: UInt64
  var inode: UInt64
}

/// The names that are protected at any depth.
enum ProtectedNames {
  static let settings: Set<String> = [
    ".codex", ".agents", ".stet", ".claude", ".cursor", ".vscode", ".envrc",
  ]

  static func isInstructions(_ name: String) -> Bool {
    name == "CLAUDE.md" || name == "CLAUDE.local.md" || name == "GEMINI.md"
      || name.hasPrefix("AGENTS") && name.hasSuffix(".md")
  }

  /// What in a git directory makes git run something, or points it at another directory.
  static let inGitDirectory = ["hooks", "config", "config.worktree", "commondir"]
}

/// All protected paths beneath some roots at one moment.
struct ProtectedSnapshot: Sendable {
  var paths: [ProtectedPath] = []
  /// Socket files, whoever listens on them.
  var sockets: [String] = []
  /// False when there were more directories than `ProtectedScanner.directoryLimit`, or some could not be
  /// looked at: closed to us, or with names that are not UTF-8.
  var isComplete = true
}
