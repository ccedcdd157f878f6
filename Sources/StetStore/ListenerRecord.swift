import Glibc

/// A note of where this process listens for clients, so that whoever finds a thread open here can say how to attach.
///
/// One file a process, locked while it lives: a file whose lock is free was left by a crash and says nothing.
public final class ListenerRecord: Sendable {
  /// No address is longer than a path.
  private static let maxBytes = 4096

  private let path: String
  private let descriptor: Int32

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit {
    unlink(path)
    close(descriptor)
  }

  /// Writes the note; it is gone with the last reference. Throws what the system says.
  public static func write(address: String, directory: String) throws(StoreError) -> ListenerRecord {
    try Directory.make(directory)
    try removeDead(in: directory)
    let path = file(getpid(), directory)
    // A crashed process of the same number may have left one.
    unlink(path)
    let descriptor = try check("write \(path)") {
      open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
    let record = ListenerRecord(path: path, descriptor: descriptor)
    try check("lock \(path)") { flock(descriptor, LOCK_EX | LOCK_NB) }
    let bytes = Array(address.utf8)
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw StoreError.system(errno, "write \(path)")
    }
    return record
  }

  /// Where a process listens; nil when it does not, or the note can't be read.
  public static func address(of pid: Int32, directory: String) -> String? {
    let descriptor = open(file(pid, directory), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: maxBytes)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(validating: bytes[..<count], as: UTF8.self) : nil
  }

  /// Removes what crashed processes left.
  private static func removeDead(in directory: String) throws(StoreError) {
    for name in try Directory.names(in: directory) where name.hasSuffix(suffix) {
      guard let pid = Int32(name.dropLast(suffix.count)), kill(pid, 0) != 0, errno == ESRCH else { continue }
      unlink("\(directory)/\(name)")
      unlink(socketPath(of: pid, directory: directory))
    }
  }

  /// Where a process listens that has no address of its own choice.
  public static func socketPath(of pid: Int32, directory: String) -> String { "\(directory)/\(pid).sock" }

  private static let suffix = ".listener"

  private static func file(_ pid: Int32, _ directory: String) -> String { "\(directory)/\(pid)\(suffix)" }
}
