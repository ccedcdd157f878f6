import StetProtocol
import StetWorkspace

/// What the reading tools don't open: they run in this process, outside of the sandbox that stops commands (S7).
struct ReadPolicy: Sendable {
  /// Folders and files below the home directory that hold keys.
  private static let secret = [
    ".ssh", ".aws", ".gnupg", ".azure", ".kube", ".oci", ".docker/config.json", ".netrc", ".git-credentials",
    ".npmrc", ".pypirc", ".pgpass", ".vault-token", ".cargo/credentials", ".cargo/credentials.toml",
    ".config/gh", ".config/gcloud", ".config/git/credentials", ".config/rclone", ".config/op",
    ".mozilla", ".thunderbird", ".config/google-chrome", ".config/chromium", ".config/BraveSoftware",
    ".config/microsoft-edge", ".password-store", ".pki", ".local/share/keyrings", ".local/share/kwalletd",
    ".codex/auth.json", ".claude/.credentials.json", ".gemini/oauth_creds.json",
  ]
  private static let system = ["/etc/shadow", "/etc/gshadow", "/etc/sudoers"]
  /// No files of a disk: reading one may block, or tell this process's own secrets (`/proc/self/environ`).
  private static let kernel = ["/proc", "/sys", "/dev"]

  private let denied: [String]

  init(_ context: ToolContext) {
    let home = context.processEnvironment["HOME"].map(RealPath.of)
    denied =
      Self.system + [context.home.codexHome + "/auth.json"]
      + (home.map { home in Self.secret.map { PathText.join(home, $0) } } ?? [])
  }

  func denies(_ path: String) -> Bool {
    guard denied.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) else { return false }
    return !path.hasSuffix(".pub") && !path.hasSuffix("/known_hosts")
  }

  /// The real path that a tool may read; throws for one that it must not.
  func admit(_ spelled: String, _ settings: TurnSettings) throws(WorkspaceError) -> String {
    let path = try EditTarget(settings).resolve(spelled)
    if denies(path) {
      throw WorkspaceError(
        .refused, "\(path) may hold secrets; stet does not read it.",
        hint: "Ask the user for what you need from it.")
    }
    if Self.kernel.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) {
      throw WorkspaceError(
        .refused, "\(path) is no file on a disk.", hint: "Use exec_command to look at the system.")
    }
    return path
  }
}
