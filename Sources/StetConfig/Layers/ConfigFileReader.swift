import Glibc

/// Reads configuration files.
enum ConfigFileReader {
  /// The bytes, or nil if there is no such file. A project's file is read only if it is a file itself: links from a
  /// repository are not followed, and a pipe in its place can't hang stet.
  static func read(_ path: String, followsLinks: Bool) throws(ConfigurationError) -> [UInt8]? {
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW)
    let descriptor = open(path, flags)
    guard descriptor >= 0 else {
      let number = errno
      if number == ENOENT || number == ENOTDIR { return nil }
      throw failure(path, "read", String(cString: strerror(number)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw failure(path, "read", "not a regular file")
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= TOMLDocument.maximumBytes {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(path, "read", String(cString: strerror(errno)))
      }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }

  static func failure(_ path: String, _ action: String, _ reason: String) -> ConfigurationError {
    ConfigurationError(
      .file, file: path, "Can't \(action) this file: \(reason).", advice: "Check its owner and mode.")
  }
}
