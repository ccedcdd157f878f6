import Glibc
import Synchronization

/// Where outputs go that are too long for the model (C8): one folder a thread, files 0600.
public final class OutputFiles: Sendable {
  /// Bytes that one thread may keep; beyond it an output is cut without a file.
  public static let limit = 256 << 20

  /// Absolute path of the thread's folder; made with the first file.
  public let directory: String
  private let used = Mutex(0)

  public init(directory: String) {
    self.directory = directory
  }

  /// Keeps an output whole and returns its path, or nil when it can't be kept (a full disk, the thread's limit).
  ///
  /// `name` is the item id; other characters than letters, digits, `-` and `_` are replaced. Blocks on the disk.
  public func save(_ bytes: [UInt8], name: String) -> String? {
    let fits = used.withLock { used in
      guard bytes.count <= Self.limit - used else { return false }
      used += bytes.count
      return true
    }
    guard fits, makeDirectory() else { return nil }
    let clean = String(
      name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") ? $0 : "_" })
    let path = "\(directory)/\(clean.prefix(100)).txt"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        unlink(path)
        return nil
      }
      offset += count
    }
    return path
  }

  private func makeDirectory() -> Bool {
    var path = ""
    for part in directory.split(separator: "/") {
      path += "/" + part
      if mkdir(path, 0o700) != 0 && errno != EEXIST { return false }
    }
    return true
  }
}
