import CPlatform
import Glibc
import StetTerminal
import StetText
import StetUI
import Synchronization

/// A terminal without a screen: the run loop paints on it from its thread, a test types and looks from another.
public final class TestTerminal: Terminal, Sendable {
  private let state: Mutex<State>
  private let descriptor: Int32

  /// What a journey waits for may take this long on a busy machine; nobody waits that long when all is well.
  private static let patience = Duration.seconds(120)

  private static let frameMs = 17

  private struct State {
    var size: Size
    var queue: [TerminalEvent] = []
    var frame: Frame
    var theme: Theme?
    var frames = 0
    var notices: [String] = []
    var copies: [String] = []
    var leftBehind: [String] = []
    var suspensions = 0
    var mouse = true
    var isClosed = false
    /// The loop waits and everything sent before has been taken in.
    var isIdle = false
    var watchers: [Int: Watcher] = [:]
    var nextWatcher = 0

    mutating func ready() -> [CheckedContinuation<Bool, Never>] {
      let met = watchers.filter { $0.value.isMet(self) }
      for key in met.keys { watchers[key] = nil }
      return met.values.map(\.continuation)
    }
  }

  private struct Watcher {
    let isMet: (State) -> Bool
    let continuation: CheckedContinuation<Bool, Never>
  }

  public init(size: Size = Size(columns: 80, rows: 24)) {
    state = Mutex(State(size: size, frame: Frame(surface: Surface(size: size))))
    descriptor = stet_eventfd()
    precondition(descriptor >= 0, "no descriptor left for a terminal")
  }

  deinit { Glibc.close(descriptor) }

  // MARK: the loop's side

  public var size: Size { state.withLock { $0.size } }

  public func nextInput(timeoutMs: Int?, wakeup: Int32) -> [TerminalEvent] {
    // A shorter wait is for the next frame: something is still to be painted.
    let isLong = timeoutMs.map { $0 > Self.frameMs } ?? true
    change { $0.isIdle = $0.queue.isEmpty && isLong }
    var waits = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0),
    ]
    _ = poll(&waits, 2, timeoutMs.map { Int32(clamping: $0) } ?? -1)
    stet_eventfd_drain(descriptor)
    var events: [TerminalEvent] = []
    change { state in
      events = state.queue
      state.queue = []
      state.isIdle = false
    }
    return events
  }

  public func paint(_ frame: Frame, theme: Theme) {
    change { ($0.frame, $0.theme, $0.frames) = (frame, theme, $0.frames + 1) }
  }

  public func lend<T>(_ body: () throws -> T) rethrows -> T { try body() }
  public func suspend() { change { $0.suspensions += 1 } }
  public func callAttention(_ text: String, by ways: AttentionWays) { change { $0.notices.append(text) } }
  public func setMouse(_ isOn: Bool) { change { $0.mouse = isOn } }
  public func close() { change { $0.isClosed = true } }

  public func leaveBehind(_ lines: [String]) { change { $0.leftBehind += lines } }

  public func copy(_ text: String) -> Bool {
    change { $0.copies.append(text) }
    return true
  }

  // MARK: the test's side

  /// The rows on the screen, without trailing blanks.
  public var screen: [String] { state.withLock { $0.frame.surface.rows } }
  public var frame: Frame { state.withLock { $0.frame } }
  /// How many frames were painted.
  public var frames: Int { state.withLock { $0.frames } }
  public var notices: [String] { state.withLock { $0.notices } }
  public var copies: [String] { state.withLock { $0.copies } }
  /// Lines that were written to the normal screen.
  public var leftBehind: [String] { state.withLock { $0.leftBehind } }
  public var suspensions: Int { state.withLock { $0.suspensions } }
  public var hasMouse: Bool { state.withLock { $0.mouse } }
  public var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Types characters, one key each.
  @discardableResult public func type(_ text: String) -> TestTerminal {
    for character in text { send(.input(.key(Key(character)))) }
    return self
  }

  @discardableResult public func press(_ code: KeyCode, _ modifiers: KeyModifiers = []) -> TestTerminal {
    send(.input(.key(Key(code, modifiers))))
  }

  /// Presses a key that types a character, as a command.
  @discardableResult public func press(_ character: Character, _ modifiers: KeyModifiers = []) -> TestTerminal
  {
    press(.character(character), modifiers)
  }

  @discardableResult public func paste(_ text: String) -> TestTerminal { send(.input(.paste(text))) }

  @discardableResult public func resize(columns: Int, rows: Int) -> TestTerminal {
    let size = Size(columns: columns, rows: rows)
    change { $0.size = size }
    return send(.input(.resize(size)))
  }

  @discardableResult public func send(_ event: TerminalEvent) -> TestTerminal {
    change { state in
      state.queue.append(event)
      state.isIdle = false
    }
    stet_eventfd_signal(descriptor)
    return self
  }

  /// Waits until the screen shows the text; throws with the screen when it never does.
  public func expect(_ text: String) async throws {
    try await expect("\(text.debugDescription) on the screen") { $0.contains { $0.contains(text) } }
  }

  /// Waits until the screen does not show the text.
  public func expectNo(_ text: String) async throws {
    try await expect("no \(text.debugDescription) on the screen") { !$0.contains { $0.contains(text) } }
  }

  /// Waits until the rows of the screen are as described.
  public func expect(_ what: String, _ isMet: @escaping @Sendable ([String]) -> Bool) async throws {
    try await wait(what) { isMet($0.frame.surface.rows) }
  }

  /// Waits until the loop has taken everything in, painted, and waits itself.
  public func idle() async throws { try await wait("an idle loop") { $0.isIdle && $0.queue.isEmpty } }

  private func wait(_ what: String, _ isMet: @escaping @Sendable (State) -> Bool) async throws {
    let key = state.withLock { state in
      state.nextWatcher += 1
      return state.nextWatcher
    }
    let deadline = Task {
      try await Task.sleep(for: Self.patience)
      state.withLock { $0.watchers.removeValue(forKey: key) }?.continuation.resume(returning: false)
    }
    defer { deadline.cancel() }
    let isMet = await withCheckedContinuation { continuation in
      change { $0.watchers[key] = Watcher(isMet: isMet, continuation: continuation) }
    }
    guard isMet else { throw TestTerminalError(waitedFor: what, screen: screen) }
  }

  private func change(_ body: (inout sending State) -> Void) {
    let ready = state.withLock { state in
      body(&state)
      return state.ready()
    }
    for continuation in ready { continuation.resume(returning: true) }
  }
}

public struct TestTerminalError: Error, CustomStringConvertible {
  public let waitedFor: String
  public let screen: [String]

  public var description: String {
    "waited in vain for \(waitedFor); the screen:\n" + screen.map { "│\($0)" }.joined(separator: "\n")
  }
}
