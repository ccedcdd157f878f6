import Glibc

/// Removing and copying, of single files and of whole trees. Trees are walked by descriptor: a directory that becomes
/// a link meanwhile is not followed.
extension Disk {
  /// Directories nested deeper than this are refused: each level holds a descriptor.
  static let treeDepth = 256
  /// Names read of one directory at a time.
  private static let batch = 4_096
  /// Bytes copied at a time.
  private static let copyChunk = 1 << 20

  /// Removes a file, a link (not what it leads to) or a directory; one with something in it only if `recursive`.
  /// With `force` an absent path is no error.
  public static func remove(_ path: String, recursive: Bool, force: Bool) throws(WorkspaceError) {
    var resolver = PathResolver()
    let (parent, name) = PathResolver.split(try resolver.parentResolved(path))
    guard !name.isEmpty else { throw WorkspaceError(.refused, "/ is never removed", path: path) }
    do throws(WorkspaceError) {
      let directory = try DirectoryHandle.open(parent)
      var info = stat()
      try check("Cannot remove \(path)", path: path) {
        fstatat(directory.descriptor.number, name, &info, AT_SYMLINK_NOFOLLOW)
      }
      let isDirectory = fileKind(ofMode: info.st_mode) == .directory
      let bytes = Array(name.utf8CString)
      if isDirectory, recursive { try empty(bytes, in: directory.descriptor, path: path, depth: 0) }
      try unlink(bytes, in: directory.descriptor, isDirectory: isDirectory, path: path)
    } catch  where error.systemCode == ENOENT && force {
      return
    }
  }

  /// Copies a file (what a link on the way to it leads to), a link as a link, or with `recursive` a directory with all
  /// that is in it; sockets, devices and pipes in it are passed over. Files appear whole at their new place.
  public static func copy(_ source: String, to destination: String, recursive: Bool) throws(WorkspaceError) {
    var resolver = PathResolver()
    let (parent, name) = PathResolver.split(try resolver.parentResolved(source))
    let directory = try DirectoryHandle.open(parent)
    let from = Node(name: Array(name.isEmpty ? ".".utf8CString : name.utf8CString), in: directory.descriptor)
    var info = stat()
    try check("Cannot examine \(source)", path: source) { from.status(&info) }
    guard fileKind(ofMode: info.st_mode) == .directory else {
      let (target, last) = try destinationPlace(
        destination, follow: fileKind(ofMode: info.st_mode) != .symlink)
      let to = Node(name: Array(last.utf8CString), in: target.descriptor)
      guard try copyLeaf(from, info, to: to, path: destination) else {
        throw WorkspaceError(
          .refused, "fs/copy only supports regular files, directories, and symlinks", path: source)
      }
      return
    }
    guard recursive else {
      throw WorkspaceError(
        .refused, "fs/copy requires recursive: true when sourcePath is a directory", path: source)
    }
    let target = try resolver.resolved(destination)
    guard !PathResolver.contains(try resolver.resolved(source), target) else {
      throw WorkspaceError(
        .refused, "fs/copy cannot copy a directory to itself or one of its descendants", path: source)
    }
    try makeDirectory(target, recursive: true)
    let into = try DirectoryHandle.open(target)
    let opened = try open(from, path: source)
    try copyContents(of: opened, into: into.descriptor, path: source, depth: 0)
  }

  // MARK: - Parts

  /// A name in an open directory, as bytes: names need not be UTF-8.
  private struct Node {
    let name: [CChar]
    let directory: Descriptor

    init(name: [CChar], in directory: Descriptor) {
      self.name = name
      self.directory = directory
    }

    func status(_ info: inout stat) -> Int32 {
      fstatat(directory.number, name, &info, AT_SYMLINK_NOFOLLOW)
    }
  }

  private static func destinationPlace(
    _ path: String, follow: Bool
  ) throws(WorkspaceError) -> (DirectoryHandle, String) {
    if follow { return try place(of: path) }
    var resolver = PathResolver()
    let (parent, name) = PathResolver.split(try resolver.parentResolved(path))
    guard !name.isEmpty else { throw systemError("Cannot write \(path)", EISDIR, path: path) }
    return (try DirectoryHandle.open(parent), name)
  }

  private static func open(_ node: Node, path: String) throws(WorkspaceError) -> Descriptor {
    Descriptor(
      try check("Cannot open \(path)", path: path) {
        openat(node.directory.number, node.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      })
  }

  private static func unlink(
    _ name: [CChar], in directory: Descriptor, isDirectory: Bool, path: String
  ) throws(WorkspaceError) {
    try check("Cannot remove \(path)", path: path) {
      unlinkat(directory.number, name, isDirectory ? AT_REMOVEDIR : 0)
    }
  }

  private static func empty(
    _ name: [CChar], in parent: Descriptor, path: String, depth: Int
  ) throws(WorkspaceError) {
    guard depth < treeDepth else { throw tooDeep(path) }
    let directory = try open(Node(name: name, in: parent), path: path)
    while true {
      let names = try rawNames(directory, path: path)
      if names.isEmpty { return }
      for name in names {
        var info = stat()
        try check("Cannot remove something in \(path)", path: path) {
          fstatat(directory.number, name, &info, AT_SYMLINK_NOFOLLOW)
        }
        let isDirectory = fileKind(ofMode: info.st_mode) == .directory
        if isDirectory { try empty(name, in: directory, path: path, depth: depth + 1) }
        try unlink(name, in: directory, isDirectory: isDirectory, path: path)
      }
    }
  }

  private static func copyContents(
    of source: Descriptor, into target: Descriptor, path: String, depth: Int
  ) throws(WorkspaceError) {
    guard depth < treeDepth else { throw tooDeep(path) }
    for name in try rawNames(source, path: path, limit: .max) {
      let from = Node(name: name, in: source)
      let to = Node(name: name, in: target)
      var info = stat()
      try check("Cannot examine something in \(path)", path: path) { from.status(&info) }
      guard fileKind(ofMode: info.st_mode) == .directory else {
        _ = try copyLeaf(from, info, to: to, path: path)
        continue
      }
      if mkdirat(target.number, name, 0o777) != 0, errno != EEXIST {
        throw systemError("Cannot make a directory in the copy of \(path)", errno, path: path)
      }
      try copyContents(of: open(from, path: path), into: open(to, path: path), path: path, depth: depth + 1)
    }
  }

  /// False for what is neither file nor link.
  private static func copyLeaf(
    _ from: Node, _ info: stat, to: Node, path: String
  ) throws(WorkspaceError) -> Bool {
    switch fileKind(ofMode: info.st_mode) {
    case .symlink:
      var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
      try check("Cannot read a link for \(path)", path: path) {
        readlinkat(from.directory.number, from.name, &target, Int(PATH_MAX))
      }
      try check("Cannot make the link \(path)", path: path) {
        symlinkat(target, to.directory.number, to.name)
      }
      return true
    case .regular:
      try copyFile(from, info, to: to, path: path)
      return true
    default: return false
    }
  }

  private static func copyFile(
    _ from: Node, _ info: stat, to: Node, path: String
  ) throws(WorkspaceError) {
    var old = stat()
    if to.status(&old) == 0 {
      if old.st_dev == info.st_dev, old.st_ino == info.st_ino { return }
      if fileKind(ofMode: old.st_mode) == .directory {
        throw systemError("Cannot write \(path)", EISDIR, path: path)
      }
      guard faccessat(to.directory.number, to.name, W_OK, AT_EACCESS) == 0 else {
        throw systemError("Cannot write \(path)", errno, path: path)
      }
    }
    let source = Descriptor(
      try check("Cannot read the source of \(path)", path: path) {
        openat(from.directory.number, from.name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
      })
    let temporary = temporaryName()
    let copy = Descriptor(
      try check("Cannot make \(path)", path: path) {
        openat(to.directory.number, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
      })
    do throws(WorkspaceError) {
      try pour(source, into: copy, path: path)
      try check("Cannot set the mode of \(path)", path: path) { fchmod(copy.number, info.st_mode & 0o777) }
      try check("Cannot make \(path)", path: path) {
        renameat(to.directory.number, temporary, to.directory.number, to.name)
      }
    } catch {
      unlinkat(to.directory.number, temporary, 0)
      throw error
    }
  }

  private static func pour(
    _ source: Descriptor, into copy: Descriptor, path: String
  ) throws(WorkspaceError) {
    var buffer = [UInt8](repeating: 0, count: copyChunk)
    while true {
      let count = try check("Cannot read the source of \(path)", path: path) {
        Glibc.read(source.number, &buffer, buffer.count)
      }
      if count == 0 { return }
      try writeAll(copy, Array(buffer[..<count]), path: path)
    }
  }

  private static func rawNames(
    _ directory: Descriptor, path: String, limit: Int = batch
  ) throws(WorkspaceError) -> [[CChar]] {
    let copy = try check("Cannot list \(path)", path: path) {
      openat(directory.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    guard let stream = fdopendir(copy) else {
      let code = errno
      close(copy)
      throw systemError("Cannot list \(path)", code, path: path)
    }
    defer { closedir(stream) }
    var names: [[CChar]] = []
    while names.count < limit, let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
      }
      if name != [0x2E, 0], name != [0x2E, 0x2E, 0] { names.append(name) }
    }
    return names
  }

  private static func tooDeep(_ path: String) -> WorkspaceError {
    WorkspaceError(.tooLarge, "\(path) is nested deeper than \(treeDepth) directories", path: path)
  }
}
