import Glibc
import StetProtocol
import Synchronization

/// Newline-delimited JSON over a pair of file descriptors: standard input and output, a socket, pipes of a child.
public final class StreamTransport: Transport {
  /// One `read`; a pipe holds 64 KiB.
  private static let readBytes = 1 << 16

  private struct State {
    var isClosed = false
    var hasRead = false
    var isReleased = false
  }

  private let input: Int32
  private let output: Int32
  private let ownsDescriptors: Bool
  private let isTagged: Bool
  private let wake: WakePipe
  private let writer: DescriptorWriter
  private let state = Mutex(State())
  private let fault: @Sendable (LineFault) -> Void

  /// - Parameters:
  ///   - ownsDescriptors: closes both when the transport has ended.
  ///   - isTagged: every message says `"jsonrpc": "2.0"`, which peers other than an app-server's want.
  ///   - fault: told of lines that are no messages; they get no answer.
  public init(
    input: Int32, output: Int32, ownsDescriptors: Bool, isTagged: Bool = false,
    fault: @escaping @Sendable (LineFault) -> Void = { _ in }
  ) throws(DescriptorError) {
    self.input = input
    self.output = output
    self.ownsDescriptors = ownsDescriptors
    self.isTagged = isTagged
    self.fault = fault
    wake = try WakePipe()
    writer = DescriptorWriter(descriptor: output, wake: wake)
  }

  public func start(
    receive: @escaping @Sendable (Message) -> Void, closed: @escaping @Sendable (String?) -> Void
  ) {
    WorkerThread.start { [self] in
      let reason = readAll(receive)
      state.withLock { $0.hasRead = true }
      closed(reason)
      release()
    }
  }

  public func send(_ message: Message) {
    guard !state.withLock({ $0.isClosed }) else { return }
    // A reader that went away shows at our own input soon; the message is lost either way.
    if !writer.write(message.line(isTagged: isTagged)) { close() }
  }

  public var sentBytes: Int { writer.writtenBytes }

  public var isHeard: Bool {
    guard !state.withLock({ $0.isClosed }) else { return false }
    var entry = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
    return poll(&entry, 1, 0) >= 0 && Int32(entry.revents) & (POLLERR | POLLHUP | POLLNVAL) == 0
  }

  public func close() {
    state.withLock { $0.isClosed = true }
    wake.signal()
    release()
  }

  /// Closes the descriptors once nobody reads or writes any more.
  private func release() {
    let isLast = state.withLock { state in
      guard state.isClosed, state.hasRead, !state.isReleased else { return false }
      state.isReleased = true
      return true
    }
    guard isLast, ownsDescriptors else { return }
    writer.close()
    Glibc.close(input)
    if output != input { Glibc.close(output) }
  }

  /// Reads to the end of the input; returns why it ended, nil for a plain end.
  private func readAll(_ receive: (Message) -> Void) -> String? {
    var lines = JSONLines()
    var buffer = [UInt8](repeating: 0, count: Self.readBytes)
    func deliver(_ results: [Result<Message, LineFault>]) {
      for result in results where !state.withLock({ $0.isClosed }) {
        switch result {
        case .success(let message): receive(message)
        case .failure(let line): fault(line)
        }
      }
    }
    while true {
      guard wake.waitFor(input, events: Int16(POLLIN)) else { return nil }
      let count = read(input, &buffer, buffer.count)
      if count > 0 {
        deliver(lines.feed(buffer[..<count]))
      } else if count == 0 {
        deliver(lines.finish().map { [$0] } ?? [])
        return nil
      } else if errno != EINTR && errno != EAGAIN {
        return String(cString: strerror(errno))
      }
    }
  }
}
