import CGit2

/// What git says of a directory: read by libgit2, which runs no hook and no program.
public struct GitFacts: Hashable, Sendable {
  /// The commit that is checked out, in hexadecimal; nil before the first one.
  public let sha: String?
  /// Nil for a detached HEAD.
  public let branch: String?
  /// Where `origin` lies, without the name and password that a URL may carry.
  public let originURL: String?

  /// The facts of the repository that holds `directory`, a linked worktree too; nil where there is none. Blocks.
  public static func read(_ directory: String) throws(WorkspaceError) -> GitFacts? {
    guard let repository = try GitRepository(directory) else { return nil }
    return GitFacts(
      sha: repository.headCommit.map(GitRepository.hex), branch: repository.branch,
      originURL: repository.originURL.map(withoutSecrets))
  }

  /// `https://user:token@host/x` becomes `https://host/x`; the user of an ssh URL is no secret, a password is.
  public static func withoutSecrets(_ url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return url }
    let rest = url[scheme.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard let at = authority.lastIndex(of: "@") else { return url }
    let user = authority[..<at]
    let isShell = url[..<scheme.lowerBound].hasSuffix("ssh")
    let kept = isShell ? user.prefix { $0 != ":" } + "@" : ""
    return url[..<scheme.upperBound] + kept + rest[authority.index(after: at)...]
  }
}

/// An opened repository. Not for two threads at once.
final class GitRepository {
  let handle: OpaquePointer

  /// Nil where no repository holds the directory.
  init?(_ directory: String) throws(WorkspaceError) {
    var opened: OpaquePointer?
    do throws(WorkspaceError) {
      // No flag that heeds the environment: GIT_DIR is none of our business.
      try GitLibrary.check("libgit2 can't open the repository of \(directory)") {
        git_repository_open_ext(&opened, directory, 0, nil)
      }
    } catch  where error.code == .notFound {
      return nil
    }
    guard let opened else { return nil }
    handle = opened
  }

  deinit { git_repository_free(handle) }

  /// The commit that is checked out.
  var headCommit: git_oid? {
    var id = git_oid()
    return git_reference_name_to_id(&id, handle, "HEAD") == 0 ? id : nil
  }

  /// The branch that HEAD names, also before its first commit.
  var branch: String? {
    var reference: OpaquePointer?
    guard git_reference_lookup(&reference, handle, "HEAD") == 0 else { return nil }
    defer { git_reference_free(reference) }
    guard let target = git_reference_symbolic_target(reference) else { return nil }
    let name = String(cString: target)
    return name.hasPrefix("refs/heads/") ? String(name.dropFirst(11)) : name
  }

  var originURL: String? {
    var remote: OpaquePointer?
    guard git_remote_lookup(&remote, handle, "origin") == 0 else { return nil }
    defer { git_remote_free(remote) }
    return git_remote_url(remote).map { String(cString: $0) }
  }

  static func hex(_ id: git_oid) -> String {
    var id = id
    var buffer = [CChar](repeating: 0, count: 41)
    git_oid_tostr(&buffer, buffer.count, &id)
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
