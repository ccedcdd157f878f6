import Glibc
import Synchronization

/// Whole files, written so that a reader sees the old one or the new one and never a part.
public enum AtomicFile {
  /// Parts the temporary names of one process; the process id parts those of two.
  private static let serial = Atomic<Int>(0)

  /// Writes a new file 0600 through a temporary one in the same folder; durable when it returns, if that is asked.
  public static func write(_ bytes: [UInt8], to path: String, durable: Bool = true) throws(StoreError) {
    let serial = serial.add(1, ordering: .relaxed).newValue
    let temporary = "\(path).\(getpid())-\(Clock.nowMs())-\(serial)"
    let descriptor = try check("write \(path)") {
      open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
    defer { close(descriptor) }
    do throws(StoreError) {
      var offset = 0
      while offset < bytes.count {
        let start = offset
        offset += try check("write \(path)") {
          bytes.withUnsafeBytes { buffer -> Int in
            Glibc.write(descriptor, buffer.baseAddress.map { $0 + start }, buffer.count - start)
          }
        }
      }
      if durable { try check("sync \(path)") { fdatasync(descriptor) } }
      try check("name \(path)") { rename(temporary, path) }
    } catch {
      unlink(temporary)
      throw error
    }
    if durable { try Directory.sync(Directory.directory(of: path)) }
  }

  /// Makes a file that was written before durable.
  static func sync(_ path: String) throws(StoreError) {
    let descriptor = try check("sync \(path)") { open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
    defer { close(descriptor) }
    try check("sync \(path)") { fdatasync(descriptor) }
  }

  /// Reads a regular file of at most `limit` bytes.
  static func read(_ path: String, limit: Int) throws(StoreError) -> [UInt8] {
    let descriptor = try check("read \(path)") { open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else {
      throw StoreError(.corrupt, "\(path) is not a regular file of at most \(limit) bytes.")
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var offset = 0
    while offset < bytes.count {
      let start = offset
      let count = try check("read \(path)") {
        bytes.withUnsafeMutableBytes { buffer -> Int in
          Glibc.read(descriptor, buffer.baseAddress.map { $0 + start }, buffer.count - start)
        }
      }
      if count == 0 { break }
      offset += count
    }
    bytes.removeLast(bytes.count - offset)
    return bytes
  }
}
