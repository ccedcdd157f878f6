import CGit2

/// What git would ignore below a directory, by libgit2: `.gitignore` files at any depth and, in a repository,
/// `.git/info/exclude`. Outside of a repository the `.gitignore` files still count. Not for two threads at
/// once.
final class IgnoreRules {
  private let repository: OpaquePointer
  /// The real path of the working directory, with a slash at its end.
  private let base: String

  /// For a walk from `start`, which is `root` or lies below it: the rules of the repository that holds `root`, else
  /// those of `root` as if it were one. A root or a start that these ignore was chosen on purpose: then only its own
  /// count.
  static func covering(_ start: String, root: String) throws(WorkspaceError) -> IgnoreRules {
    var rules = try IgnoreRules(root: root)
    if try rules.ignores(root + "/") { rules = try IgnoreRules(alone: root) }
    return try rules.ignores(start + "/") ? IgnoreRules(alone: start) : rules
  }

  convenience init(root: String) throws(WorkspaceError) {
    var opened: OpaquePointer?
    // No flag that heeds the environment: GIT_DIR is none of our business.
    if let found = try Self.open(root, &opened) {
      self.init(found, base: git_repository_workdir(found).map { String(cString: $0) } ?? root + "/")
    } else {
      try self.init(alone: root)
    }
  }

  private convenience init(alone root: String) throws(WorkspaceError) {
    var opened: OpaquePointer?
    try GitLibrary.check("libgit2 makes no repository") { git_repository_new(&opened) }
    guard let made = opened else { throw WorkspaceError(.library, "libgit2 makes no repository") }
    self.init(made, base: root == "/" ? root : root + "/")
    try GitLibrary.check("libgit2 refuses the directory \(root)") {
      git_repository_set_workdir(made, root, 0)
    }
  }

  private init(_ repository: OpaquePointer, base: String) {
    self.repository = repository
    self.base = base
  }

  private static func open(
    _ root: String, _ opened: inout OpaquePointer?
  ) throws(WorkspaceError) -> OpaquePointer? {
    do throws(WorkspaceError) {
      try GitLibrary.check("libgit2 can't open the repository of \(root)") {
        git_repository_open_ext(&opened, root, 0, nil)
      }
    } catch  where error.code == .notFound || error.code == .library {
      // None, or one of a kind that libgit2 does not know: the `.gitignore` files still count.
      return nil
    }
    guard let repository = opened else { return nil }
    if git_repository_is_bare(repository) == 1 {
      git_repository_free(repository)
      return nil
    }
    return repository
  }

  /// Whether git ignores an absolute path; a directory's path ends in a slash. Its parents are not asked
  /// again.
  func ignores(_ path: String) throws(WorkspaceError) -> Bool {
    guard path.utf8.starts(with: base.utf8) else { return false }
    let relative = String(decoding: path.utf8.dropFirst(base.utf8.count), as: UTF8.self)
    if relative.isEmpty { return false }
    var ignored: Int32 = 0
    try GitLibrary.check("libgit2 can't read the ignore rules of \(path)") {
      git_ignore_path_is_ignored(&ignored, repository, relative)
    }
    return ignored == 1
  }

  deinit { git_repository_free(repository) }
}
