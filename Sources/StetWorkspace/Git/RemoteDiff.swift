import CGit2

/// The difference between the working tree and the newest commit that a remote is known to have.
public struct RemoteDiff: Hashable, Sendable {
  /// A larger diff is refused: it would not fit into one message, and nobody reads it.
  public static let maximumBytes = 16 << 20
  /// Remote branches that are looked at for the nearest commit.
  private static let maximumBranches = 500

  /// The commit that the remote has, in hexadecimal.
  public let sha: String
  /// A git patch, untracked files with their whole content.
  public let diff: String

  /// Nil where there is no repository, no commit or no remote branch that shares history with HEAD. Blocks.
  public static func read(_ directory: String) throws(WorkspaceError) -> RemoteDiff? {
    guard let repository = try GitRepository(directory), let head = repository.headCommit,
      let base = try nearest(to: head, repository)
    else { return nil }
    return RemoteDiff(sha: GitRepository.hex(base), diff: try patch(from: base, repository))
  }

  /// Of the commits at which HEAD left the remote branches, the one that is the fewest commits behind it.
  private static func nearest(to head: git_oid, _ repository: GitRepository) throws(WorkspaceError)
    -> git_oid?
  {
    var iterator: OpaquePointer?
    try GitLibrary.check("libgit2 can't list the remote branches") {
      git_branch_iterator_new(&iterator, repository.handle, GIT_BRANCH_REMOTE)
    }
    defer { git_branch_iterator_free(iterator) }
    var best: (id: git_oid, ahead: Int)?
    var head = head
    var reference: OpaquePointer?
    var kind = GIT_BRANCH_REMOTE
    var count = 0
    while count < maximumBranches, git_branch_next(&reference, &kind, iterator) == 0 {
      defer { git_reference_free(reference) }
      count += 1
      var (tip, base) = (git_oid(), git_oid())
      guard git_reference_name_to_id(&tip, repository.handle, git_reference_name(reference)) == 0,
        git_merge_base(&base, repository.handle, &head, &tip) == 0
      else { continue }
      var (ahead, behind) = (0, 0)
      guard git_graph_ahead_behind(&ahead, &behind, repository.handle, &head, &base) == 0 else { continue }
      if best.map({ ahead < $0.ahead }) ?? true { best = (base, ahead) }
    }
    return best?.id
  }

  private static func patch(from base: git_oid, _ repository: GitRepository) throws(WorkspaceError) -> String
  {
    var (commit, tree, diff): (OpaquePointer?, OpaquePointer?, OpaquePointer?)
    defer {
      git_diff_free(diff)
      git_tree_free(tree)
      git_commit_free(commit)
    }
    var base = base
    try GitLibrary.check("libgit2 can't read a commit") {
      git_commit_lookup(&commit, repository.handle, &base)
    }
    try GitLibrary.check("libgit2 can't read a tree") { git_commit_tree(&tree, commit) }
    var options = git_diff_options()
    git_diff_options_init(&options, 1)
    options.flags =
      GIT_DIFF_INCLUDE_UNTRACKED.rawValue | GIT_DIFF_RECURSE_UNTRACKED_DIRS.rawValue
      | GIT_DIFF_SHOW_UNTRACKED_CONTENT.rawValue
    try GitLibrary.check("libgit2 can't compare the working tree") {
      git_diff_tree_to_workdir_with_index(&diff, repository.handle, tree, &options)
    }
    var buffer = git_buf()
    defer { git_buf_dispose(&buffer) }
    try GitLibrary.check("libgit2 can't write the diff") {
      git_diff_to_buf(&buffer, diff, GIT_DIFF_FORMAT_PATCH)
    }
    guard buffer.size <= maximumBytes, let bytes = buffer.ptr else {
      guard buffer.size == 0 else {
        throw WorkspaceError(.library, "the diff has \(buffer.size) bytes, more than \(maximumBytes)")
      }
      return ""
    }
    return String(decoding: UnsafeRawBufferPointer(start: bytes, count: buffer.size), as: UTF8.self)
  }
}
