import Glibc
import StetTerminal
import StetText
import StetUI

/// The child's side of an exit test: a process of its own, whose controlling terminal is the test's PTY.
struct TerminalChild {
  let terminal: CursesTerminal

  /// Becomes a session leader on that terminal and takes it over.
  init(_ path: String) throws {
    setsid()
    // A child that waits for what never comes must not hold the test for ever.
    alarm(60)
    // Whoever started the tests may have had some signals ignored, and this thread has most of them blocked.
    for number in 1..<32 { signal(Int32(number), SIG_DFL) }
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
    let descriptor = open(path, O_RDWR)
    guard descriptor >= 0 else { exit(90) }
    terminal = try CursesTerminal(
      environment: ["TERM": "xterm-256color", "COLORTERM": "truecolor"], input: descriptor, output: descriptor
    )
  }

  /// Shows rows of text, with the caret after the first.
  func show(_ rows: String...) {
    var surface = Surface(size: terminal.size, style: Style(.text))
    for (y, row) in rows.enumerated() { surface.write(row, Style(.text), at: Point(x: 0, y: y)) }
    let cursor = Point(x: Width.of(rows.first ?? ""), y: 0)
    terminal.paint(Frame(surface: surface, cursor: cursor, title: "child"), theme: PainterRig.theme)
  }

  /// Waits for what comes next.
  func next() -> [TerminalEvent] {
    while true {
      let events = terminal.nextInput(timeoutMs: nil, wakeup: -1)
      if !events.isEmpty { return events }
    }
  }

  /// Waits for a key; what else comes says that the terminal was taken again.
  func untilKey() {
    while true {
      for case .input(.key) in next() { return }
    }
  }

  /// Waits for the signal that asks for the end.
  func untilTerminated() -> Int32 {
    while true {
      for case .terminate(let signal) in next() { return signal }
    }
  }
}
