import CGit2

/// What of a repository is compared for a review.
public enum GitComparison: Hashable, Sendable {
  /// The newest commit and the files, new ones included.
  case uncommitted
  /// The newest commit and the files that git knows (`git diff HEAD`).
  case head
  /// The newest commit and the index (`git diff --staged`).
  case staged
  /// Two revisions.
  case range(from: String, to: String)

  /// Whether the new side is what is on disk.
  public var isOnDisk: Bool { self == .uncommitted || self == .head }
}

/// A file of which a comparison says only that it may differ.
public struct SkippedFile: Hashable, Sendable {
  /// As git names it.
  public let path: String
  /// Why, in some words.
  public let note: String
}

/// The changes of a comparison, read by libgit2: no hook, filter program or other command of the repository runs, and
/// nothing in `.git` is written, its index neither.
public struct GitChanges: Sendable {
  /// A larger file is named, not compared: nobody reads it.
  public static let fileLimit = 16 << 20
  /// Bytes of both sides of all files: they are held while the review waits.
  static let limit = 256 << 20
  /// Files of one comparison: more are no review.
  static let countLimit = 10_000

  /// In path order; paths are absolute, `spelled` is as git names them.
  public let changes: [FileChange]
  /// Files that are not compared.
  public let skipped: [SkippedFile]

  /// - Throws: `.notFound` where no repository holds the directory or a revision is unknown. Blocks.
  public init(_ directory: String, _ comparison: GitComparison) throws(WorkspaceError) {
    guard let repository = try GitRepository(directory) else {
      throw WorkspaceError(
        .notFound, "\(directory) lies in no git repository", hint: "Review a turn or the thread.")
    }
    guard let root = repository.workingDirectory else {
      throw WorkspaceError(.notFound, "The repository of \(directory) has no files: it is bare")
    }
    var reader = Reader(repository: repository, root: root, comparison: comparison)
    try reader.read()
    changes = reader.changes.sorted { bytewise($0.path, $1.path) }
    skipped = reader.skipped
  }

  private struct Reader {
    let repository: GitRepository
    let root: String
    let comparison: GitComparison
    var changes: [FileChange] = []
    var skipped: [SkippedFile] = []
    var size = 0

    mutating func read() throws(WorkspaceError) {
      let diff = try repository.diff(comparison)
      defer { git_diff_free(diff) }
      let count = git_diff_num_deltas(diff)
      guard count <= countLimit else {
        throw WorkspaceError(
          .tooLarge, "\(count) files differ: more than \(countLimit) can't be reviewed at once")
      }
      for index in 0..<count {
        if let delta = git_diff_get_delta(diff, index)?.pointee { try add(delta) }
      }
    }

    private mutating func add(_ delta: git_diff_delta) throws(WorkspaceError) {
      guard delta.status != GIT_DELTA_UNMODIFIED, delta.status != GIT_DELTA_IGNORED,
        let name = (delta.new_file.path ?? delta.old_file.path).map({ String(cString: $0) }),
        // A nested repository is a world of its own.
        !name.hasSuffix("/"), delta.old_file.mode != 0o160000, delta.new_file.mode != 0o160000
      else { return }
      let path = PathResolver.join(root, name)
      do throws(WorkspaceError) {
        var base = try repository.state(delta.old_file, name, asFile: comparison.isOnDisk)
        let proposed =
          comparison.isOnDisk
          ? try Workspace.state(at: path, limit: fileLimit)
          : try repository.state(delta.new_file, name, asFile: false)
        guard proposed.kind != .directory, proposed.kind != .other else { return }
        // git knows one bit of a mode; the others are as they are.
        if comparison.isOnDisk, base.kind == .regular, proposed.kind == .regular,
          base.mode & 0o100 == proposed.mode & 0o100
        {
          base = base.with(mode: proposed.mode)
        }
        guard base != proposed else { return }
        // What is on disk may be rejected: what git holds of such a file must never take its place.
        if comparison.isOnDisk, let program = try repository.program(name, base) {
          skipped.append(
            SkippedFile(
              path: name, note: "goes through the filter `\(program)`, which only git runs: see git diff"))
          return
        }
        size += base.bytes.count + proposed.bytes.count
        guard size <= limit else {
          throw WorkspaceError(
            .refused, "The changes have more than \(limit >> 20) MB and can't be reviewed at once")
        }
        changes.append(FileChange(path: path, base: base, proposed: proposed, spelled: name))
      } catch  where error.code == .tooLarge || error.code == .wrongKind {
        let note = error.code == .tooLarge ? "too large to be compared" : "a link leads to it: not compared"
        skipped.append(SkippedFile(path: name, note: note))
      }
    }
  }
}

extension GitRepository {
  /// Real, without a slash at its end; nil for a bare one.
  var workingDirectory: String? {
    git_repository_workdir(handle).map { String(cString: $0) }.map {
      $0.count > 1 && $0.hasSuffix("/") ? String($0.dropLast()) : $0
    }
  }

  /// To be freed by the caller.
  func diff(_ comparison: GitComparison) throws(WorkspaceError) -> OpaquePointer? {
    var options = git_diff_options()
    try GitLibrary.check("libgit2 has no diff options") {
      git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))
    }
    options.flags = UInt32(GIT_DIFF_INCLUDE_TYPECHANGE.rawValue)
    options.ignore_submodules = GIT_SUBMODULE_IGNORE_ALL
    if comparison == .uncommitted {
      options.flags |=
        UInt32(GIT_DIFF_INCLUDE_UNTRACKED.rawValue) | UInt32(GIT_DIFF_RECURSE_UNTRACKED_DIRS.rawValue)
    }
    var diff: OpaquePointer?
    if case .range(let from, let to) = comparison {
      let old = try tree(from)
      defer { git_object_free(old) }
      let new = try tree(to)
      defer { git_object_free(new) }
      try GitLibrary.check("libgit2 can't compare \(from) and \(to)") {
        git_diff_tree_to_tree(&diff, handle, old, new, &options)
      }
      return diff
    }
    // Before the first commit everything is new.
    let head = headCommit == nil ? nil : try tree("HEAD")
    defer { git_object_free(head) }
    let index = try readIndex()
    defer { git_index_free(index) }
    try GitLibrary.check("libgit2 can't compare the files with the newest commit") {
      comparison == .staged
        ? git_diff_tree_to_index(&diff, handle, head, index, &options)
        : git_diff_tree_to_workdir_with_index(&diff, handle, head, &options)
    }
    return diff
  }

  /// The index as it is on disk; to be freed by the caller.
  private func readIndex() throws(WorkspaceError) -> OpaquePointer? {
    var index: OpaquePointer?
    do throws(WorkspaceError) {
      try GitLibrary.check("libgit2 can't read the index") { git_repository_index(&index, handle) }
      try GitLibrary.check("libgit2 can't read the index") { git_index_read(index, 0) }
    } catch {
      git_index_free(index)
      throw Self.indexProblem(error)
    }
    return index
  }

  /// An index of a kind that only git itself reads, in words.
  static func indexProblem(_ error: WorkspaceError) -> WorkspaceError {
    let words = error.underlying ?? ""
    guard words.firstRange(of: "mandatory extension") != nil else { return error }
    return WorkspaceError(
      .refused, "The repository has a split or sparse index, which only git itself can read",
      hint:
        "`git update-index --no-split-index`, or `git sparse-checkout disable`, makes it an ordinary one.",
      underlying: error.underlying)
  }

  /// The tree of a revision, to be freed by the caller.
  private func tree(_ revision: String) throws(WorkspaceError) -> OpaquePointer? {
    var object: OpaquePointer?
    do throws(WorkspaceError) {
      try GitLibrary.check("git knows no revision \(revision)") {
        git_revparse_single(&object, handle, revision)
      }
    } catch {
      throw WorkspaceError(.notFound, "git knows no revision \(revision)", underlying: error.underlying)
    }
    defer { git_object_free(object) }
    var tree: OpaquePointer?
    try GitLibrary.check("\(revision) is no commit") { git_object_peel(&tree, object, GIT_OBJECT_TREE) }
    return tree
  }

  /// One side of a difference. `asFile`: with the line ends that git would write into the file.
  func state(_ file: git_diff_file, _ name: String, asFile: Bool) throws(WorkspaceError) -> FileState {
    var id = file.id
    guard file.mode != 0, git_oid_is_zero(&id) == 0 else { return .absent }
    return try state(id, mode: UInt32(file.mode), name, asFile: asFile)
  }

  func state(
    _ id: git_oid, mode: UInt32, _ name: String, asFile: Bool
  ) throws(WorkspaceError) -> FileState {
    var id = id
    var blob: OpaquePointer?
    try GitLibrary.check("git holds no content of \(name)") { git_blob_lookup(&blob, handle, &id) }
    defer { git_blob_free(blob) }
    guard git_blob_rawsize(blob) <= GitChanges.fileLimit else {
      throw WorkspaceError(.tooLarge, "\(name) is larger than \(GitChanges.fileLimit >> 20) MB", path: name)
    }
    // Its target as bytes: it need not be UTF-8.
    if mode == 0o120000 { return .symlink(toBytes: Self.raw(blob)) }
    let bytes = asFile ? try filtered(blob, name) : Self.raw(blob)
    return .regular(bytes, mode: mode == 0o100755 ? 0o755 : 0o644)
  }

  private static func raw(_ blob: OpaquePointer?) -> [UInt8] {
    guard let start = git_blob_rawcontent(blob) else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: Int(git_blob_rawsize(blob))))
  }

  private func filtered(_ blob: OpaquePointer?, _ name: String) throws(WorkspaceError) -> [UInt8] {
    var buffer = git_buf()
    defer { git_buf_dispose(&buffer) }
    // Without options it gives nothing at all of a binary one.
    var options = git_blob_filter_options()
    options.version = GIT_BLOB_FILTER_OPTIONS_VERSION
    try GitLibrary.check("libgit2 can't convert \(name)") {
      git_blob_filter(&buffer, blob, name, &options)
    }
    guard let start = buffer.ptr, buffer.size > 0 else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: buffer.size))
  }
}
