import CPlatform
import Glibc
import StetText
import StetUI

/// The real terminal: taken over while open, and given back on every way out (U17).
///
/// `close`, `lend` and `suspend` give it back in order; a crash, `exit` or a second request to end write the
/// emergency bytes from a signal handler. One at a time in a process; main thread.
public final class CursesTerminal: Terminal {
  private let input: Int32
  private let output: Int32
  private let signals: Int32
  private let painter: FramePainter
  private let kind: TerminalKind
  private var decoder = KeyDecoder()
  private var isOpen = true
  private var isLent = false
  private var mouse = true
  private var known: Size
  /// Signals that came while the terminal was lent or the process stopped.
  private var carried: UInt32 = 0
  private var graphics = GraphicsAnswers()

  /// Takes the terminal over. `environment` tells its kind (TERM, COLORTERM, TMUX, NO_COLOR …).
  public init(
    environment: [String: String], input: Int32 = STDIN_FILENO, output: Int32 = STDOUT_FILENO
  ) throws(TerminalError) {
    guard isatty(input) == 1, isatty(output) == 1 else {
      throw TerminalError(.notATerminal, "stet needs a terminal for input and output")
    }
    (self.input, self.output) = (input, output)
    kind = TerminalKind(environment)
    known = Self.size(of: output)
    painter = try FramePainter(
      term: kind.term, depth: ColorDepth.detect(environment), size: known, showsLinks: kind.showsLinks)
    let emergency = TerminalModes.emergency
    let guarded = stet_terminal_guard(output, emergency, emergency.count)
    if guarded == -EBUSY { throw TerminalError(.busy, "another terminal is open in this process") }
    signals = try TerminalError.check(guarded, "the terminal's modes cannot be read")
    do throws(TerminalError) {
      try takeOver()
    } catch {
      stet_terminal_release()
      throw error
    }
    if kind.answersQuestions { send(TerminalModes.questions(kitty: kind.mayHaveKittyGraphics)) }
  }

  deinit { close() }

  public var size: Size { known }

  public func nextInput(timeoutMs: Int?, wakeup: Int32) -> [TerminalEvent] {
    let now = Self.now()
    var wait = timeoutMs.map { Int32(clamping: max(0, $0)) } ?? -1
    if carried != 0 { wait = 0 }
    if let deadline = decoder.deadline {
      let left = Int32(clamping: deadline.since(now))
      wait = wait < 0 ? left : min(wait, left)
    }
    var descriptors = [
      pollfd(fd: input, events: Int16(POLLIN), revents: 0),
      pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0),
    ]
    _ = poll(&descriptors, nfds_t(descriptors.count), wait)
    var events: [TerminalEvent] = []
    if descriptors[1].revents != 0 || carried != 0 { events += signalled() }
    if descriptors[0].revents != 0 { events += readInput() }
    events += decoder.flush(now: Self.now()).map { .input($0) }
    return events
  }

  public func paint(_ frame: Frame, theme: Theme) {
    // ncurses would believe that it has the screen again.
    if !isLent { send(painter.paint(frame, theme: theme)) }
  }

  public func lend<T>(_ body: () throws -> T) rethrows -> T {
    giveBack()
    isLent = true
    stet_terminal_lend(true)
    defer {
      stet_terminal_lend(false)
      isLent = false
      returned()
    }
    return try body()
  }

  public func suspend() {
    giveBack()
    _ = stet_terminal_stop()
    returned()
  }

  public func callAttention(_ text: String, by ways: AttentionWays) { send(kind.attention(text, by: ways)) }

  public func copy(_ text: String) -> Bool {
    guard let bytes = kind.clipboard(text) else { return false }
    send(bytes)
    return true
  }

  public func leaveBehind(_ lines: [String]) {
    giveBack()
    send(Array(lines.joined(separator: "\n").utf8) + [0x0A])
    returned()
  }

  public func setMouse(_ isOn: Bool) {
    guard isOn != mouse else { return }
    mouse = isOn
    send(TerminalModes.mouse(isOn))
  }

  public func close() {
    guard isOpen else { return }
    isOpen = false
    giveBack()
    stet_terminal_release()
  }

  /// Milliseconds of the monotonic clock, which the run loop uses too.
  public static func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(milliseconds: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
  }

  // MARK: taking and giving

  private func takeOver() throws(TerminalError) {
    try TerminalError.check(stet_terminal_raw(), "the terminal's modes cannot be set")
    stet_terminal_arm(true)
    // The screen comes first: kitty keeps the keyboard's mode for each screen.
    send(painter.enter() + TerminalModes.enter(mouse: mouse))
  }

  private func giveBack() {
    send(TerminalModes.leave + painter.leave())
    stet_terminal_arm(false)
    _ = stet_terminal_cooked()
  }

  /// The terminal is ours again; it may have another size.
  private func returned() {
    let ending = STET_TERMINAL_TERMINATE | STET_TERMINAL_HANGUP
    carried = stet_terminal_take_signals() & UInt32(ending) | UInt32(STET_TERMINAL_RESIZED)
    resume()
  }

  /// After a lend, a stop, or a SIGCONT out of nowhere: the modes, the screen and the size may be others.
  private func resume() {
    do throws(TerminalError) { try takeOver() } catch {
      // The terminal went away meanwhile: the next read says so.
      stet_terminal_arm(false)
    }
  }

  // MARK: input

  private func signalled() -> [TerminalEvent] {
    let bits = stet_terminal_take_signals() | carried
    carried = 0
    func has(_ bit: Int) -> Bool { bits & UInt32(bit) != 0 }
    var events: [TerminalEvent] = []
    if has(STET_TERMINAL_CONTINUED) {
      // Whoever stopped us may have left anything behind, or nothing.
      giveBack()
      resume()
    }
    if has(STET_TERMINAL_RESIZED) || has(STET_TERMINAL_CONTINUED) {
      known = Self.size(of: output)
      events.append(.input(.resize(known)))
    }
    if has(STET_TERMINAL_SUSPEND) { events.append(.suspend) }
    for (bit, signal) in [
      (STET_TERMINAL_INTERRUPT, SIGINT), (STET_TERMINAL_TERMINATE, SIGTERM), (STET_TERMINAL_HANGUP, SIGHUP),
    ] where has(bit) {
      events.append(.terminate(signal: signal))
    }
    return events
  }

  /// A terminal hands out at most 4 KiB a read; a paste is read on for as long as there is more, within a bound.
  private static let chunk = 64 << 10
  private static let readsAtOnce = 4096

  private func readInput() -> [TerminalEvent] {
    var events: [TerminalEvent] = []
    var bytes = [UInt8](repeating: 0, count: Self.chunk)
    for _ in 0..<Self.readsAtOnce {
      let count = read(input, &bytes, bytes.count)
      if count < 0 && (errno == EINTR || errno == EAGAIN) { break }
      guard count > 0 else {
        events.append(.hangup)
        break
      }
      events += decoder.feed(Array(bytes[..<count]), now: Self.now()).map { .input($0) }
      if stet_bytes_available(input) <= 0 { break }
    }
    for reply in decoder.takeReplies() {
      if let isDark = reply.isDark { events.append(.background(isDark: isDark)) }
      if let ability = graphics.take(reply) { events.append(.showsPictures(ability)) }
    }
    return events
  }

  // MARK: output

  private func send(_ bytes: [UInt8]) {
    guard !isLent else { return }
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(output, $0.baseAddress.map { $0 + sent }, bytes.count - sent)
      }
      if count > 0 {
        sent += count
      } else if errno == EAGAIN {
        var wait = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
        _ = poll(&wait, 1, -1)
      } else if errno != EINTR {
        // The terminal is gone; the next read says so.
        return
      }
    }
  }

  private static func size(of descriptor: Int32) -> Size {
    var (rows, columns): (UInt16, UInt16) = (0, 0)
    guard stet_terminal_size(descriptor, &rows, &columns) == 0, rows > 0, columns > 0 else {
      return Size(columns: 80, rows: 24)
    }
    return Size(columns: Int(columns), rows: Int(rows))
  }
}
