import FoundationEssentials
import Glibc
import StetProcess
import StetTestSupport
import StetText

/// An interactive shell on a real PTY, seen through a screen that knows a terminal's modes.
final class Console: Sendable {
  struct Seen: Sendable {
    var screen: VTScreen
    /// Bytes that the terminal was sent.
    var bytes = 0
    var hasEnded = false
  }

  let seen: Watched<Seen>
  private let session: ProcessSession
  private let reading: Task<Void, Never>

  /// The shell edits no lines, so that it leaves the terminal's modes alone.
  init(directory: String, environment: [String: String], size: Size = Size(columns: 100, rows: 30)) throws {
    let session = try ProcessSession.start(
      Command(
        argv: ["/bin/bash", "--norc", "--noprofile", "--noediting", "-i"], cwd: directory,
        environment: environment, pty: TerminalSize(rows: size.rows, columns: size.columns)))
    let seen = Watched(Seen(screen: VTScreen(size: size)))
    (self.session, self.seen) = (session, seen)
    reading = Task {
      for await event in session.events {
        guard case .output(let bytes) = event else { continue }
        seen.change {
          $0.screen.feed(bytes)
          $0.bytes += bytes.count
        }
      }
      seen.change { $0.hasEnded = true }
    }
  }

  func send(_ text: String) { _ = session.write(Array(text.utf8)) }

  /// Runs a line in the shell.
  func run(_ line: String) { send(line + "\n") }

  @discardableResult
  func expect(_ what: String, _ isMet: @escaping @Sendable (VTScreen) -> Bool) async throws -> VTScreen {
    guard await seen.until({ isMet($0.screen) }) else {
      throw ConsoleError(waitedFor: what, screen: seen.value.screen)
    }
    return seen.value.screen
  }

  @discardableResult
  func expect(_ text: String) async throws -> VTScreen {
    try await expect("\(text.debugDescription) on the screen") { $0.text.contains(text) }
  }

  /// What `stty -g` says: every mode of the terminal.
  func modes(_ name: String) async throws -> String {
    run("echo \(name)=$(stty -g)\"=\"")
    let screen = try await expect("modes \(name)") { Self.modes(name, $0) != nil }
    return Self.modes(name, screen) ?? ""
  }

  private static func modes(_ name: String, _ screen: VTScreen) -> String? {
    // A long answer goes over two rows.
    let text = screen.rows.joined()
    guard let start = text.ranges(of: "\(name)=").last else { return nil }
    let rest = text[start.upperBound...]
    guard let end = rest.firstIndex(of: "="), rest.first?.isHexDigit == true else { return nil }
    return String(rest[..<end])
  }

  /// Sends a signal to what runs in the foreground.
  func killForeground(_ signal: Int32) throws { kill(-(try foreground()), signal) }

  /// As a terminal that is closed does to the shell in it.
  func hangUpShell() { kill(session.pid, SIGHUP) }

  /// The process group in the foreground, which is not the shell's.
  func foreground() throws -> pid_t {
    let stat = try String(contentsOfFile: "/proc/\(session.pid)/stat", encoding: .utf8)
    // Behind the name in parentheses: state, parent, group, session, terminal, foreground group.
    let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
    guard fields.count > 6, let group = pid_t(fields[6]), group > 1, group != session.pid else {
      throw ConsoleError(waitedFor: "a program in the foreground", screen: seen.value.screen)
    }
    return group
  }

  func end() async {
    _ = await session.terminate(grace: .zero)
    await reading.value
  }

  struct ConsoleError: Error, CustomStringConvertible {
    let waitedFor: String
    let screen: VTScreen
    var description: String {
      "waited in vain for \(waitedFor); modes \(screen.modes.sorted()); the screen:\n"
        + screen.rows.map { "│\($0)" }.joined(separator: "\n")
    }
  }
}
