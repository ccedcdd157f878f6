import Glibc

/// A file that a thread is written to. A thread may hold what only its user is to see, so the file is theirs alone. One
/// that is there is kept.
enum NewFile {
  static func write(_ text: String, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SessionsFault("\(path): \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let reason = String(cString: strerror(errno))
        unlink(path)
        throw SessionsFault("\(path) can't be written: \(reason)")
      }
      offset += count
    }
  }
}
