import CPlatform
import Glibc
import StetText
import Synchronization

/// A pseudo-terminal with a test behind its screen: what is written to it is shown on a `VTScreen`.
///
/// A thread reads all the time, so the other side never waits; it also plays the script (`when`), since an exit test
/// may hold every thread of the concurrency runtime until its child ends. The test holds the slave open as well: it
/// can look at the modes, and the screen outlives the process that used it.
public final class TestPTY: Sendable {
  public let path: String
  private let master: Int32
  private let slave: Int32
  private let state: Mutex<State>
  private let stopped = Gate()

  private static let patience = Duration.seconds(120)

  private struct State {
    var screen: VTScreen
    var bytes: [UInt8] = []
    var watchers: [Int: (isMet: (VTScreen) -> Bool, continuation: CheckedContinuation<Bool, Never>)] = [:]
    var nextWatcher = 0
    var script: [Step] = []
  }

  private struct Step {
    let what: String
    let isMet: @Sendable (VTScreen) -> Bool
    let action: @Sendable (TestPTY) -> Void
  }

  public init(columns: Int = 60, rows: Int = 16) throws {
    var name = [CChar](repeating: 0, count: 128)
    master = stet_pty_open(&name, name.count, UInt16(rows), UInt16(columns))
    guard master >= 0 else { throw LoopbackError(call: "stet_pty_open", errno: -master) }
    path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard slave >= 0 else { throw LoopbackError(call: "open \(path)", errno: errno) }
    state = Mutex(State(screen: VTScreen(size: Size(columns: columns, rows: rows))))
    let reader = PTYReader(master: dup(master), stopped: stopped)
    LoopbackServer.thread { [weak self] in reader.run { self?.take($0) } }
  }

  deinit {
    stopped.open()
    close(master)
    close(slave)
  }

  public var screen: VTScreen { state.withLock { $0.screen } }
  /// Everything that was written to the terminal.
  public var bytes: [UInt8] { state.withLock { $0.bytes } }

  /// Types on the keyboard.
  public func type(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) } else if errno == EAGAIN { waitForSpace() } else { return }
    }
  }

  /// Another window size; the kernel tells the foreground process.
  public func resize(columns: Int, rows: Int) {
    state.withLock { $0.screen.resize(Size(columns: columns, rows: rows)) }
    stet_pty_resize(master, UInt16(rows), UInt16(columns))
  }

  /// The terminal's modes as numbers that can be compared.
  public var modes: [UInt32] {
    var modes = termios()
    tcgetattr(slave, &modes)
    return [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag]
  }

  /// Adds to the script: as soon as the steps before are done and the screen is as described, `action` runs.
  public func when(
    _ what: String, _ isMet: @escaping @Sendable (VTScreen) -> Bool,
    do action: @escaping @Sendable (TestPTY) -> Void
  ) {
    state.withLock { $0.script.append(Step(what: what, isMet: isMet, action: action)) }
    play()
  }

  /// As soon as the screen shows the text, types.
  public func when(_ text: String, type keys: String) {
    when(text.debugDescription, { $0.text.contains(text) }, do: { $0.type(keys) })
  }

  /// The steps of the script that have not been played.
  public var unplayed: [String] { state.withLock { $0.script.map(\.what) } }

  /// Waits until the screen is as described; throws with what it shows when it never is.
  public func until(_ what: String, _ isMet: @escaping @Sendable (VTScreen) -> Bool) async throws {
    let key = state.withLock { state in
      state.nextWatcher += 1
      return state.nextWatcher
    }
    let deadline = Task { [weak self] in
      try await Task.sleep(for: Self.patience)
      self?.state.withLock { $0.watchers.removeValue(forKey: key) }?.continuation.resume(returning: false)
    }
    defer { deadline.cancel() }
    let isDone = await withCheckedContinuation { continuation in
      let isMetAlready = state.withLock { state in
        if isMet(state.screen) { return true }
        state.watchers[key] = (isMet, continuation)
        return false
      }
      if isMetAlready { continuation.resume(returning: true) }
    }
    if !isDone { throw TestTerminalError(waitedFor: what, screen: screen.rows) }
  }

  /// Waits until a row shows the text.
  public func until(_ text: String) async throws {
    try await until(text.debugDescription) { $0.text.contains(text) }
  }

  private func waitForSpace() {
    var wait = pollfd(fd: master, events: Int16(POLLOUT), revents: 0)
    poll(&wait, 1, 1000)
  }

  private func take(_ bytes: [UInt8]) {
    let met = state.withLock { state in
      state.bytes += bytes
      state.screen.feed(bytes)
      let met = state.watchers.filter { $0.value.isMet(state.screen) }
      for key in met.keys { state.watchers[key] = nil }
      return met.values.map(\.continuation)
    }
    for continuation in met { continuation.resume(returning: true) }
    play()
  }

  private func play() {
    while true {
      let next = state.withLock { state -> Step? in
        guard let step = state.script.first, step.isMet(state.screen) else { return nil }
        return state.script.removeFirst()
      }
      guard let next else { return }
      next.action(self)
    }
  }
}

/// The thread's part: it must not keep the PTY alive.
private struct PTYReader: Sendable {
  let master: Int32
  let stopped: Gate

  func run(_ take: ([UInt8]) -> Void) {
    var part = [UInt8](repeating: 0, count: 16 << 10)
    while !stopped.isOpen {
      stopped.waitOrReadable(master)
      let count = read(master, &part, part.count)
      if count > 0 {
        take(Array(part[..<count]))
      } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
        break
      }
    }
    close(master)
  }
}
