import FoundationEssentials
import Glibc
import StetTestSupport
import StetText
import Testing

/// The terminal is whole again on every way out (U17): its modes, the screen, the cursor, the mouse, bracketed paste.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct TerminalWholeTests {
  /// Alternate screen, bracketed paste, mouse, focus: what the interface turns on.
  private static let own: Set<Int> = [1049, 2004]

  /// Opens the interface on a home without a model, does `leave`, and compares the terminal with what it was.
  private func afterLeaving(_ leave: (Console) async throws -> Void) async throws {
    let home = TempDirectory("journey-home")
    let work = TempDirectory("journey-work")
    let console = try Console(directory: work.path, environment: Program.environment(home: home))
    let before = try await console.modes("before")
    console.run("clear; stet; echo left=$?")
    try await console.expect("the interface") { screen in
      screen.text.contains("Ask stet …") && Self.own.isSubset(of: screen.modes)
    }
    try await leave(console)
    let screen = try await console.expect("the shell's screen") {
      $0.text.contains("left=") && !$0.modes.contains(1049)
    }
    #expect(screen.modes == VTScreen.freshModes, "modes left on: \(screen.modes)")
    #expect(screen.keyboardDepth == 0 && screen.otherKeys == 0)
    #expect(!screen.text.contains("Ask stet …"))
    #expect(try await console.modes("after") == before)
    await console.end()
  }

  @Test("U17: after /quit") func u17_quit() async throws {
    try await afterLeaving { console in
      console.send("/quit\r")
      try await console.expect("left=0")
    }
  }

  @Test("U17: after SIGTERM, with its exit code") func u17_terminate() async throws {
    try await afterLeaving { console in
      try console.killForeground(SIGTERM)
      try await console.expect("left=143")
    }
  }

  @Test("U17: after the terminal's own hangup signal") func u17_hangup() async throws {
    try await afterLeaving { console in
      try console.killForeground(SIGHUP)
      try await console.expect("left=129")
    }
  }

  @Test(
    "U17: a shell that is hung up takes its terminal back first; nothing stays behind, running or stopped")
  func u17_shellGone() async throws {
    let home = TempDirectory("journey-home")
    let work = TempDirectory("journey-work")
    let console = try Console(directory: work.path, environment: Program.environment(home: home))
    console.run("clear; stet")
    try await console.expect("the interface") { $0.text.contains("Ask stet …") }
    let program = try console.foreground()
    console.hangUpShell()
    _ = try await eventually("the program is gone") { () -> Bool? in
      // Nobody may reap it here: a dead one counts.
      let stat = (try? String(contentsOfFile: "/proc/\(program)/stat", encoding: .utf8)) ?? ") Z"
      return stat.contains(") Z") || !stat.contains("(stet)") ? true : nil
    }
    await console.end()
  }

  @Test("U17: after a crash", arguments: [SIGSEGV, SIGABRT]) func u17_crash(_ signal: Int32) async throws {
    try await afterLeaving { console in
      try console.killForeground(signal)
      try await console.expect("left=")
    }
  }

  @Test("U17: while stopped by ctrl-z, and whole again after fg and quit") func u17_suspend() async throws {
    try await afterLeaving { console in
      console.send("\u{1A}")
      let stopped = try await console.expect("the shell after ctrl-z") {
        $0.text.contains("Stopped") && !$0.modes.contains(1049)
      }
      #expect(stopped.modes == VTScreen.freshModes)
      console.run("echo here-$((6 * 7)); fg")
      try await console.expect("the interface again") {
        $0.text.contains("Ask stet …") && Self.own.isSubset(of: $0.modes)
      }
      console.send("/quit\r")
    }
  }
}
