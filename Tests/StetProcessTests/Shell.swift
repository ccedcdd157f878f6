import Glibc
import StetProcess
import StetTestSupport
import Testing

/// Runs `sh -c` scripts in the tests' own environment.
enum Shell {
  static let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"]

  static func command(
    _ script: String, cwd: String = "/", pty: TerminalSize? = nil, stdin: Command.Input = .null,
    errors: Command.ErrorOutput = .merged, sandbox: SandboxLaunch? = nil, environment: [String: String] = [:]
  ) -> Command {
    Command(
      argv: ["/bin/bash", "-c", script], cwd: cwd, environment: Self.environment.merging(environment) { $1 },
      pty: pty, stdin: stdin, errors: errors, sandbox: sandbox)
  }

  /// Runs to the end; a script that hangs fails its test instead of the whole run.
  static func run(_ command: Command, input: [UInt8] = []) async throws -> ProcessResult {
    let result = try await ProcessSession.run(
      command, input: input, outputLimit: 64 << 20, timeLimit: .seconds(300), grace: .zero)
    try #require(!result.timedOut)
    return result
  }

  static func output(_ command: Command) async throws -> String { try await run(command).text }
}

extension ProcessResult {
  var text: String { String(decoding: output, as: UTF8.self) }
}

/// Reads a session's events up to a text, then leaves it running.
struct EventReader {
  private var iterator: AsyncStream<ProcessEvent>.Iterator
  private(set) var text = ""
  private(set) var status: ExitStatus?

  init(_ session: ProcessSession) { iterator = session.events.makeAsyncIterator() }

  /// Reads until the output so far contains `wanted`; false at the end.
  mutating func until(_ wanted: String) async -> Bool {
    while !text.contains(wanted) {
      switch await iterator.next() {
      case .output(let bytes), .errorOutput(let bytes): text += String(decoding: bytes, as: UTF8.self)
      case .exited(let status): self.status = status
      case nil: return false
      }
    }
    return true
  }

  mutating func toEnd() async {
    while let event = await iterator.next() {
      switch event {
      case .output(let bytes), .errorOutput(let bytes): text += String(decoding: bytes, as: UTF8.self)
      case .exited(let status): self.status = status
      }
    }
  }
}

/// Waits for something that another process does.
func eventually(_ condition: () -> Bool) async -> Bool {
  let deadline = ContinuousClock.now.advanced(by: .seconds(180))
  while !condition() {
    if ContinuousClock.now > deadline { return false }
    await Task.yield()
    _ = poll(nil, 0, 2)
  }
  return true
}

/// A process as it was found: its number and when it began, in ticks since the machine did. On a busy machine
/// others soon have the number.
struct ObservedProcess {
  let pid: Int32
  private let started: String?

  init(_ pid: Int32) {
    self.pid = pid
    started = Self.facts(pid).flatMap(Self.start)
  }

  /// Whether this process exists and is no zombie.
  var isAlive: Bool {
    guard let started, let facts = Self.facts(pid) else { return false }
    return facts.first != "Z" && Self.start(facts) == started
  }

  private static func start(_ facts: [String]) -> String? { facts.count > 19 ? facts[19] : nil }

  /// The fields of proc(5)'s `stat` from the state on.
  private static func facts(_ pid: Int32) -> [String]? {
    var buffer = [UInt8](repeating: 0, count: 1_024)
    let fd = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { return nil }
    defer { close(fd) }
    let count = read(fd, &buffer, buffer.count)
    guard count > 0 else { return nil }
    let text = String(decoding: buffer[..<count], as: UTF8.self)
    return text.lastIndex(of: ")").map { text[$0...].dropFirst().split(separator: " ").map(String.init) }
  }
}

/// Testing has a type of this name too.
typealias ExitStatus = StetProcess.ExitStatus
