import Glibc

/// A file that is there whole or not at all.
enum AtomicFile {
  struct WriteError: Error, CustomStringConvertible {
    let path: String
    let errorNumber: Int32
    var description: String { "\(path): \(String(cString: strerror(errorNumber)))" }
  }

  /// Writes beside the file and renames, keeping the mode of a file that is there. What is no regular file (a pipe, a
  /// device) is written in place; a symbolic link is followed.
  static func write(_ bytes: [UInt8], to named: String, mode: mode_t = 0o666) throws(WriteError) {
    let path = realPath(named) ?? named
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT != S_IFREG {
      return try fill(try open(path, O_WRONLY), bytes, path)
    }
    let temporary = "\(path).stet-\(getpid())"
    let descriptor = try open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)
    do throws(WriteError) {
      if exists { fchmod(descriptor, status.st_mode & 0o7777) }
      try fill(descriptor, bytes, temporary)
      guard rename(temporary, path) == 0 else { throw WriteError(path: path, errorNumber: errno) }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private static func open(_ path: String, _ flags: Int32, _ mode: mode_t = 0) throws(WriteError) -> Int32 {
    var descriptor = Glibc.open(path, flags | O_CLOEXEC, mode)
    // Left by a run that was killed in the middle; this process has its number now.
    if descriptor < 0, errno == EEXIST, unlink(path) == 0 {
      descriptor = Glibc.open(path, flags | O_CLOEXEC, mode)
    }
    guard descriptor >= 0 else { throw WriteError(path: path, errorNumber: errno) }
    return descriptor
  }

  /// Writes everything and closes.
  private static func fill(_ descriptor: Int32, _ bytes: [UInt8], _ path: String) throws(WriteError) {
    defer { close(descriptor) }
    do {
      try OutputDescriptor(number: descriptor).write(bytes)
    } catch {
      throw WriteError(path: path, errorNumber: error.errorNumber)
    }
  }

  private static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
