import Glibc
import Synchronization

/// What is still to be written, to a reader that may take its time: nothing of it ever waits, so that the one thread
/// of a run goes on to hear signals and the clock. It is bounded by who fills it: while something is left, no more of
/// what the server says is taken.
final class OutputBacklog: Sendable {
  /// A pipe that can be written has a free page: no more than this is sure not to wait, on a blocking descriptor too.
  private static let piece = 4_096

  let number: Int32
  private let rest = Mutex<[UInt8]>([])

  init(_ number: Int32) { self.number = number }

  var isEmpty: Bool { rest.withLock { $0.isEmpty } }

  /// Adds bytes behind what is left, and writes what the reader takes at once.
  func add(_ bytes: [UInt8]) throws(OutputError) {
    rest.withLock { $0 += bytes }
    if let failure = flush() { throw failure }
  }

  /// Writes what the reader takes at once. After a failure, which is the result, nothing is left.
  @discardableResult func flush() -> OutputError? {
    let failure = rest.withLock { rest -> Int32? in
      var done = 0
      while done < rest.count, canWrite {
        let count = rest.withUnsafeBytes { bytes in
          Glibc.write(number, bytes.baseAddress.map { $0 + done }, min(Self.piece, bytes.count - done))
        }
        if count >= 0 {
          done += count
        } else if errno == EAGAIN {
          // Shared with a program that made it non-blocking, and that was quicker.
          break
        } else if errno != EINTR {
          defer { rest = [] }
          return errno
        }
      }
      rest.removeFirst(done)
      return nil
    }
    return failure.map { OutputError(errorNumber: $0) }
  }

  /// What to poll for: that more can be written. Nothing where there is no more: poll tells of a reader that went
  /// away also who did not ask.
  var interest: pollfd { pollfd(fd: isEmpty ? -1 : number, events: Int16(POLLOUT), revents: 0) }

  /// True also where a write would fail at once.
  private var canWrite: Bool {
    var entry = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
    return poll(&entry, 1, 0) > 0
  }
}
