import CGit2
import CPlatform
import Glibc

/// The repository of a workspace, read only: which contents it holds exactly as they are in the files, so that they
/// need no copy. Its index is read from a copy, no lock is taken, nothing in `.git` is touched. Not for two threads
/// at once.
final class UserRepository {
  private let repository: OpaquePointer
  private let objects: OpaquePointer
  private let gitDirectory: String
  private let commonDirectory: String
  private let copyDirectory: String
  private var index: OpaquePointer?
  private var indexStamp: FileStatus?
  private(set) var hasFilters = false

  /// Nil where there is none at this root, or libgit2 can't read it (reftable, unknown extensions): then every content
  /// is copied.
  init?(root: String, copyDirectory: String) {
    var opened: OpaquePointer?
    var database: OpaquePointer?
    do {
      try GitLibrary.check("libgit2 can't open the repository of \(root)") {
        // No search upwards, and no flag that heeds the environment.
        git_repository_open_ext(&opened, root, UInt32(GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue), nil)
      }
      try GitLibrary.check("libgit2 can't read the objects of \(root)") {
        git_repository_odb(&database, opened)
      }
    } catch {
      git_repository_free(opened)
      return nil
    }
    guard let opened, let database, let directory = git_repository_path(opened),
      let common = git_repository_commondir(opened), git_repository_is_bare(opened) == 0
    else {
      git_odb_free(database)
      git_repository_free(opened)
      return nil
    }
    repository = opened
    objects = database
    gitDirectory = String(cString: directory)
    commonDirectory = String(cString: common)
    self.copyDirectory = copyDirectory
  }

  /// Reads the index again if it changed. One that libgit2 can't read (split, sparse) is none.
  func refresh() {
    let path = gitDirectory + "index"
    let stamp = FileStatus.of(path)
    guard stamp != indexStamp || stamp == nil else { return }
    git_index_free(index)
    index = nil
    indexStamp = stamp
    guard stamp != nil else { return }
    let copy = PathResolver.join(copyDirectory, "index-\(getpid())-\(randomName())")
    defer { unlink(copy) }
    do {
      // The first look may come before anything else was kept.
      try makePrivateDirectory(copyDirectory)
      let bytes = try Workspace.state(at: path, limit: Self.indexLimit).bytes
      let file = Descriptor(
        try check("Cannot make \(copy)") { open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) })
      try writeAll(file, bytes, path: copy)
      var opened: OpaquePointer?
      try GitLibrary.check("libgit2 can't read the index") { git_index_open(&opened, copy) }
      index = opened
    } catch {
      index = nil
    }
  }

  /// An index of a million files has about 100 MB.
  private static let indexLimit = 512 << 20

  /// Attributes may change what lies between a file and its blob without changing its size: then only hashes tell.
  func noteAttributes(_ paths: [String]) {
    hasFilters = (paths + [commonDirectory + "info/attributes"]).contains { path in
      do {
        let text = String(decoding: try Workspace.state(at: path, limit: 1 << 20).bytes, as: UTF8.self)
        return text.firstRange(of: "filter") != nil || text.firstRange(of: "working-tree-encoding") != nil
      } catch {
        // What can't be read may say anything.
        return true
      }
    }
  }

  /// Where git's own exclude rules lie.
  var excludeFile: String { commonDirectory + "info/exclude" }

  func tracks(_ path: UnsafePointer<CChar>, isDirectory: Bool) -> Bool {
    guard let index else { return false }
    if !isDirectory { return git_index_get_bypath(index, path, 0) != nil }
    var position = 0
    return git_index_find_prefix(&position, index, String(cString: path) + "/") == 0
  }

  /// The id of a file's content by its stat alone; nil when git would have to look into the file, or did convert it.
  func id(_ path: UnsafePointer<CChar>, _ entry: stet_tree_entry) -> git_oid? {
    guard !hasFilters, let index, let stamp = indexStamp,
      let known = git_index_get_bypath(index, path, 0)?.pointee
    else { return nil }
    let isLink = entry.kind == .symlink
    guard known.mode & 0o170000 == (isLink ? 0o120000 : 0o100000), known.flags_extended & 1 << 13 == 0,
      known.file_size == UInt32(truncatingIfNeeded: entry.size),
      known.ino == UInt32(truncatingIfNeeded: entry.inode),
      Self.nanoseconds(known.mtime) == entry.modified_ns, Self.nanoseconds(known.ctime) == entry.changed_ns,
      // Racily clean: written in the tick in which the index was.
      entry.modified_ns < stamp.modifiedNs
    else { return nil }
    var size = 0
    var type = GIT_OBJECT_INVALID
    var id = known.id
    guard git_odb_read_header(&size, &type, objects, &id) == 0, type == GIT_OBJECT_BLOB,
      UInt64(size) == entry.size
    else { return nil }
    return id
  }

  /// Whether the index knows a path with this content.
  func holds(_ path: String, _ id: String) -> Bool {
    guard let index, let known = git_index_get_bypath(index, path, 0)?.pointee else { return false }
    var size = 0
    var type = GIT_OBJECT_INVALID
    var object = known.id
    return GitRepository.hex(object) == id && git_odb_read_header(&size, &type, objects, &object) == 0
  }

  /// A content; `.expired` when it is not there any more.
  func read(_ id: String) throws(WorkspaceError) -> [UInt8] {
    var key = git_oid()
    try GitLibrary.check("\(id) is no content id") { git_oid_fromstr(&key, id) }
    var object: OpaquePointer?
    do throws(WorkspaceError) {
      try GitLibrary.check("The content \(id) can't be read") { git_odb_read(&object, objects, &key) }
    } catch {
      throw WorkspaceError(
        .expired, "The repository has no content \(id) any more", underlying: error.underlying)
    }
    defer { git_odb_object_free(object) }
    guard let data = git_odb_object_data(object) else { return [] }
    return Array(UnsafeRawBufferPointer(start: data, count: git_odb_object_size(object)))
  }

  private static func nanoseconds(_ time: git_index_time) -> Int64 {
    // The index keeps 32 bits of the seconds.
    Int64(UInt32(bitPattern: time.seconds)) * 1_000_000_000 + Int64(time.nanoseconds)
  }

  deinit {
    git_index_free(index)
    git_odb_free(objects)
    git_repository_free(repository)
  }
}

/// What tells whether a file was replaced or written.
struct FileStatus: Hashable {
  let device: UInt64
  let inode: UInt64
  let size: UInt64
  let modifiedNs: Int64
  let changedNs: Int64

  static func of(_ path: String) -> FileStatus? {
    var status = stet_file_status()
    guard stet_status(AT_FDCWD, path, &status) == 0 else { return nil }
    return FileStatus(
      device: status.device, inode: status.inode, size: status.size, modifiedNs: status.modified_ns,
      changedNs: status.changed_ns)
  }
}
