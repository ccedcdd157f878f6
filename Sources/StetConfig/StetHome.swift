import Glibc

/// Where stet's files lie.
///
/// With `$STET_HOME` everything is below it; otherwise the XDG base directories are used, and of them only absolute
/// values, as their specification asks. Nothing is created here.
public struct StetHome: Hashable, Sendable {
  /// `config.toml`, `models.toml`, `themes/`, `rules/`, `AGENTS.md`.
  public let configDirectory: String
  /// Threads, blobs, snapshots, locks, logs.
  public let stateDirectory: String
  /// What can be made again.
  public let cacheDirectory: String
  /// `$STET_HOME`, absolute; nil if it is not set.
  public let root: String?

  public init(configDirectory: String, stateDirectory: String, cacheDirectory: String, root: String? = nil) {
    self.configDirectory = configDirectory
    self.stateDirectory = stateDirectory
    self.cacheDirectory = cacheDirectory
    self.root = root
  }

  /// Everything below one folder, as `$STET_HOME` asks.
  public init(root: String) {
    self.init(
      configDirectory: root, stateDirectory: root, cacheDirectory: Path.join(root, "cache"), root: root)
  }

  /// Reads `STET_HOME`, `XDG_*_HOME` and `HOME`; a relative `STET_HOME` is taken from the working directory.
  public static func locate(environment: [String: String]) -> StetHome {
    if let root = environment["STET_HOME"], !root.isEmpty {
      return StetHome(root: Path.absolute(root))
    }
    let user = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? passwordFileHome()
    func base(_ name: String, _ fallback: String) -> String {
      if let value = environment[name], value.hasPrefix("/") { return Path.join(value, "stet") }
      return Path.join(user, "\(fallback)/stet")
    }
    return StetHome(
      configDirectory: base("XDG_CONFIG_HOME", ".config"),
      stateDirectory: base("XDG_STATE_HOME", ".local/state"),
      cacheDirectory: base("XDG_CACHE_HOME", ".cache"))
  }

  /// What the protocol calls `codexHome`.
  public var codexHome: String { root ?? configDirectory }
  public var configFile: String { Path.join(configDirectory, "config.toml") }
  /// The user's own table of providers and models.
  public var modelsFile: String { Path.join(configDirectory, Self.modelsName) }
  static let modelsName = "models.toml"
  public var themesDirectory: String { Path.join(configDirectory, "themes") }
  public var rulesDirectory: String { Path.join(configDirectory, "rules") }
  public var threadsDirectory: String { Path.join(stateDirectory, "threads") }
  public var blobsDirectory: String { Path.join(stateDirectory, "blobs") }
  public var locksDirectory: String { Path.join(stateDirectory, "locks") }
  public var snapshotsDirectory: String { Path.join(stateDirectory, "snapshots") }
  public var logsDirectory: String { Path.join(stateDirectory, "logs") }
  /// Sockets, tokens and notes of app-servers that listen.
  public var serversDirectory: String { Path.join(stateDirectory, "app-server") }
  /// The tokens of MCP servers that the user logged in to.
  public var mcpTokensDirectory: String { Path.join(stateDirectory, "mcp-auth") }
  /// What holds the rights of whoever has it, hidden from commands and from the tools that read: the provider's keys, the
  /// app-servers, whoever reaches one of which needs no sandbox, and the tokens of MCP servers.
  public var deniedReads: [String] {
    [Path.join(codexHome, "auth.json"), serversDirectory, mcpTokensDirectory]
  }
  public var indexPath: String { Path.join(stateDirectory, "index.db") }

  private static func passwordFileHome() -> String {
    guard let entry = getpwuid(getuid()), let directory = entry.pointee.pw_dir else { return "/" }
    return String(cString: directory)
  }
}
