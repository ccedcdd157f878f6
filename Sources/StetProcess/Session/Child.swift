import CPlatform
import Glibc

/// One child on the process thread: its descriptors and what is waited for. How it ends is in Child+Ending.
///
/// The leader stays uncollected (a zombie) until everything that is to be signalled has been: its pid names the
/// group and the session, and a collected pid can be given to somebody else.
final class Child {
  enum Phase {
    case running
    /// Ended and collected; a background child still holds the pipe, what it writes is thrown away, and `terminate`
    /// reaches it.
    case lingering
    case ended
  }

  private static let readSize = 64 << 10
  /// Reads in a row before other sessions get their turn.
  private static let readsPerEvent = 4
  /// What is read without regard to a full queue when the process has ended: the largest pipe an ordinary user
  /// may have, so all it wrote arrives.
  private static let drainLimit = 1 << 20

  let id: UInt64
  let pid: Int32
  let queue: EventQueue
  let budget: InputBudget
  let isTerminal: Bool
  let isNamespaced: Bool
  /// The variable that all it starts inherit; nil: only its session is known.
  let mark: String?
  /// All that goes on after the leader is ended.
  let leavesNothing: Bool
  var phase = Phase.running
  var pidfd: Descriptor?
  var output: Descriptor?
  var error: Descriptor?
  var leaderEnded = false
  var terminating = false
  var drainDeadline: ContinuousClock.Instant?
  var killDeadline: ContinuousClock.Instant?
  var limitDeadline: ContinuousClock.Instant?
  var limitGrace = ProcessSession.defaultGrace

  private let epoll: Int32
  private var input: Descriptor?
  private var pending = PendingInput()
  private var paused = false

  init(id: UInt64, _ spawned: SpawnedChild, queue: EventQueue, epoll: Int32) {
    self.id = id
    self.queue = queue
    self.epoll = epoll
    pid = spawned.pid
    pidfd = spawned.pidfd
    output = spawned.output
    error = spawned.error
    input = spawned.input
    isTerminal = spawned.isTerminal
    isNamespaced = spawned.isNamespaced
    mark = spawned.mark
    leavesNothing = spawned.leavesNothing
    budget = InputBudget(open: spawned.input != nil)
  }

  /// Tells epoll what we wait for now. Its failure (no memory, no watches left) would leave a session that nobody
  /// serves, so it ends the child.
  func watch() {
    var result: Int32 = 0
    func set(_ descriptor: Descriptor?, _ role: Token.Role, _ readable: Bool, _ writable: Bool) {
      guard let descriptor, result >= 0 else { return }
      result = stet_epoll_set(epoll, descriptor.number, Token(id, role).raw, readable, writable)
    }
    let sends = !pending.isEmpty
    let reads = !paused || phase == .lingering
    set(output, .output, reads, isTerminal && sends)
    set(error, .error, reads, false)
    if !isTerminal { set(input, .input, false, sends) }
    set(pidfd, .process, !leaderEnded, false)
    if result < 0 { signalSession(SIGKILL) }
  }

  func handle(_ role: Token.Role, readable: Bool, writable: Bool) {
    switch role {
    case .output:
      if readable { read(.output) }
      if isTerminal, writable { flushInput() }
    case .error: read(.error)
    case .input: flushInput()
    case .process: leaderHasEnded()
    }
    finishIfDone()
    if phase != .ended { watch() }
  }

  func resumeReading() {
    paused = false
    if phase == .running { watch() }
  }

  /// Whether somebody may still write to us.
  var isHeard: Bool { output != nil || error != nil }
  /// Nobody holds the session any more.
  var isAbandoned = false

  /// Closes the pipes of a child that lingers.
  func close() {
    output = nil
    error = nil
    forgetIfSilent()
  }

  func closeStreams() {
    input = nil
    budget.close()
    // A terminal without its session leader is over: closing it hangs up on who is left.
    if isTerminal { output = nil }
  }

  // MARK: Output

  private func read(_ stream: EventQueue.Stream) {
    for _ in 0..<Self.readsPerEvent where !paused || phase == .lingering {
      guard readOnce(stream) > 0 else { return }
    }
  }

  /// Takes all that the process has written before it ended.
  func drain() {
    for stream in [EventQueue.Stream.output, .error] {
      var total = 0
      while total < Self.drainLimit {
        let count = readOnce(stream)
        guard count > 0 else { break }
        total += count
      }
    }
  }

  /// Reads one chunk; 0 at the end of the stream or when nothing waits.
  private func readOnce(_ stream: EventQueue.Stream) -> Int {
    guard let descriptor = stream == .output ? output : error else { return 0 }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Self.readSize) { buffer, count in
      let result = Glibc.read(descriptor.number, buffer.baseAddress, buffer.count)
      if result < 0 { failure = errno }
      count = max(result, 0)
    }
    if !bytes.isEmpty {
      if phase == .running, !queue.push(bytes, stream) { paused = true }
      return bytes.count
    }
    if failure == EAGAIN || failure == EINTR { return 0 }
    // End of file; a terminal whose last user is gone says EIO.
    if stream == .output { output = nil } else { error = nil }
    return 0
  }

  // MARK: Input

  func write(_ bytes: [UInt8]) {
    pending.append(bytes)
    flushInput()
    if phase != .ended { watch() }
  }

  func closeInput() {
    if isTerminal {
      pending.append([endOfFileCharacter])
    } else {
      pending.closes = true
      budget.close()
    }
    flushInput()
    if phase != .ended { watch() }
  }

  /// ^D, which a terminal in line mode turns into an end of file.
  private var endOfFileCharacter: UInt8 { 4 }

  private func flushInput() {
    guard let descriptor = input else {
      budget.release(pending.removeAll())
      return
    }
    while !pending.isEmpty {
      let result = pending.withFirst { Glibc.write(descriptor.number, $0.baseAddress, $0.count) }
      if result >= 0 {
        budget.release(pending.remove(result))
      } else if errno == EAGAIN {
        return
      } else if errno != EINTR {
        // Nobody reads any more.
        budget.close()
        budget.release(pending.removeAll())
        input = nil
        return
      }
    }
    if pending.closes { input = nil }
  }

  func resize(_ size: TerminalSize) {
    guard isTerminal, let output else { return }
    // A terminal that is closing may refuse; there is nobody to draw then.
    _ = stet_pty_resize(output.number, UInt16(clamping: size.rows), UInt16(clamping: size.columns))
  }
}

/// Input that the process has not read yet, in order.
struct PendingInput {
  private var chunks: [[UInt8]] = []
  private var offset = 0
  /// Close when all is sent.
  var closes = false

  var isEmpty: Bool { chunks.isEmpty }

  mutating func append(_ bytes: [UInt8]) {
    if !bytes.isEmpty { chunks.append(bytes) }
  }

  func withFirst(_ body: (UnsafeRawBufferPointer) -> Int) -> Int {
    guard let first = chunks.first else { return 0 }
    return first.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[offset...])) }
  }

  /// Drops `count` bytes of the first chunk; returns `count`.
  mutating func remove(_ count: Int) -> Int {
    offset += count
    if let first = chunks.first, offset >= first.count {
      chunks.removeFirst()
      offset = 0
    }
    return count
  }

  /// Drops everything; returns how many bytes that was.
  mutating func removeAll() -> Int {
    let count = chunks.reduce(0) { $0 + $1.count } - offset
    chunks = []
    offset = 0
    return count
  }
}
