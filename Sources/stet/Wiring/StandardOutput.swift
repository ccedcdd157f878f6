@preconcurrency import Glibc
import Synchronization

/// What a command prints. Its exit code has to tell when that did not get out: a full disk would leave half a file and
/// exit code 0.
enum StandardOutput {
  private static let failure = Mutex<Int32?>(nil)

  /// Bytes as they are; a reader that has enough ends it quietly.
  static func write(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(STDOUT_FILENO, $0.baseAddress.map { $0 + sent }, bytes.count - sent)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let number = errno
        if number != EPIPE { failure.withLock { $0 = number } }
        return
      }
      sent += count
    }
  }

  /// Whether all that was printed, also by `print`, which tells nobody, has got out; says why not on standard error.
  static func isWritten() -> Bool {
    errno = 0
    let isFlushed = fflush(stdout) == 0
    let number = errno
    var reason = failure.withLock { $0 }.map { String(cString: strerror($0)) }
    if !isFlushed || ferror(stdout) != 0 {
      reason = reason ?? (number == 0 ? "the disk may have been full" : String(cString: strerror(number)))
    }
    guard let reason else { return true }
    StandardError.print("stet: standard output can't be written: \(reason)")
    return false
  }
}
