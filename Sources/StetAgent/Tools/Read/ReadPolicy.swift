import StetProtocol

/// What the reading tools don't open: they run in this process, outside of the sandbox that stops commands (S7).
enum ReadPolicy {
  /// Folders and files below the home directory that hold keys.
  private static let secret = [
    ".ssh", ".aws", ".gnupg", ".azure", ".kube", ".docker/config.json", ".netrc", ".git-credentials",
    ".npmrc", ".pypirc",
    ".config/gh", ".config/gcloud", ".mozilla", ".config/google-chrome", ".config/chromium",
    ".password-store",
    ".local/share/keyrings", ".codex/auth.json",
  ]

  /// The answer for a real path that must not be read; nil when it may.
  static func refusal(of path: String, _ context: ToolContext) -> ToolOutput? {
    let home = context.processEnvironment["HOME"] ?? ""
    let denied = secret.map { "\(home)/\($0)" } + ["\(context.home.codexHome)/auth.json"]
    let isDenied =
      denied.contains { path == $0 || path.hasPrefix($0 + "/") }
      || (path.hasPrefix("/proc/") && path.hasSuffix("/environ"))
    guard isDenied, !path.hasSuffix(".pub"), !path.hasSuffix("/known_hosts") else { return nil }
    return .failure(
      "\(path) may hold secrets; stet does not read it.", "Ask the user for what you need from it.")
  }
}
