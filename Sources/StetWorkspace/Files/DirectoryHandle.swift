import Glibc

/// O_PATH (which Swift's Glibc leaves out): a directory that may be crossed need not be readable.
private let searchOnly = 0o10000000 | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

/// An open directory, reached without following a single link: what lies below is named relative to it, so
/// that a component swapped for a link between check and use is refused by the kernel.
struct DirectoryHandle: Sendable {
  let path: String
  let descriptor: Descriptor

  /// Opens a resolved absolute path component by component.
  static func open(_ path: String) throws(WorkspaceError) -> DirectoryHandle {
    var handle = try root()
    for name in PathResolver.components(path) { handle = try handle.directory(name) }
    return handle
  }

  static func root() throws(WorkspaceError) -> DirectoryHandle {
    let number = try check("Cannot open /") { Glibc.open("/", searchOnly) }
    return DirectoryHandle(path: "/", descriptor: Descriptor(number))
  }

  func directory(_ name: String) throws(WorkspaceError) -> DirectoryHandle {
    let full = PathResolver.join(path, name)
    let number = try check("Cannot open the directory \(full)", path: full) {
      openat(descriptor.number, name, searchOnly)
    }
    return DirectoryHandle(path: full, descriptor: Descriptor(number))
  }

  /// Whether names may be made and removed in it.
  var mayChange: Bool { faccessat(descriptor.number, ".", W_OK | X_OK, AT_EACCESS) == 0 }

  /// nil when there is nothing of that name.
  func status(_ name: String) throws(WorkspaceError) -> stat? {
    var info = stat()
    let result = fstatat(descriptor.number, name, &info, AT_SYMLINK_NOFOLLOW)
    if result == 0 { return info }
    let code = errno
    if code == ENOENT { return nil }
    throw systemError("Cannot examine \(full(name))", code, path: full(name))
  }

  func full(_ name: String) -> String { PathResolver.join(path, name) }

  /// The state of an entry; its last component is never followed.
  func read(_ name: String, limit: Int) throws(WorkspaceError) -> FileState {
    guard let info = try status(name) else { return .absent }
    switch fileKind(ofMode: info.st_mode) {
    case .symlink:
      return FileState(kind: .symlink, bytes: try linkBytes(name), mode: 0)
    case .directory:
      return .directory(mode: UInt16(info.st_mode & 0o7777))
    case .regular:
      return try readRegular(name, limit: limit)
    case .absent, .other:
      return FileState(kind: .other, bytes: [], mode: 0)
    }
  }

  private func linkBytes(_ name: String) throws(WorkspaceError) -> [UInt8] {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = try check("Cannot read the link \(full(name))", path: full(name)) {
      readlinkat(descriptor.number, name, &buffer, buffer.count)
    }
    return buffer[..<count].map { UInt8(bitPattern: $0) }
  }

  private func readRegular(_ name: String, limit: Int) throws(WorkspaceError) -> FileState {
    let full = full(name)
    // O_NONBLOCK: a pipe put in the file's place must not hang us.
    let number = try check("Cannot read \(full)", path: full) {
      openat(descriptor.number, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    }
    let file = Descriptor(number)
    var info = stat()
    try check("Cannot examine \(full)", path: full) { fstat(file.number, &info) }
    guard fileKind(ofMode: info.st_mode) == .regular else {
      throw WorkspaceError(.wrongKind, "\(full) is not a regular file", path: full)
    }
    let bytes = try readAll(file, sizeHint: Int(info.st_size), limit: limit, path: full)
    return FileState(kind: .regular, bytes: bytes, mode: UInt16(info.st_mode & 0o7777))
  }
}

/// Reads a descriptor to its end, up to `limit` bytes (an error beyond).
func readAll(_ file: Descriptor, sizeHint: Int, limit: Int, path: String) throws(WorkspaceError) -> [UInt8] {
  let tooLarge = WorkspaceError(.tooLarge, "\(path) is larger than \(limit) bytes", path: path)
  guard sizeHint <= limit else { throw tooLarge }
  var bytes = [UInt8](repeating: 0, count: max(sizeHint, 0) + 1)
  var filled = 0
  while true {
    if filled == bytes.count {
      guard filled <= limit else { throw tooLarge }
      bytes.append(contentsOf: [UInt8](repeating: 0, count: max(4096, filled / 2)))
    }
    let room = bytes.count - filled
    let count = try check("Cannot read \(path)", path: path) {
      bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(file.number, buffer.baseAddress.map { $0 + filled }, room)
      }
    }
    if count == 0 { break }
    filled += count
  }
  guard filled <= limit else { throw tooLarge }
  bytes.removeLast(bytes.count - filled)
  return bytes
}

/// Writes all bytes from the start of the descriptor's position.
func writeAll(_ file: Descriptor, _ bytes: [UInt8], path: String) throws(WorkspaceError) {
  var written = 0
  while written < bytes.count {
    let from = written
    let count = try check("Cannot write \(path)", path: path) {
      bytes.withUnsafeBytes { buffer in
        Glibc.write(file.number, buffer.baseAddress.map { $0 + from }, buffer.count - from)
      }
    }
    written += count
  }
}
