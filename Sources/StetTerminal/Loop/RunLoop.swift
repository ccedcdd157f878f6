import Glibc
import StetText
import StetUI

/// The program's main loop: waits for keys, messages and signals at once, feeds them to the interface in the order
/// they came, performs what it answers, and paints.
///
/// Changes after quiet are painted at once, a few in a row, then one every `frameIntervalMs`, and nothing while nothing
/// happens (U11). A key is shown one frame earlier still, at the cost of the frame after it: what streams must not make
/// it wait.
/// Main thread; nothing in it waits but `nextInput`, a lent terminal and a stopped process.
public final class RunLoop<State: Interface> {
  /// Between frames of a steady flow: with those that come ahead no second has more than 60.
  public static var frameIntervalMs: Int { 20 }

  /// How many frames may come ahead of that rate. Between enter and the first word of an answer some eight messages
  /// come a millisecond apart, and the one that matters is the last.
  static var framesAhead: Int { 8 }

  /// How long messages are fed before keys are looked at again: half a frame.
  static var messageShareMs: Int { 8 }

  /// Why the loop ended. The terminal has been given back.
  public enum Exit: Sendable {
    /// The user left; the lines are to be printed on the normal screen.
    case quit(dump: [String]?)
    case terminated(signal: Int32)
    case hangup
  }

  public private(set) var state: State
  private let terminal: any Terminal
  private let mailbox: Mailbox<Event>
  private let environment: [String: String]
  private let clock: () -> Instant
  private let perform: (Effect) -> Void
  private var exit: Exit?
  private var isChanged = true
  private var hasInput = false
  private var nextFrame: Instant
  private var nextTick: Instant?
  private var lastTick: Instant?

  /// `perform` gets the effects that are no business of a terminal's, in order; it must not wait. `environment` names
  /// the user's editor and desktop.
  public init(
    terminal: any Terminal, state: State, mailbox: Mailbox<Event>, environment: [String: String] = [:],
    clock: @escaping () -> Instant = CursesTerminal.now, perform: @escaping (Effect) -> Void
  ) {
    self.terminal = terminal
    self.state = state
    self.mailbox = mailbox
    self.environment = environment
    self.clock = clock
    self.perform = perform
    nextFrame = clock()
  }

  /// Runs until the interface quits, a signal asks for the end, or the terminal is gone. Closes terminal and mailbox.
  ///
  /// - Parameter behindFirstFrame: what need not be done before there is something to see.
  public func run(behindFirstFrame: () -> Void = {}) -> Exit {
    defer {
      terminal.close()
      mailbox.close()
    }
    paintIfDue()
    behindFirstFrame()
    while true {
      paintIfDue()
      for event in terminal.nextInput(timeoutMs: wait(), wakeup: mailbox.descriptor) { take(event) }
      feedMessages()
      tickIfDue()
      if let exit { return exit }
    }
  }

  /// Feeds what other threads posted. A flood is taken in parts, with a look at keys and signals between them: nothing
  /// that streams may delay an esc (U5).
  private func feedMessages() {
    var partEnd = clock().advanced(by: Self.messageShareMs)
    for event in mailbox.drain() {
      feed(event)
      guard exit == nil else { return }
      guard clock() >= partEnd else { continue }
      for event in terminal.nextInput(timeoutMs: 0, wakeup: -1) { take(event) }
      paintIfDue()
      partEnd = clock().advanced(by: Self.messageShareMs)
    }
  }

  private func paintIfDue() {
    let now = clock()
    guard isChanged, nextPaint <= now else { return }
    isChanged = false
    hasInput = false
    terminal.paint(state.frame(size: terminal.size, now: now), theme: state.theme)
    nextFrame = max(nextFrame, now).advanced(by: Self.frameIntervalMs)
  }

  private var nextPaint: Instant {
    nextFrame.advanced(by: -Self.frameIntervalMs * (Self.framesAhead + (hasInput ? 1 : 0)))
  }

  /// Until the next frame or tick; nil to sleep until something happens.
  private func wait() -> Int? {
    let now = clock()
    nextTick = state.nextWake(now: now)
    // A wish for the same moment again and again is kept to the frame rate.
    if let lastTick { nextTick = nextTick.map { max($0, lastTick.advanced(by: Self.frameIntervalMs)) } }
    let frame = isChanged ? nextPaint.since(now) : nil
    return [frame, nextTick.map { $0.since(now) }].compactMap { $0 }.min()
  }

  private func tickIfDue() {
    let now = clock()
    guard let due = nextTick, due <= now else { return }
    lastTick = now
    feed(.tick)
  }

  private func take(_ event: TerminalEvent) {
    switch event {
    case .input(let input):
      hasInput = true
      feed(.input(input))
    case .background(let isDark): feed(.background(isDark: isDark))
    case .showsPictures(let ability): feed(.showsPictures(ability))
    case .suspend: suspend()
    case .terminate(let signal): end(.terminated(signal: signal))
    case .hangup: end(.hangup)
    }
  }

  private func end(_ end: Exit) {
    guard exit == nil else { return }
    exit = end
    feed(.ending)
  }

  private func feed(_ event: Event) {
    isChanged = true
    for effect in state.update(event, now: clock()) { carryOut(effect) }
  }

  private func carryOut(_ effect: Effect) {
    switch effect {
    case .quit(let dump): exit = exit ?? .quit(dump: dump)
    case .suspend: suspend()
    case .attention(let text, let ways): terminal.callAttention(text, by: ways)
    case .edit(let text, let fileName, let purpose): edit(text, fileName, purpose)
    case .copy(let text): copy(text)
    case .mouse(let isOn): terminal.setMouse(isOn)
    case .dump(let lines): dump(lines)
    default: perform(effect)
    }
  }

  private func suspend() {
    terminal.suspend()
    isChanged = true
  }

  private func dump(_ lines: [String]) {
    terminal.leaveBehind(lines)
    isChanged = true
  }

  private func edit(_ text: String, _ fileName: String, _ purpose: EditPurpose) {
    let editor = ExternalEditor(environment)
    let result = terminal.lend { () -> Result<String, TerminalError> in
      do throws(TerminalError) {
        return .success(try editor.edit(text, fileName: fileName))
      } catch {
        return .failure(error)
      }
    }
    switch result {
    case .success(let edited): feed(.edited(purpose, edited == text ? nil : edited))
    case .failure(let error):
      feed(.edited(purpose, nil))
      feed(.notice(error.description))
    }
  }

  /// The terminal's clipboard, and the desktop's by its own program where there is one; the words say which.
  private func copy(_ text: String) {
    let isSent = terminal.copy(text)
    let clipboard = Clipboard(environment)
    let mailbox = mailbox
    guard let program = clipboard.name else {
      feed(
        .copied(
          isSent ? "sent to the terminal's clipboard" : "not copied: the terminal takes no text this long"))
      return
    }
    let isStarted = Self.thread {
      let words: String
      switch (clipboard.copy(text), isSent) {
      case (true, _): words = "copied with \(program)"
      case (false, true): words = "sent to the terminal's clipboard (\(program) failed)"
      case (false, false): words = "not copied: \(program) failed"
      }
      mailbox.post(.copied(words))
    }
    if !isStarted { feed(.copied("not copied: no thread for \(program)")) }
  }

  private static func thread(_ body: @escaping @Sendable () -> Void) -> Bool {
    let context = Unmanaged.passRetained(ThreadBody(body)).toOpaque()
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, context)
    if code == 0 { pthread_detach(thread) } else { Unmanaged<ThreadBody>.fromOpaque(context).release() }
    return code == 0
  }
}

private final class ThreadBody {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
