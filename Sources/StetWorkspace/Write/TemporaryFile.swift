import CPlatform
import Glibc

/// The new content of a file, beside the file, until it is renamed.
enum TemporaryFile {
  /// Makes it, with the mode of the state and owner, access list and attributes of the file it replaces; flushes it
  /// unless who calls does that for many at once.
  static func make(
    _ state: FileState, named name: String, in directory: DirectoryHandle, like old: String?,
    flushing: Bool = true
  ) throws(WorkspaceError) {
    let path = directory.full(name)
    switch state.kind {
    case .symlink:
      // A target is bytes: it need not be UTF-8.
      let target = state.bytes.map { CChar(bitPattern: $0) } + [0]
      try check("Cannot make the link \(path)", path: path) {
        symlinkat(target, directory.descriptor.number, name)
      }
    case .regular:
      let number = try check("Cannot make \(path)", path: path) {
        openat(directory.descriptor.number, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
      }
      let file = Descriptor(number)
      try writeAll(file, state.bytes, path: path)
      if let old { try copyOwnership(of: old, to: file, in: directory) }
      try check("Cannot set the mode of \(path)", path: path) { fchmod(file.number, mode_t(state.mode)) }
      if flushing { try check("Cannot flush \(path)", path: path) { fsync(file.number) } }
    case .absent, .directory, .other:
      break
    }
  }

  /// Before the mode is set: a change of owner clears the set-id bits. Not being allowed to give files
  /// away, or to set attributes that only root may set, is usual and no error.
  private static func copyOwnership(
    of name: String, to file: Descriptor, in directory: DirectoryHandle
  ) throws(WorkspaceError) {
    let number = openat(
      directory.descriptor.number, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard number >= 0 else { return }
    let old = Descriptor(number)
    var info = stat()
    try check("Cannot examine \(directory.full(name))") { fstat(old.number, &info) }
    guard fileKind(ofMode: info.st_mode) == .regular else { return }
    if info.st_uid != geteuid() || info.st_gid != getegid() {
      if fchown(file.number, info.st_uid, info.st_gid) != 0 {
        _ = fchown(file.number, uid_t.max, info.st_gid)
      }
    }
    _ = stet_copy_attributes(old.number, file.number)
  }

  /// Gives it the name. Without `replacing`, a file that appeared there meanwhile wins and this is `.stale`.
  static func move(
    _ temporary: String, to name: String, in directory: DirectoryHandle, replacing: Bool
  ) throws(WorkspaceError) {
    let number = directory.descriptor.number
    let path = directory.full(name)
    if !replacing {
      let code = -stet_rename_new(number, temporary, name)
      if code == 0 { return }
      if code == EEXIST {
        throw WorkspaceError(.stale, "\(path) exists already; nothing was written", path: path)
      }
      // A file system that can't refuse to replace: look, then rename.
      guard code == EINVAL || code == ENOSYS, try directory.status(name) == nil else {
        throw systemError("Cannot make \(path)", code, path: path)
      }
    }
    try check("Cannot replace \(path)", path: path) { renameat(number, temporary, number, name) }
  }
}

/// Replaces the bytes of a file that has other hard links or lies where no name can be made, keeping the file itself.
enum InPlaceWrite {
  static func replace(
    _ name: String, in directory: DirectoryHandle, with state: FileState,
    same status: stat?, torn: () throws -> Void
  ) throws {
    let path = directory.full(name)
    // A file that is read-only comes here only where it may be written all the same; its mode is set at the end.
    if state.kind == .regular, faccessat(directory.descriptor.number, name, W_OK, AT_EACCESS) != 0 {
      try setMode((status?.st_mode ?? 0o600) & 0o7777 | 0o200, of: name, in: directory)
    }
    let file = Descriptor(
      try check("Cannot write \(path)", path: path) {
        openat(directory.descriptor.number, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
      })
    var info = stat()
    try check("Cannot examine \(path)", path: path) { fstat(file.number, &info) }
    guard info.st_ino == status?.st_ino, info.st_dev == status?.st_dev else {
      throw WorkspaceError(.stale, "\(path) changed on disk; nothing was written", path: path)
    }
    // First the bytes, then the length: a torn write is a prefix of the new content and the rest of the old
    // one, which recovery can tell from anybody's edit.
    try writeAll(file, Array(state.bytes.prefix(state.bytes.count / 2)), path: path)
    try torn()
    try writeAll(file, Array(state.bytes.dropFirst(state.bytes.count / 2)), path: path)
    try check("Cannot cut \(path)", path: path) { ftruncate(file.number, off_t(state.bytes.count)) }
    // Another user's file may be written and not given a mode; where it has that mode nothing is lacking.
    if fchmod(file.number, mode_t(state.mode)) != 0, errno != EPERM || info.st_mode & 0o7777 != state.mode {
      throw systemError("Cannot set the mode of \(path)", errno, path: path)
    }
    try check("Cannot flush \(path)", path: path) { fsync(file.number) }
  }
}

/// Sets the mode of an entry, which is no link.
func setMode(_ mode: mode_t, of name: String, in directory: DirectoryHandle) throws(WorkspaceError) {
  let path = directory.full(name)
  try check("Cannot set the mode of \(path)", path: path) {
    fchmodat(directory.descriptor.number, name, mode & 0o7777, AT_SYMLINK_NOFOLLOW)
  }
}

/// Flushes the file systems of some directories, each once.
func flushFileSystems(of directories: Set<String>) throws(WorkspaceError) {
  var done: Set<dev_t> = []
  for path in directories {
    // To be flushed it must be readable, which one that may only be crossed is not: its files are flushed with others.
    let number = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard number >= 0 else { continue }
    let directory = Descriptor(number)
    var info = stat()
    try check("Cannot examine \(path)", path: path) { fstat(directory.number, &info) }
    guard done.insert(info.st_dev).inserted else { continue }
    let code = stet_flush_file_system(directory.number)
    if code < 0 { throw systemError("Cannot flush the file system of \(path)", -code, path: path) }
  }
}
