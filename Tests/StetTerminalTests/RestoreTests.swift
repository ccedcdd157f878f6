import Glibc
import StetTerminal
import StetTestSupport
import StetText
import Testing

/// U17: the terminal is restored on every way out. Each way is a process of its own on a real PTY.
@Suite struct RestoreTests {
  let pty: TestPTY
  let before: [UInt32]

  init() throws {
    pty = try TestPTY()
    before = pty.modes
  }

  /// The state of a terminal that nobody uses.
  private func expectRestored(_ location: SourceLocation = #_sourceLocation) async throws {
    #expect(pty.unplayed.isEmpty, sourceLocation: location)
    try await pty.until("the normal screen") { !$0.modes.contains(1049) && $0.titleDepth == 0 }
    let screen = pty.screen
    #expect(screen.modes == VTScreen.freshModes, sourceLocation: location)
    #expect(screen.keyboardDepth == 0, sourceLocation: location)
    #expect(screen.otherKeys == 0, sourceLocation: location)
    #expect(screen.look == VTScreen.Look(), sourceLocation: location)
    #expect(screen.unknown.isEmpty, sourceLocation: location)
    #expect(pty.modes == before, sourceLocation: location)
  }

  /// When the child has taken the terminal over and shows its first frame, presses a key.
  private func whenTaken(type key: String) {
    pty.when(
      "a terminal taken over",
      { screen in
        screen.text.contains("ready") && screen.title == "child" && screen.keyboardDepth == 1
          && screen.otherKeys == 1 && screen.modes.isSuperset(of: [25, 1002, 1004, 1006, 1049, 2004])
      }, do: { $0.type(key) })
  }

  @Test("U17: quit") func u17_quit() async throws {
    whenTaken(type: "q")
    await #expect(processExitsWith: .success) { [path = pty.path as String] in
      let child = try TerminalChild(path)
      child.show("ready")
      _ = child.next()
      child.terminal.close()
      exit(0)
    }
    try await expectRestored()
  }

  @Test("U22: lines are left behind on the normal screen, and the program goes on")
  func u22_leavesBehind() async throws {
    whenTaken(type: "d")
    pty.when("taken again", { $0.text.contains("again") && $0.modes.contains(1049) }, do: { $0.type("q") })
    await #expect(processExitsWith: .success) { [path = pty.path as String] in
      let child = try TerminalChild(path)
      child.show("ready")
      _ = child.next()
      child.terminal.leaveBehind(["first of it", "last of it"])
      child.show("again")
      child.untilKey()
      child.terminal.close()
      exit(0)
    }
    try await expectRestored()
    let rows = pty.screen.rows
    let first = try #require(rows.firstIndex { $0.hasPrefix("first of it") })
    #expect(rows[first + 1].hasPrefix("last of it"))
    #expect(!pty.screen.text.contains("again"))
  }

  @Test("U17: what is painted after the screen was lent lands where it belongs")
  func u17_paintedAfterLending() async throws {
    whenTaken(type: "e")
    pty.when("the next frame", { $0.rows[1] == " two" }, do: { $0.type("q") })
    await #expect(processExitsWith: .success) { [path = pty.path as String] in
      let child = try TerminalChild(path)
      child.show("ready", " one")
      _ = child.next()
      child.terminal.lend {}
      child.show("ready", " two")
      child.untilKey()
      child.terminal.close()
      exit(0)
    }
    try await expectRestored()
  }

  @Test("U17: an error that ends the program") func u17_exitWithoutClosing() async throws {
    whenTaken(type: "q")
    await #expect(processExitsWith: .exitCode(3)) { [path = pty.path as String] in
      let child = try TerminalChild(path)
      child.show("ready")
      _ = child.next()
      exit(3)
    }
    try await expectRestored()
  }

  @Test("U17: SIGTERM, SIGHUP, SIGINT", arguments: [SIGTERM, SIGHUP, SIGINT])
  func u17_signals(signal: Int32) async throws {
    await #expect(processExitsWith: .success) { [path = pty.path as String, signal = signal as Int32] in
      let child = try TerminalChild(path)
      child.show("ready")
      kill(getpid(), signal)
      let received = child.untilTerminated()
      child.terminal.close()
      exit(received == signal ? 0 : 91)
    }
    try await expectRestored()
  }

  @Test("U17: a loop that is stuck, asked twice") func u17_stuckLoop() async throws {
    await #expect(processExitsWith: .signal(SIGTERM)) { [path = pty.path as String] in
      let child = try TerminalChild(path)
      child.show("ready")
      for _ in 0..<2 { raise(SIGTERM) }
      while true { pause() }
    }
    try await expectRestored()
  }

  @Test("U17: crash", arguments: [SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGTRAP, SIGFPE, SIGSYS, SIGQUIT])
  func u17_crashes(signal: Int32) async throws {
    whenTaken(type: "q")
    await #expect(processExitsWith: .signal(signal)) {
      [path = pty.path as String, signal = signal as Int32] in
      let child = try TerminalChild(path)
      child.show("ready")
      _ = child.next()
      raise(signal)
      exit(0)
    }
    try await expectRestored()
  }

  @Test("U17: a trap of the language") func u17_trap() async throws {
    await #expect(processExitsWith: .failure) { [path = pty.path as String] in
      let child = try TerminalChild(path)
      child.show("ready")
      let none: [Int] = []
      print(none[child.terminal.size.rows])
    }
    try await expectRestored()
  }

  @Test("U17: abort() on another thread") func u17_abortElsewhere() async throws {
    await #expect(processExitsWith: .signal(SIGABRT)) { [path = pty.path as String] in
      let child = try TerminalChild(path)
      child.show("ready")
      var thread = pthread_t()
      pthread_create(&thread, nil, { _ in abort() }, nil)
      while true { pause() }
    }
    try await expectRestored()
  }

  @Test("U17: ctrl-z and back") func u17_suspend() async throws {
    whenTaken(type: "z")
    await #expect(processExitsWith: .success) { [path = pty.path as String] in
      let child = try TerminalChild(path)
      child.show("ready")
      _ = child.next()
      // A session of its own has no shell that could wake it, so the kernel does not stop it; all else happens.
      child.terminal.suspend()
      child.show("ready", "again")
      _ = child.next()
      child.terminal.close()
      exit(0)
    }
    try await expectRestored()
    let text = String(decoding: pty.bytes, as: UTF8.self)
    #expect(text.components(of: "\u{1B}[?1049h") == 2)
    #expect(text.components(of: "\u{1B}[?1049l") == 2)
    #expect(text.components(of: "\u{1B}[>1u") == 2)
    #expect(text.components(of: "\u{1B}[?2004l") == 2)
  }

  @Test("U17: an external editor gets the terminal as it was") func u17_lend() async throws {
    let before = before
    whenTaken(type: "e")
    pty.when(
      "the normal screen", { $0.text.contains("on the normal screen") && $0.modes == VTScreen.freshModes }
    ) { pty in
      if pty.modes == before { pty.type("typed in the editor\n") }
    }
    pty.when("the terminal taken again", { $0.rows[0] == "back" && $0.modes.contains(1049) }) { pty in
      if pty.modes != before { pty.type("q") }
    }
    await #expect(processExitsWith: .success) { [path = pty.path as String] in
      let child = try TerminalChild(path)
      child.show("ready")
      _ = child.next()
      child.terminal.lend {
        let text = Array("on the normal screen\r\n".utf8)
        let terminal = open("/dev/tty", O_RDWR)
        _ = write(terminal, text, text.count)
        // A frame meanwhile must not go out.
        child.show("not now")
        var line = [UInt8](repeating: 0, count: 100)
        let count = read(terminal, &line, line.count)
        guard String(decoding: line.prefix(max(0, count)), as: UTF8.self) == "typed in the editor\n" else {
          exit(93)
        }
      }
      child.show("back")
      while true {
        if child.next().contains(where: { if case .input(.key) = $0 { true } else { false } }) { break }
      }
      child.terminal.close()
      exit(0)
    }
    try await expectRestored()
  }
}

extension String {
  /// How often `part` occurs.
  func components(of part: String) -> Int { ranges(of: part).count }
}
