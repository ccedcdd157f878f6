import CGit2

/// libgit2, started once and for all on first use, blind to the machine's configuration.
///
/// No system, global or XDG configuration is read, no GIT_* variable heeded, no owner checked: a snapshot
/// must not depend on who runs stet or how that machine is set up.
enum GitLibrary {
  private static let started: Int32 = {
    let result = git_libgit2_init()
    guard result > 0 else { return result }
    for level in [
      GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
    ] {
      let code = stet_git_set_search_path(UInt32(bitPattern: level.rawValue), "")
      guard code == 0 else { return code }
    }
    let owner = stet_git_set_owner_validation(0)
    guard owner == 0 else { return owner }
    // Packs and their indexes are on disk when a turn says so.
    return stet_git_enable_fsync(1) == 0 ? result : -1
  }()

  /// Starts the library; every entry into it goes through here.
  static func start() throws(WorkspaceError) {
    if started < 0 { throw WorkspaceError(.library, "libgit2 does not start", underlying: lastWords()) }
  }

  /// Calls libgit2 and takes its words at once when it refuses.
  @discardableResult
  static func check(_ what: @autoclosure () -> String, _ body: () -> Int32) throws(WorkspaceError) -> Int32 {
    try start()
    let result = body()
    if result >= 0 { return result }
    let code: WorkspaceError.Code = result == GIT_ENOTFOUND.rawValue ? .notFound : .library
    throw WorkspaceError(code, what(), underlying: lastWords())
  }

  private static func lastWords() -> String? {
    guard let error = git_error_last(), let text = error.pointee.message else { return nil }
    return String(cString: text)
  }
}
