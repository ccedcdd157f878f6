import Glibc
import StetTerminal
import StetTestSupport
import StetText
import StetUI
import Testing

/// The real terminal in a process of its own, on a real PTY that a test types on and looks at.
@Suite struct CursesTerminalTests {
  @Test func keysPastesFocusAndMouseArrive() async throws {
    let pty = try TestPTY(columns: 120)
    pty.when("ready", type: "a")
    pty.when("heard a", type: "\u{1B}")
    pty.when("heard a escape", type: "\u{1B}[1;5A\u{3}\u{1B}[13;2u")
    pty.when("ctrl-up ctrl-c shift-enter", type: "\u{1B}[200~x\ny\u{1B}[201~")
    pty.when(#"paste "x\ny""#, type: "\u{1B}[<64;2;3M\u{1B}[I")
    pty.when("wheelUp 1,2 focus", type: "q")
    await #expect(processExitsWith: .success) { [path = pty.path as String] in
      let child = try TerminalChild(path)
      child.show("ready")
      var heard: [String] = []
      while heard.last != "q" {
        for case .input(let event) in child.next() { heard += words([event]) }
        child.show("heard " + heard.joined(separator: " "))
      }
      child.terminal.close()
      exit(0)
    }
    #expect(pty.unplayed.isEmpty)
  }

  @Test func theBackgroundIsAskedForAndHeard() async throws {
    let pty = try TestPTY()
    pty.when("the question", { $0.strings.contains("11;?") && $0.text.contains("ready") }) {
      $0.type("\u{1B}]11;rgb:1111/2222/3333\u{1B}\\\u{1B}[?62;4c")
    }
    await #expect(processExitsWith: .success) { [path = pty.path as String] in
      let child = try TerminalChild(path)
      child.show("ready")
      for case .background(let isDark) in child.next() {
        child.terminal.close()
        exit(isDark ? 0 : 94)
      }
      exit(95)
    }
    #expect(pty.unplayed.isEmpty)
  }

  @Test func aResizeIsReportedAndDrawn() async throws {
    let pty = try TestPTY(columns: 60, rows: 16)
    var shown = (60, 16)
    for next in [(100, 40), (20, 5), (61, 17)] {
      whenClean(pty, shown) { $0.resize(columns: next.0, rows: next.1) }
      shown = next
    }
    whenClean(pty, shown) { $0.type("q") }
    await #expect(processExitsWith: .success) { [path = pty.path as String] in
      let child = try TerminalChild(path)
      child.show("60 x 16")
      while true {
        for case .input(let event) in child.next() {
          if case .resize(let size) = event { child.show("\(size.columns) x \(size.rows)") }
          if case .key = event {
            child.terminal.close()
            exit(0)
          }
        }
      }
    }
    #expect(pty.unplayed.isEmpty)
  }

  /// When the size is in the first row and nothing else anywhere.
  private func whenClean(_ pty: TestPTY, _ size: (Int, Int), do action: @escaping @Sendable (TestPTY) -> Void)
  {
    let text = "\(size.0) x \(size.1)"
    pty.when(text, { $0.rows[0] == text && $0.rows.dropFirst().allSatisfy(\.isEmpty) }, do: action)
  }

  @Test func aContinuedProcessTakesTheTerminalAgain() async throws {
    let pty = try TestPTY()
    pty.when("again", { $0.text.contains("again") && $0.modes.isSuperset(of: [1049, 2004, 1004]) }) {
      $0.type("q")
    }
    await #expect(processExitsWith: .success) { [path = pty.path as String] in
      let child = try TerminalChild(path)
      child.show("ready")
      // Somebody stopped it, reset the terminal and continued it.
      let reset = Array("\u{1B}[?1049l\u{1B}[?2004l\u{1B}[?1004l".utf8)
      let terminal = open("/dev/tty", O_RDWR)
      _ = write(terminal, reset, reset.count)
      kill(getpid(), SIGCONT)
      guard case .input(.resize)? = child.next().first else { exit(96) }
      child.show("again")
      _ = child.next()
      child.terminal.close()
      exit(0)
    }
    #expect(pty.unplayed.isEmpty)
  }

  @Test("U20: the mouse can be left to the terminal") func u20_mouse() async throws {
    let pty = try TestPTY()
    pty.when("ready", type: "x")
    pty.when("off", { $0.rows[0] == "off" && $0.modes.isDisjoint(with: [1002, 1006]) }) { $0.type("x") }
    pty.when("on", { $0.rows[0] == "on" && $0.modes.isSuperset(of: [1002, 1006]) }) { $0.type("x") }
    await #expect(processExitsWith: .success) { [path = pty.path as String] in
      let child = try TerminalChild(path)
      child.show("ready")
      _ = child.next()
      child.terminal.setMouse(false)
      child.show("off")
      _ = child.next()
      child.terminal.setMouse(true)
      child.show("on")
      _ = child.next()
      child.terminal.close()
      exit(0)
    }
    #expect(pty.unplayed.isEmpty)
  }

  @Test("U21: attention is BEL and notifications; the clipboard is OSC 52") func u21_attention() async throws
  {
    let pty = try TestPTY()
    pty.when("ready", type: "q")
    await #expect(processExitsWith: .success) { [path = pty.path as String] in
      let child = try TerminalChild(path)
      child.terminal.callAttention("the turn; ended\u{7}\u{1B}[2J", by: .all)
      guard child.terminal.copy("héllo") else { exit(97) }
      guard !child.terminal.copy(String(repeating: "x", count: 600_000)) else { exit(98) }
      child.show("ready")
      _ = child.next()
      child.terminal.close()
      exit(0)
    }
    #expect(pty.unplayed.isEmpty)
    #expect(pty.screen.bells == 1)
    let expected = [
      "11;?", "device attributes?", "9;the turn; ended[2J", "777;notify;stet;the turn, ended[2J",
      "52;c;aMOpbGxv",
    ]
    #expect(pty.screen.strings == expected)
  }

  @Test func aClosedTerminalIsAHangup() async throws {
    let pty = try TestPTY()
    await #expect(processExitsWith: .success) { [path = pty.path as String] in
      let child = try TerminalChild(path)
      child.show("ready")
      // As when the window is closed: reads end.
      let null = open("/dev/null", O_RDONLY)
      for descriptor in 3..<null { if isatty(descriptor) == 1 { dup2(null, descriptor) } }
      guard case .hangup? = child.next().first else { exit(99) }
      exit(0)
    }
  }

  @Test func noTerminalIsAnError() throws {
    let null = open("/dev/null", O_RDWR)
    defer { close(null) }
    let error = #expect(throws: TerminalError.self) {
      try CursesTerminal(environment: ["TERM": "xterm"], input: null, output: null)
    }
    #expect(error?.code == .notATerminal)
  }
}
