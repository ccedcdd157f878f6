import CGit2
import Glibc

/// What came of staging one file.
public struct StagedFile: Hashable, Sendable {
  public enum Outcome: Hashable, Sendable {
    case staged
    /// The index holds it already.
    case unchanged
    /// The index holds other changes of the same lines.
    case conflicted
    case refused(reason: String)
  }

  public let path: String
  public let outcome: Outcome
}

/// Writes the accepted parts of changes into the index of the user's repository. The files, HEAD and every other entry
/// stay as they are; what was staged before stays staged where it is not of the same lines.
///
/// The new index is made from a copy and takes the place of the old one under git's own lock, and only if nobody wrote
/// the old one since. libgit2 drops the index's caches (untracked files, monitor), which git makes anew.
public struct GitStage {
  private let repository: GitRepository
  private let root: String
  private let indexPath: String
  /// Where the copy lies: private to the user.
  private let scratch: String

  /// - Throws: `.notFound` where no repository holds the directory. Blocks, like all that follows.
  public init(_ directory: String, scratch: String) throws(WorkspaceError) {
    guard let repository = try GitRepository(directory), let root = repository.workingDirectory,
      let path = git_repository_path(repository.handle)
    else { throw WorkspaceError(.notFound, "\(directory) lies in no git repository") }
    self.repository = repository
    self.root = root
    indexPath = String(cString: path) + "index"
    self.scratch = scratch
  }

  /// Stages what the decisions accept. A file that can't be staged does not keep the others from it.
  public func stage(_ files: [Proposal]) throws(WorkspaceError) -> [StagedFile] {
    try makePrivateDirectory(scratch)
    let old = try Workspace.state(at: indexPath, limit: Self.indexLimit)
    let copy = PathResolver.join(scratch, "index-\(getpid())-\(randomName())")
    defer { unlink(copy) }
    if old.kind == .regular { try Self.write(old.bytes, to: copy, mode: 0o600) }
    var opened: OpaquePointer?
    do throws(WorkspaceError) {
      try GitLibrary.check("libgit2 can't read the index") { git_index_open(&opened, copy) }
    } catch {
      throw GitRepository.indexProblem(error)
    }
    defer { git_index_free(opened) }
    guard let index = opened else { throw WorkspaceError(.library, "libgit2 can't read the index") }
    var results: [StagedFile] = []
    for file in files { results += try stage(file, index) }
    guard results.contains(where: { $0.outcome == .staged }) else { return results }
    try GitLibrary.check("libgit2 can't write the index") { git_index_write(index) }
    try replace(old, with: try Workspace.state(at: copy, limit: Self.indexLimit).bytes)
    return results
  }

  /// An index of a million files has about 100 MB.
  private static let indexLimit = 512 << 20

  // MARK: - One file

  private func stage(_ file: Proposal, _ index: OpaquePointer) throws(WorkspaceError) -> [StagedFile] {
    let result = file.result()
    var staged: [StagedFile] = []
    if let old = result.removes {
      staged.append(try stage(old, from: file.base, to: .absent, index))
      // Moved, a file that git does not know is none that it gets to know by this.
      let isKnown = git_index_get_bypath(index, name(old) ?? "", 0) != nil
      staged.append(try stage(result.path, from: isKnown ? .absent : file.base, to: result.state, index))
    } else if result.state != file.base {
      staged.append(try stage(result.path, from: file.base, to: result.state, index))
    }
    return staged
  }

  private func stage(
    _ path: String, from base: FileState, to wanted: FileState, _ index: OpaquePointer
  ) throws(WorkspaceError) -> StagedFile {
    func answer(_ outcome: StagedFile.Outcome) -> StagedFile { StagedFile(path: path, outcome: outcome) }
    guard let name = self.name(path) else {
      return answer(.refused(reason: "it lies outside of the repository \(root)"))
    }
    let parts = name.split(separator: "/").map { $0.lowercased() }
    if parts.contains(".git") { return answer(.refused(reason: "git does not take names like this")) }
    for stage in Int32(1)...3 where git_index_get_bypath(index, name, stage) != nil {
      return answer(.refused(reason: "it has a merge conflict"))
    }
    if let filter = try repository.program(name), wanted.kind == .regular {
      return answer(
        .refused(reason: "it goes through the filter `\(filter)`, which only git runs: use git add"))
    }
    var present = FileState.absent
    // `git add -N` says that a file will come: nothing of it is in the index.
    let coming = UInt16(GIT_INDEX_ENTRY_INTENT_TO_ADD.rawValue)
    if let known = git_index_get_bypath(index, name, 0)?.pointee, known.flags_extended & coming == 0 {
      do throws(WorkspaceError) {
        present = try repository.state(known.id, mode: known.mode, name, asFile: true)
      } catch {
        return answer(.refused(reason: error.message))
      }
    } else if wanted.kind != .absent, git_index_get_bypath(index, name, 0) == nil {
      if base.kind != .absent {
        return answer(.refused(reason: "git does not know the file: git add takes all of it"))
      }
      var ignored: Int32 = 0
      try GitLibrary.check("libgit2 can't read the ignore rules of \(path)") {
        git_ignore_path_is_ignored(&ignored, repository.handle, name)
      }
      if ignored == 1 { return answer(.refused(reason: "git ignores it: git add -f takes it all the same")) }
    }
    guard let new = try merged(present, base, wanted) else { return answer(.conflicted) }
    if new == Self.asGit(present) { return answer(.unchanged) }
    try put(new, name, index)
    return answer(.staged)
  }

  /// The path below the repository's root; nil outside of it.
  private func name(_ path: String) -> String? {
    guard path.utf8.starts(with: (root + "/").utf8) else { return nil }
    return String(decoding: path.utf8.dropFirst(root.utf8.count + 1), as: UTF8.self)
  }

  /// What the index shall hold; nil when it holds other changes of the same lines.
  private func merged(
    _ present: FileState, _ base: FileState, _ wanted: FileState
  ) throws(WorkspaceError) -> FileState? {
    let wanted = Self.asGit(wanted)
    let base = Self.asGit(base)
    let present = Self.asGit(present)
    // A file that git does not know is taken as it shall be.
    if present == base || present == wanted || present.kind == .absent { return wanted }
    guard present.kind == .regular, base.kind == .regular, wanted.kind == .regular,
      !present.isBinary, !base.isBinary, !wanted.isBinary
    else { return nil }
    guard
      let bytes = try ThreeWayMerge.clean(base: base.bytes, ours: present.bytes, theirs: wanted.bytes)
    else { return nil }
    return .regular(bytes, mode: wanted.mode == base.mode ? present.mode : wanted.mode)
  }

  /// git knows two modes of files.
  private static func asGit(_ state: FileState) -> FileState {
    state.kind == .regular ? state.with(mode: state.mode & 0o100 != 0 ? 0o755 : 0o644) : state
  }

  private func put(_ state: FileState, _ name: String, _ index: OpaquePointer) throws(WorkspaceError) {
    if state.kind == .absent {
      try GitLibrary.check("libgit2 can't take \(name) out of the index") {
        git_index_remove(index, name, 0)
      }
      return
    }
    // Without times and size: git looks at the file the next time it is asked, as after `git apply --cached`.
    var entry = git_index_entry()
    entry.mode = state.kind == .symlink ? 0o120000 : state.mode & 0o100 != 0 ? 0o100755 : 0o100644
    entry.id = try store(state, name)
    try GitLibrary.check("libgit2 can't put \(name) into the index") {
      name.withCString { path in
        entry.path = path
        return git_index_add(index, &entry)
      }
    }
  }

  /// Writes the content as git would hold it (line ends converted as its attributes say).
  private func store(_ state: FileState, _ name: String) throws(WorkspaceError) -> git_oid {
    var bytes = state.bytes
    if state.kind == .regular {
      var filters: OpaquePointer?
      try GitLibrary.check("libgit2 can't read the attributes of \(name)") {
        git_filter_list_load(
          &filters, repository.handle, nil, name, GIT_FILTER_TO_ODB, UInt32(GIT_FILTER_DEFAULT.rawValue))
      }
      defer { git_filter_list_free(filters) }
      if filters != nil {
        var buffer = git_buf()
        defer { git_buf_dispose(&buffer) }
        try GitLibrary.check("libgit2 can't convert \(name)") {
          bytes.withUnsafeBytes {
            git_filter_list_apply_to_buffer(
              &buffer, filters, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
          }
        }
        bytes = buffer.ptr.map { Array(UnsafeRawBufferPointer(start: $0, count: buffer.size)) } ?? []
      }
    }
    var objects: OpaquePointer?
    try GitLibrary.check("libgit2 can't open the objects") { git_repository_odb(&objects, repository.handle) }
    defer { git_odb_free(objects) }
    var id = git_oid()
    try GitLibrary.check("libgit2 can't store \(name)") {
      bytes.withUnsafeBytes { git_odb_write(&id, objects, $0.baseAddress, $0.count, GIT_OBJECT_BLOB) }
    }
    return id
  }

  // MARK: - The index

  /// By git's own protocol: who makes `index.lock` may write, and does it by renaming that file.
  private func replace(_ old: FileState, with bytes: [UInt8]) throws(WorkspaceError) {
    let lock = indexPath + ".lock"
    do throws(WorkspaceError) {
      try Self.write(bytes, to: lock, mode: mode_t(old.kind == .regular ? old.mode : 0o644))
    } catch  where error.systemCode == EEXIST {
      throw WorkspaceError(
        .locked, "Another program is writing the index (\(lock) is there); nothing was staged",
        hint: "Wait for it; if it died, remove that file.", path: lock)
    }
    do throws(WorkspaceError) {
      guard try Workspace.state(at: indexPath, limit: Self.indexLimit).stamp.sameContent(as: old.stamp) else {
        throw WorkspaceError(
          .stale, "The index changed meanwhile; nothing was staged", hint: "Stage again.", path: indexPath)
      }
      try check("Cannot replace the index", path: indexPath) { rename(lock, indexPath) }
    } catch {
      unlink(lock)
      throw error
    }
    flushDirectory(PathResolver.split(indexPath).directory)
  }

  private static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(WorkspaceError) {
    let file = Descriptor(
      try check("Cannot make \(path)", path: path) {
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
      })
    do throws(WorkspaceError) {
      try writeAll(file, bytes, path: path)
      try check("Cannot flush \(path)", path: path) { fsync(file.number) }
    } catch {
      unlink(path)
      throw error
    }
  }
}
