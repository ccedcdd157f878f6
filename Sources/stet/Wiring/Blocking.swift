import CPlatform
import Glibc
import Synchronization

/// Waits for asynchronous work from a plain thread: only for the start and the end of a command.
enum Blocking {
  static func run<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> Value {
    let result = Mutex<Value?>(nil)
    let (readEnd, writeEnd) = pipe()
    defer {
      close(readEnd)
      close(writeEnd)
    }
    Task.detached {
      let value = await work()
      result.withLock { $0 = value }
      var byte: UInt8 = 1
      _ = write(writeEnd, &byte, 1)
    }
    var byte: UInt8 = 0
    while read(readEnd, &byte, 1) < 0, errno == EINTR {}
    guard let value = result.withLock({ $0 }) else { fatalError("work ended without a result") }
    return value
  }

  /// A pipe that no child inherits. Without one the program can neither start nor end in order.
  static func pipe() -> (read: Int32, write: Int32) {
    var (reader, writer): (Int32, Int32) = (-1, -1)
    let result = stet_pipe(&reader, &writer)
    precondition(result == 0, "no pipe: \(String(cString: strerror(-result)))")
    return (reader, writer)
  }
}

/// Standard error, for messages of commands that have no interface.
enum StandardError {
  static func print(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    // Nobody is left to tell when standard error is closed.
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }
}
