import CPlatform
import Glibc
import Logging
import StetRPC

/// An app-server that a shell command runs as a child of ours, with a session of its own: it can't write on the
/// terminal and gets none of its keys. What it says on standard error goes to the log, its last words to the user.
final class ChildServer: @unchecked Sendable {
  /// Time for a child whose input has ended, and again after SIGTERM.
  private static let patienceMs: Int64 = 2_000
  /// Last words that are kept: one line of an error message.
  private static let lastWordsLimit = 300

  private struct Status {
    let code: Int32
    let signal: Int32
  }

  let transport: StreamTransport
  private let command: String
  private let log: Logger
  private let pid: pid_t
  private let monitor = Monitor()
  private var status: Status?
  private var lastWords = ""
  private var namesError = false
  private var errorsEnded = false

  /// Starts `/bin/sh -c command` in a directory; throws what the system says.
  init(command: String, directory: String, environment: [String: String], log: Logger) throws {
    self.command = command
    self.log = log
    let (input, output, errors) = (Blocking.pipe(), Blocking.pipe(), Blocking.pipe())
    let child = Self.spawn(
      command, directory, environment, (input.read, output.write, errors.write))
    for end in [input.read, output.write, errors.write] { close(end) }
    let watched = child < 0 ? child : stet_pidfd_open(child)
    guard watched >= 0 else {
      for end in [input.write, output.read, errors.read] { close(end) }
      throw SocketError("`\(command)` can't be started: \(String(cString: strerror(-watched)))")
    }
    pid = child
    transport = try StreamTransport(
      input: output.read, output: input.write, ownsDescriptors: true,
      fault: { log.warning("the server said what is no message: \($0)") })
    WorkerThread.start { self.readErrors(errors.read) }
    WorkerThread.start { self.reap(watched) }
  }

  /// Ends the child: its input ends, then it is asked, then it is killed. Waits until it is gone.
  func end() async {
    transport.close()
    await withCheckedContinuation { continuation in
      WorkerThread.start { [self] in
        for number in [SIGTERM, SIGKILL] {
          if hasEnded(withinMs: Self.patienceMs) { break }
          kill(-pid, number)
        }
        _ = hasEnded(withinMs: Self.patienceMs)
        continuation.resume()
      }
    }
  }

  /// How it ended, in a sentence for the user. Waits a moment for a child that is about to end.
  func epitaph(_ reason: String?) -> String {
    _ = hasEnded(withinMs: Self.patienceMs)
    return monitor.locked {
      monitor.wait(forMs: Self.patienceMs) { status == nil || errorsEnded }
      let words = lastWords.isEmpty ? "" : ": \(lastWords)"
      guard let status else {
        return "`\(command)` closed the connection\(reason.map { " (\($0))" } ?? "")\(words)"
      }
      let how =
        status.signal > 0 ? "was ended by signal \(status.signal)" : "ended with exit code \(status.code)"
      return "`\(command)` \(how)\(words)"
    }
  }

  private func hasEnded(withinMs: Int64) -> Bool {
    monitor.locked {
      monitor.wait(forMs: withinMs) { status != nil }
      return status != nil
    }
  }

  private func reap(_ watched: Int32) {
    var entry = pollfd(fd: watched, events: Int16(POLLIN), revents: 0)
    while poll(&entry, 1, -1) < 0, errno == EINTR {}
    var (code, signal): (Int32, Int32) = (-1, -1)
    _ = stet_pidfd_reap(watched, &code, &signal)
    close(watched)
    monitor.locked {
      status = Status(code: code, signal: signal)
      monitor.wakeAll()
    }
  }

  private func readErrors(_ descriptor: Int32) {
    var line: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      for byte in buffer[..<count] {
        if byte == 0x0A {
          note(line)
          line = []
        } else if line.count < LogFile.lineLimit {
          line.append(byte)
        }
      }
    }
    note(line)
    close(descriptor)
    monitor.locked {
      errorsEnded = true
      monitor.wakeAll()
    }
  }

  private func note(_ line: [UInt8]) {
    let text = String(decoding: line, as: UTF8.self)
    guard !text.allSatisfy(\.isWhitespace) else { return }
    log.info("server: \(text)")
    let names = text.lowercased().split(whereSeparator: { !$0.isLetter }).contains("error")
    monitor.locked {
      // What calls itself an error says more than the trace behind it.
      guard names || !namesError else { return }
      namesError = names
      lastWords = String(text.prefix(Self.lastWordsLimit))
    }
  }

  /// The child's pid, or a negative error number.
  private static func spawn(
    _ command: String, _ directory: String, _ environment: [String: String],
    _ streams: (input: Int32, output: Int32, errors: Int32)
  ) -> Int32 {
    let words: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/sh"), strdup("-c"), strdup(command), nil]
    let variables: [UnsafeMutablePointer<CChar>?] =
      environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in words + variables { free(pointer) } }
    return words.withUnsafeBufferPointer { words in
      variables.withUnsafeBufferPointer { variables in
        guard let argv = words.baseAddress, let envp = variables.baseAddress, let shell = words[0] else {
          return -ENOMEM
        }
        return directory.withCString { directory in
          var request = stet_spawn_request(
            path: shell, argv: argv, envp: envp, directory: directory, terminal: nil, input: streams.input,
            output: streams.output, error: streams.errors, extra: nil, extra_count: 0, block_signals: false)
          return stet_spawn(&request)
        }
      }
    }
  }
}
