import Synchronization

/// A running child with a session and process group of its own.
///
/// All calls return at once; the work is done by one thread that serves all sessions. When the last reference
/// (an `events` stream counts as one) is gone while the process runs, its group is killed: a process nobody
/// can stop does not stay. Background children that outlive the process are left alone.
public final class ProcessSession: Sendable {
  /// Time between TERM and KILL (agent-core L6).
  public static let defaultGrace: Duration = .seconds(2)
  /// Input that may wait for a process that does not read: more than that is refused, not queued.
  public static let inputLimit = 1 << 20

  public let pid: Int32
  /// The process group, which is the pid: the child is its leader, and its session's.
  public var pgid: Int32 { pid }
  /// What walls it runs behind; nil if there are none.
  public let sandbox: SandboxLaunch?

  private let id: UInt64
  private let loop: ProcessLoop
  private let queue: EventQueue
  private let pendingInput: InputBudget

  private init(_ started: StartedProcess, loop: ProcessLoop, sandbox: SandboxLaunch?) {
    pid = started.pid
    id = started.id
    queue = started.queue
    pendingInput = started.input
    self.loop = loop
    self.sandbox = sandbox
  }

  deinit { loop.post(.abandon(id)) }

  /// Starts the process. Takes about a millisecond, during which the calling thread waits.
  public static func start(_ command: Command) throws(ProcessError) -> ProcessSession {
    try start(command, on: ProcessLoop.shared.get())
  }

  static func start(_ command: Command, on loop: ProcessLoop) throws(ProcessError) -> ProcessSession {
    let plan = try SpawnPlan(command)
    let started = try loop.start(plan).get()
    return ProcessSession(started, loop: loop, sandbox: command.sandbox)
  }

  /// What the process does, for one consumer. Nobody reading it makes the process wait when it has written
  /// about a mebibyte. Cancelling the reading task ends the stream, not the process.
  public var events: AsyncStream<ProcessEvent> {
    AsyncStream { await self.queue.next() }
  }

  /// How it ended; nil while it runs.
  public var exitStatus: ExitStatus? { queue.exitStatus }

  /// Whether `setTimeLimit` ended it.
  public var reachedTimeLimit: Bool { queue.reachedTimeLimit }

  /// Processes of its session that go on after its end, unless it was made to end, and what left the session where the
  /// command says that this is followed; empty while it runs. Behind walls with a process namespace nothing is left.
  public var leftBehind: [LeftProcess] { queue.leftBehind }

  /// Waits for the end without taking events: somebody must read them, or the process may never get there.
  public func waitForExit() async -> ExitStatus { await queue.waitForExit() }

  /// Sends bytes to standard input or the PTY, in call order. False: more than `inputLimit` bytes wait, or the
  /// input is closed or was never open; nothing of them is sent.
  @discardableResult
  public func write(_ bytes: [UInt8]) -> Bool {
    guard pendingInput.reserve(bytes.count) else { return false }
    loop.post(.write(id, bytes))
    return true
  }

  /// Ends standard input after what was written; on a PTY types the end-of-file character.
  public func closeInput() { loop.post(.closeInput(id)) }

  /// Tells a PTY its new size; does nothing on pipes.
  public func resize(_ size: TerminalSize) { loop.post(.resize(id, size)) }

  /// Sends a signal to the process group (on a PTY also to its foreground group); after the end it does nothing.
  public func signal(_ number: Int32) { loop.post(.signal(id, number)) }

  /// Ends the process like `terminate` when it still runs after `limit`.
  public func setTimeLimit(_ limit: Duration, grace: Duration = ProcessSession.defaultGrace) {
    loop.post(.timeLimit(id, limit, grace: grace))
  }

  /// TERM to the group, KILL to all of its session that is left after `grace`, and both to what left the session where
  /// that is followed; returns when it has ended.
  /// After the end: the same for background children that still hold its output, and the known status.
  @discardableResult
  public func terminate(grace: Duration = ProcessSession.defaultGrace) async -> ExitStatus {
    loop.post(.terminate(id, grace: grace))
    return await queue.waitForExit()
  }
}

/// Bytes of input under way, counted where `write` can refuse at once.
final class InputBudget: Sendable {
  private struct State {
    var waiting = 0
    var open: Bool
  }
  private let state: Mutex<State>

  init(open: Bool) { state = Mutex(State(open: open)) }

  func reserve(_ count: Int) -> Bool {
    state.withLock { state in
      guard state.open, count <= ProcessSession.inputLimit - state.waiting else { return false }
      state.waiting += count
      return true
    }
  }

  func release(_ count: Int) { state.withLock { $0.waiting -= count } }

  func close() { state.withLock { $0.open = false } }
}
