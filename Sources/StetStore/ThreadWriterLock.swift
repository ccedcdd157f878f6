import Glibc
import Synchronization

/// Makes this process the only writer of a thread, by `flock` on a file that carries its process id.
///
/// The kernel drops the lock when the process dies, so a crash leaves nothing to clean up. The descriptor is
/// closed on exec: a child process does not keep the thread locked. Source: agent-core.md §6 R7.
public final class ThreadWriterLock: Sendable {
  public let threadId: String
  private let path: String
  private let descriptor: Mutex<Int32>

  private init(threadId: String, path: String, descriptor: Int32) {
    self.threadId = threadId
    self.path = path
    self.descriptor = Mutex(descriptor)
  }

  deinit { release() }

  /// Takes the lock or throws `locked(pid:)` at once; `directory` is made if absent.
  public static func acquire(threadId: String, directory: String) throws(StoreError) -> ThreadWriterLock {
    guard ThreadFiles.isValid(threadId: threadId) else {
      throw StoreError(.invalidName, "\"\(threadId)\" is not a thread id.")
    }
    try Directory.make(directory)
    let path = "\(directory)/\(threadId).lock"
    while true {
      let descriptor = try check("open the lock \(path)") {
        open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
      }
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        let number = errno
        defer { close(descriptor) }
        guard number == EWOULDBLOCK else { throw StoreError.system(number, "lock the thread \(threadId)") }
        throw busy(threadId, holder(descriptor))
      }
      // The last holder removes the file: make sure that what was locked is still the one with the name.
      if isCurrent(descriptor, path) {
        let text = "\(getpid())\n"
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.utf8.count, 0) == text.utf8.count
        else {
          let number = errno
          close(descriptor)
          throw StoreError.system(number, "write the lock \(path)")
        }
        return ThreadWriterLock(threadId: threadId, path: path, descriptor: descriptor)
      }
      close(descriptor)
    }
  }

  /// The process that a thread's lock names, which may be gone; nil when there is no lock.
  public static func holder(of threadId: String, directory: String) -> Int32? {
    withLock(of: threadId, directory) { holder($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  /// Whether no process has a thread's lock. Who asks for the lock in the very moment of the look is told that another
  /// process has it.
  public static func isFree(_ threadId: String, directory: String) -> Bool {
    withLock(of: threadId, directory) { flock($0, LOCK_SH | LOCK_NB) == 0 } ?? true
  }

  private static func withLock<Value>(
    of threadId: String, _ directory: String, _ look: (Int32) -> Value
  ) -> Value? {
    guard ThreadFiles.isValid(threadId: threadId) else { return nil }
    let descriptor = open("\(directory)/\(threadId).lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return look(descriptor)
  }

  /// Gives the lock up; also done when the last reference goes. A second call does nothing.
  public func release() {
    descriptor.withLock { descriptor in
      guard descriptor >= 0 else { return }
      unlink(path)
      close(descriptor)
      descriptor = -1
    }
  }

  private static func busy(_ threadId: String, _ pid: Int32) -> StoreError {
    let who = pid > 0 ? "process \(pid)" : "another process"
    return StoreError(
      .locked(pid: pid),
      "Thread \(threadId) is open in \(who). Close it there, or connect to it as a client.")
  }

  private static func holder(_ descriptor: Int32) -> Int32 {
    var buffer = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return 0 }
    let digits = buffer.prefix(count).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return Int32(String(decoding: digits, as: UTF8.self)) ?? 0
  }

  private static func isCurrent(_ descriptor: Int32, _ path: String) -> Bool {
    var locked = stat()
    var named = stat()
    return fstat(descriptor, &locked) == 0 && lstat(path, &named) == 0
      && locked.st_ino == named.st_ino && locked.st_dev == named.st_dev
  }
}
