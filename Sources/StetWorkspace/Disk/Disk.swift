import Glibc

/// Plain operations on files anywhere, for a client that could do them itself: no workspace, no review, no snapshot.
///
/// Links on the way are followed as the kernel does. Blocks; use a `WorkspaceThread`. Errors of the system carry its
/// errno in `systemCode`.
public enum Disk {
  /// The largest file that `read` takes: in base64 it still fits the 32 MiB line that protocol clients read.
  public static let readLimit = 24 << 20 - 4_096
  /// The most names that `list` gives: more would not fit such a line either.
  public static let listLimit = 200_000

  /// What is at a path. For a link, what it leads to, and that it is one.
  public struct Metadata: Hashable, Sendable {
    public let isDirectory: Bool
    public let isFile: Bool
    public let isSymlink: Bool
    /// Unix time; 0 where the file system does not know it.
    public let createdAtMs: Int
    public let modifiedAtMs: Int
  }

  /// One name in a directory; a link is what it leads to, and neither if that is gone.
  public struct Entry: Hashable, Sendable {
    public let name: String
    public let isDirectory: Bool
    public let isFile: Bool
  }

  /// A whole regular file.
  public static func read(_ path: String, limit: Int = readLimit) throws(WorkspaceError) -> [UInt8] {
    // O_NONBLOCK: a pipe without a writer must not hang us.
    let file = Descriptor(
      try check("Cannot read \(path)", path: path) { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) })
    var info = stat()
    try check("Cannot examine \(path)", path: path) { fstat(file.number, &info) }
    switch fileKind(ofMode: info.st_mode) {
    case .directory: throw systemError("Cannot read \(path)", EISDIR, path: path)
    case .regular: return try readAll(file, sizeHint: Int(info.st_size), limit: limit, path: path)
    default: throw WorkspaceError(.wrongKind, "\(path) is not a regular file", path: path)
    }
  }

  /// Replaces a file as a whole, or makes it: no reader ever sees half of it. Mode, owner and attributes of a file
  /// that is there stay; a link is written through; a file with several names keeps them.
  ///
  /// - Parameter newMode: of a file that was not there.
  public static func write(
    _ bytes: [UInt8], to path: String, newMode: UInt16 = 0o644
  ) throws(WorkspaceError) {
    let (directory, name) = try place(of: path)
    guard let old = try directory.status(name) else {
      return try install(.regular(bytes, mode: newMode), name, in: directory, like: nil)
    }
    switch fileKind(ofMode: old.st_mode) {
    case .directory: throw systemError("Cannot write \(path)", EISDIR, path: path)
    case .regular: break
    default: throw WorkspaceError(.wrongKind, "\(path) is not a regular file", path: path)
    }
    try checkWritable(name, in: directory)
    let state = FileState.regular(bytes, mode: UInt16(old.st_mode & 0o7777))
    guard old.st_nlink > 1 else { return try install(state, name, in: directory, like: name) }
    do {
      try InPlaceWrite.replace(name, in: directory, with: state, same: old, torn: {})
    } catch let error as WorkspaceError {
      throw error
    } catch {
      throw WorkspaceError(.io, "Cannot write \(path): \(error)", path: path)
    }
  }

  /// Makes a directory; with `recursive` also those that lead to it, and one that is there is no error.
  public static func makeDirectory(_ path: String, recursive: Bool) throws(WorkspaceError) {
    guard recursive else {
      try check("Cannot make \(path)", path: path) { mkdir(path, 0o777) }
      return
    }
    var made = path.hasPrefix("/") ? "/" : ""
    for part in PathResolver.components(path) {
      made = made.isEmpty ? part : PathResolver.join(made, part)
      if mkdir(made, 0o777) == 0 { continue }
      let code = errno
      var info = stat()
      if stat(made, &info) == 0, fileKind(ofMode: info.st_mode) == .directory { continue }
      throw systemError("Cannot make \(made)", code, path: path)
    }
  }

  /// Kind and times. A link that leads nowhere is neither file nor directory.
  public static func metadata(_ path: String) throws(WorkspaceError) -> Metadata {
    var own = stat()
    try check("Cannot examine \(path)", path: path) { lstat(path, &own) }
    let isLink = fileKind(ofMode: own.st_mode) == .symlink
    var info = stat()
    if !isLink || stat(path, &info) != 0 { info = own }
    let kind = fileKind(ofMode: info.st_mode)
    return Metadata(
      isDirectory: kind == .directory, isFile: kind == .regular, isSymlink: isLink,
      createdAtMs: 0, modifiedAtMs: info.st_mtim.tv_sec * 1_000 + info.st_mtim.tv_nsec / 1_000_000)
  }

  /// The names in a directory, sorted by their bytes. Names that are no UTF-8 are left out: nobody could name them.
  public static func list(_ path: String, limit: Int = listLimit) throws(WorkspaceError) -> [Entry] {
    let directory = Descriptor(
      try check("Cannot list \(path)", path: path) { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) })
    let (names, truncated) = try DirectoryHandle(path: path, descriptor: directory).names(limit: limit)
    guard !truncated else {
      throw WorkspaceError(.tooLarge, "\(path) holds more than \(limit) names", path: path)
    }
    return names.map { name in
      var info = stat()
      let kind = fstatat(directory.number, name, &info, 0) == 0 ? fileKind(ofMode: info.st_mode) : .other
      return Entry(name: name, isDirectory: kind == .directory, isFile: kind == .regular)
    }
  }

  // MARK: - Parts

  /// The directory and the name that a path leads to, links followed, whether or not something is there.
  static func place(of path: String) throws(WorkspaceError) -> (directory: DirectoryHandle, name: String) {
    var resolver = PathResolver()
    let (parent, name) = PathResolver.split(try resolver.resolved(path))
    guard !name.isEmpty else { throw systemError("Cannot write \(path)", EISDIR, path: path) }
    return (try DirectoryHandle.open(parent), name)
  }

  /// A rename would replace a file that its owner made read-only.
  static func checkWritable(_ name: String, in directory: DirectoryHandle) throws(WorkspaceError) {
    guard faccessat(directory.descriptor.number, name, W_OK, AT_EACCESS) == 0 else {
      throw systemError("Cannot write \(directory.full(name))", errno, path: directory.full(name))
    }
  }

  private static func install(
    _ state: FileState, _ name: String, in directory: DirectoryHandle, like old: String?
  ) throws(WorkspaceError) {
    let temporary = temporaryName()
    do throws(WorkspaceError) {
      try TemporaryFile.make(state, named: temporary, in: directory, like: old)
      try TemporaryFile.move(temporary, to: name, in: directory, replacing: true)
    } catch {
      unlinkat(directory.descriptor.number, temporary, 0)
      throw error
    }
  }

  static func temporaryName() -> String { ".stet-\(randomName())" }
}
