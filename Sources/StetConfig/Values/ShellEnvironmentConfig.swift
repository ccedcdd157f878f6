/// The `[shell_environment_policy]` table: which variables commands see, beside what is always removed.
public struct ShellEnvironmentConfig: Hashable, Sendable {
  public enum Inherit: String, Hashable, Sendable { case all, core, none }

  /// nil leaves the choice to stet's allow-list.
  public let inherit: Inherit?
  /// Keeps names like KEY, SECRET and TOKEN that are otherwise removed.
  public let ignoresDefaultExcludes: Bool
  /// Name patterns with `*` and `?`.
  public let exclude: [String]
  /// If not empty, only names that fit one of these.
  public let includeOnly: [String]
  public let set: [String: String]

  init(_ table: ValueReader) {
    inherit = table.string("inherit").flatMap(Inherit.init)
    ignoresDefaultExcludes = table.bool("ignore_default_excludes") ?? false
    exclude = table.strings("exclude") ?? []
    includeOnly = table.strings("include_only") ?? []
    set = table.stringMap("set")
  }
}

/// The `[sandbox_workspace_write]` table.
public struct WorkspaceWriteConfig: Hashable, Sendable {
  /// Writable beside the workspace; absolute.
  public let writableRoots: [String]
  public let networkAccess: Bool
  public let excludesTmpdirVariable: Bool
  public let excludesSlashTmp: Bool

  init(_ table: ValueReader) {
    writableRoots = (table.strings("writable_roots") ?? []).map(Path.absolute)
    networkAccess = table.bool("network_access") ?? false
    excludesTmpdirVariable = table.bool("exclude_tmpdir_env_var") ?? false
    excludesSlashTmp = table.bool("exclude_slash_tmp") ?? false
  }
}
