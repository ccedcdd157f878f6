import Glibc
import StetProcess
import StetTestSupport

/// A real tmux of its own with one window, driven by send-keys and read by capture-pane.
final class Tmux: Sendable {
  private let socket: String
  private let home: TempDirectory
  private let environment: [String: String]
  private let server = Watched<pid_t?>(nil)
  private static let patience = Duration.seconds(180)

  /// Starts a server with a shell of `columns` × `rows`, which knows nothing of a tmux around the tests.
  init(_ home: TempDirectory, directory: String, columns: Int, rows: Int, _ more: [String: String])
    async throws
  {
    socket = "stet-\(home.path.split(separator: "-").last ?? "journey")"
    self.home = home
    environment = Program.environment(
      home: home, ["TMUX_TMPDIR": home.makeDirectory("tmux")].merging(more) { $1 })
    try await tmux(
      "-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "-c", directory, "/bin/sh")
    let pid = try await tmux("display-message", "-p", "#{pid}").split(separator: "\n").first
    server.change { $0 = pid.flatMap { pid_t($0) } }
  }

  /// A run that failed leaves no server behind.
  deinit { if let pid = server.value { kill(pid, SIGTERM) } }

  func end() async throws {
    try await tmux("kill-server")
    server.change { $0 = nil }
  }

  func type(_ text: String) async throws { try await tmux("send-keys", "-l", text) }

  /// Presses keys by tmux's names.
  func press(_ keys: String...) async throws { for key in keys { try await tmux("send-keys", key) } }

  /// Gives the window another size, as dragging the border of a pane does.
  func resize(columns: Int, rows: Int) async throws {
    try await tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
  }

  /// Runs a line in the shell.
  func run(_ line: String) async throws {
    try await type(line)
    try await press("Enter")
  }

  var screen: String { get async throws { try await tmux("capture-pane", "-p") } }

  /// Waits until the pane shows every one of the texts.
  @discardableResult
  func expect(_ texts: String...) async throws -> String {
    try await expect("\(texts)") { screen in texts.allSatisfy(screen.contains) }
  }

  @discardableResult
  func expect(_ what: String, _ isMet: (String) -> Bool) async throws -> String {
    let clock = ContinuousClock()
    let end = clock.now + Self.patience
    var shown = ""
    while clock.now < end {
      shown = try await screen
      if isMet(shown) { return shown }
      // tmux tells nobody that a pane has changed.
      try await Task.sleep(for: .milliseconds(20))
    }
    throw Failure(description: "waited in vain for \(what); the pane:\n\(shown)")
  }

  struct Failure: Error, CustomStringConvertible { let description: String }

  @discardableResult
  private func tmux(_ arguments: String...) async throws -> String {
    let result = try await ProcessSession.run(
      Command(argv: ["tmux", "-u", "-L", socket] + arguments, cwd: home.path, environment: environment))
    let text = String(decoding: result.output, as: UTF8.self)
    guard result.status.isSuccess else { throw Failure(description: "tmux \(arguments): \(text)") }
    return text
  }
}
