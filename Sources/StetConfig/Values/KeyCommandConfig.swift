/// `[model_providers.ID.auth]`: a program that prints a key to standard output, as Codex has it.
public struct KeyCommandConfig: Hashable, Sendable {
  /// A bare name is looked for in `PATH`; a path counts from `cwd`.
  public var command: String
  public var arguments: [String]
  /// How long it may take.
  public var timeoutMs: Int
  /// How long a key is used before the program is asked again; 0: until the provider refuses it.
  public var refreshIntervalMs: Int
  /// Nil: the user's home directory.
  public var cwd: String?

  static let defaultTimeoutMs = 5_000
  static let defaultRefreshIntervalMs = 300_000

  init(
    _ table: ValueReader,
    fail: (_ path: [String], _ message: String, _ advice: String) -> ConfigurationError
  ) throws(ConfigurationError) {
    guard let command = table.string("command"), !command.isEmpty else {
      throw fail([], "auth has no command.", "Write command = \"…\": a program that prints the key.")
    }
    self.command = command
    arguments = table.strings("args") ?? []
    timeoutMs = table.int("timeout_ms") ?? Self.defaultTimeoutMs
    refreshIntervalMs = table.int("refresh_interval_ms") ?? Self.defaultRefreshIntervalMs
    cwd = table.string("cwd")
    if let cwd, !cwd.hasPrefix("/") {
      throw fail(["cwd"], "auth.cwd must be an absolute path.", "Write it from the root on.")
    }
  }
}
