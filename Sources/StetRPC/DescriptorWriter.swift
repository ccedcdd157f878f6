import Glibc
import Synchronization

/// A call on file descriptors that failed, with the system's text.
public struct DescriptorError: Error, Hashable, Sendable, CustomStringConvertible {
  public let code: Int32
  public let message: String
  public let call: String

  init(_ call: String) {
    code = errno
    message = String(cString: strerror(code))
    self.call = call
  }

  public var description: String { "\(call): \(message)" }
}

/// A pipe that ends waits on other descriptors: once signalled, it stays signalled.
final class WakePipe: Sendable {
  private let reader: Int32
  private let writer: Int32

  init() throws(DescriptorError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw DescriptorError("pipe") }
    for end in ends {
      // A child must not inherit the pipe, and a full one must not block.
      guard fcntl(end, F_SETFD, FD_CLOEXEC) == 0, fcntl(end, F_SETFL, O_NONBLOCK) == 0 else {
        throw DescriptorError("fcntl")
      }
    }
    reader = ends[0]
    writer = ends[1]
  }

  deinit {
    close(reader)
    close(writer)
  }

  func signal() {
    var byte: UInt8 = 1
    // A full pipe is a signalled one.
    _ = write(writer, &byte, 1)
  }

  /// Waits until the descriptor is ready or at its end; false once signalled.
  func waitFor(_ descriptor: Int32, events: Int16) -> Bool {
    var entries = [
      pollfd(fd: descriptor, events: events, revents: 0),
      pollfd(fd: reader, events: Int16(POLLIN), revents: 0),
    ]
    while true {
      let ready = poll(&entries, 2, -1)
      if ready < 0 && errno == EINTR { continue }
      if ready < 0 || entries[1].revents != 0 { return false }
      if entries[0].revents != 0 { return true }
    }
  }
}

/// Writes whole lines to a descriptor, one caller at a time, and gives up when it is woken.
///
/// The descriptor stays blocking, since its flags may be shared with a shell. Long messages go through a pipe by an open
/// file of its own that does not block; where there can be none, a write of at most `PIPE_BUF` bytes after `poll` cannot
/// block either. A socket is asked not to.
final class DescriptorWriter: @unchecked Sendable {
  private static let pipeBytes = 4096
  /// What a pipe holds unless it is asked for more; a longer message is worth asking.
  private static let usualPipe = 1 << 16
  /// The most that Linux gives to a pipe of an ordinary user.
  private static let largePipe: Int32 = 1 << 20
  /// `F_SETPIPE_SZ` of Linux, which Glibc declares for GNU sources only.
  private static let setPipeSize: Int32 = 1031

  private let descriptor: Int32
  /// The same pipe, opened again without blocking; -1 before a long message and where that is not possible.
  private var large: Int32 = -1
  private var triedLarge = false
  private let wake: WakePipe
  private let isSocket: Bool
  private let monitor = Monitor()
  private var busy = false
  private let written = Atomic<Int>(0)

  /// Bytes that were written so far.
  var writtenBytes: Int { written.load(ordering: .relaxed) }

  init(descriptor: Int32, wake: WakePipe) {
    self.descriptor = descriptor
    self.wake = wake
    var status = stat()
    isSocket = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
  }

  /// Writes all bytes; false when the other side is gone or the wait was ended.
  func write(_ bytes: [UInt8]) -> Bool {
    monitor.locked {
      while busy { monitor.wait() }
      busy = true
    }
    defer {
      monitor.locked {
        busy = false
        monitor.wakeAll()
      }
    }
    if bytes.count > Self.usualPipe, !isSocket { enlarge() }
    var done = 0
    while done < bytes.count {
      guard wake.waitFor(descriptor, events: Int16(POLLOUT)) else { return false }
      let count = bytes.withUnsafeBytes { raw in
        let rest = UnsafeRawBufferPointer(rebasing: raw[done...])
        return isSocket
          ? send(
            descriptor, rest.baseAddress, rest.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
          : large >= 0
            ? Glibc.write(large, rest.baseAddress, rest.count)
            : Glibc.write(descriptor, rest.baseAddress, min(rest.count, Self.pipeBytes))
      }
      if count > 0 {
        done += count
        written.wrappingAdd(count, ordering: .relaxed)
      } else if count < 0 && errno != EINTR && errno != EAGAIN {
        return false
      }
    }
    return true
  }

  /// Writes to a socket what fits at once, unless somebody is writing.
  func writeIfFree(_ bytes: [UInt8]) {
    monitor.locked {
      guard !busy else { return }
      _ = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
      }
    }
  }

  func waitUntilIdle() {
    monitor.locked { while busy { monitor.wait() } }
  }

  /// Lets go of what the writer itself has opened: the other side sees the end of the pipe with the last descriptor.
  func close() {
    monitor.locked {
      while busy { monitor.wait() }
      triedLarge = true
      if large >= 0 { Glibc.close(large) }
      large = -1
    }
  }

  deinit {
    if large >= 0 { Glibc.close(large) }
  }

  /// Makes room in a pipe for a long message: each time that its reader has to be waited for costs more than the bytes.
  private func enlarge() {
    guard !triedLarge else { return }
    triedLarge = true
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return }
    large = open("/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_CLOEXEC)
    if large >= 0 { _ = fcntl(large, Self.setPipeSize, Self.largePipe) }
  }
}
