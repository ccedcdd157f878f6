import Glibc

/// Where the events of a run go.
protocol ExecOutput {
  mutating func show(_ event: ExecEvent) throws(OutputError)
  /// The last words, after the last event.
  mutating func end(_ outcome: ExecOutcome) throws(OutputError)
}

/// Standard output can't be written.
struct OutputError: Error, Hashable, CustomStringConvertible {
  let errorNumber: Int32
  var description: String {
    errorNumber == EPIPE
      ? "nobody reads standard output any more"
      : "standard output can't be written: \(String(cString: strerror(errorNumber)))"
  }
}

/// The three descriptors that every program expects to be there.
enum StandardDescriptors {
  /// Opens /dev/null in the place of those that were closed, so that no file of ours takes their numbers.
  static func fill() {
    for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) < 0 {
      // Without /dev/null the run goes on as it would have.
      _ = open("/dev/null", O_RDWR)
    }
  }
}

/// A descriptor that is written whole. SIGPIPE must be ignored.
struct OutputDescriptor: Sendable {
  let number: Int32
  /// Keeps what the reader does not take at once; without it a write waits for the reader.
  var backlog: OutputBacklog?

  var isTerminal: Bool { isatty(number) == 1 }

  /// Writes everything, however long the reader takes; with a backlog what is taken at once.
  func write(_ bytes: [UInt8]) throws(OutputError) {
    if let backlog { return try backlog.add(bytes) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        // Shared with a program that made it non-blocking.
        var ready = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
        _ = poll(&ready, 1, -1)
      } else if errno != EINTR {
        throw OutputError(errorNumber: errno)
      }
    }
  }
}
