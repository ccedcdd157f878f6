import StetProcess
import StetProtocol
import Synchronization

/// A command under way: pumps its output to the item and keeps what the model has not been given yet.
///
/// One task reads the process until it ends and then completes the item, whether the call still waits or has yielded
/// long ago (T8). Safe from any thread.
final class RunningCommand: BackgroundProcess {
  /// At most this many deltas a second; faster output is merged (T8).
  static let deltaInterval: Duration = .milliseconds(50)
  /// Bytes of each end of a delta: what comes faster than about a megabyte a second is not watched line by line.
  static let deltaHalf = 32 << 10
  /// Bytes of each end for the item: as much as anyone reads of one command.
  static let itemHalf = 512 << 10
  /// Bytes of each end for the model, well above `OutputCutter.tokenLimit`: terminal codes shrink when stripped.
  static let unreadHalf = 64 << 10

  let processId: String
  let itemId: String
  let command: String
  let cwd: String
  let osPid: Int32
  /// What walls it runs behind; nil if there are none.
  let sandbox: SandboxLaunch?
  /// Who decides which hosts it reaches; nil if it has no proxy.
  let network: NetworkGate?

  private struct State {
    var whole = OutputBuffer(half: RunningCommand.itemHalf)
    /// What no call has returned to the model yet.
    var unread = OutputBuffer(half: RunningCommand.unreadHalf)
    /// What no delta has carried yet.
    var unsent = OutputBuffer(half: RunningCommand.deltaHalf)
    var lastDelta: ContinuousClock.Instant?
    var deltaIsDue = false
    var exit: ExitStatus?
    /// stet ended it.
    var killed = false
    /// The call has yielded: the model will ask again.
    var inBackground = false
    var outputFile: KeptOutput?
    /// Called once at the end, for calls that wait.
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    var nextWaiter: UInt64 = 0
  }

  private let state = Mutex(State())
  private let process: ProcessSession
  private let item: CommandExecutionItem
  private let context: ToolContext
  private let started = ContinuousClock.now

  /// - Parameters:
  ///   - item: as it was started; completed with status, output, exit code and duration.
  ///   - processId: under which the registry knows it, where the item shows none.
  ///   - outputLimit: output beyond this many bytes is kept in a file too.
  ///   - afterExit: runs when the process has ended and before its item completes, so before anything else starts.
  init(
    process: ProcessSession, item: CommandExecutionItem, command: String, outputLimit: Int,
    context: ToolContext, processId: String? = nil, network: NetworkGate? = nil,
    afterExit: @escaping @Sendable () async -> Void
  ) {
    self.process = process
    self.item = item
    self.command = command
    self.context = context
    self.processId = processId ?? item.processId ?? ""
    itemId = item.id
    cwd = item.cwd
    osPid = process.pid
    sandbox = process.sandbox
    self.network = network
    Task { await self.pump(threshold: outputLimit, afterExit) }
  }

  // MARK: - Reading

  /// Waits until the process ends, or `limit` has passed, or the task is cancelled; says whether it ended.
  func waitForEnd(_ limit: Duration) async -> Bool {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.ended() }
      group.addTask {
        do { try await Task.sleep(for: limit) } catch { return }
      }
      await group.next()
      group.cancelAll()
    }
    return exitStatus != nil
  }

  var exitStatus: ExitStatus? { state.withLock { $0.exit } }

  /// Whether stet ended it, or is about to.
  var isKilled: Bool { state.withLock { $0.killed } }

  /// What the model has not been given yet, and the file that holds the whole output if it is long.
  func takeUnread() -> (output: OutputBuffer, file: KeptOutput?) {
    state.withLock { state in
      defer { state.unread = OutputBuffer(half: Self.unreadHalf) }
      return (state.unread, state.outputFile)
    }
  }

  /// Wall time since the start.
  var elapsed: Duration { started.duration(to: .now) }

  func send(_ bytes: [UInt8]) -> Bool { process.write(bytes) }

  // MARK: - Ending

  /// The call yields: the item may outlive the turn, and the last output is kept until the model has asked for it.
  func yieldToBackground() {
    context.items.detach(itemId)
    state.withLock { $0.inBackground = true }
  }

  /// Ends the process group (TERM, 2 s, KILL); the pump then completes the item.
  func terminate() async {
    state.withLock { $0.killed = true }
    await process.terminate()
    await ended()
  }

  /// Sends TERM at once, lets the kill follow by itself, and completes the item without waiting for the process: an
  /// interrupt answers within 100 ms whatever the command does (L6).
  func interrupt() {
    state.withLock { $0.killed = true }
    Task { await process.terminate() }
    sendDelta(isLast: true)
    context.items.completed(.commandExecution(finishedItem(nil)))
  }

  private func ended() async {
    let ticket = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.exit != nil || Task.isCancelled { return true }
          state.waiters[ticket] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: ticket) }?.resume()
    }
  }

  // MARK: - The pump

  private func pump(threshold: Int, _ afterExit: @Sendable () async -> Void) async {
    let spool = OutputSpool(context.outputs, name: itemId, threshold: threshold)
    var status = ExitStatus(code: nil, signal: nil)
    for await event in process.events {
      switch event {
      case .output(let bytes), .errorOutput(let bytes):
        spool.append(bytes)
        take(bytes, file: spool.file)
      case .exited(let end): status = end
      }
    }
    await afterExit()
    finish(status)
  }

  private func take(_ bytes: [UInt8], file: KeptOutput?) {
    let lineFeeds = OutputBuffer.lineFeeds(in: bytes)
    let wait: Duration? = state.withLock { state in
      state.whole.append(bytes, lineFeeds: lineFeeds)
      state.unread.append(bytes, lineFeeds: lineFeeds)
      state.unsent.append(bytes, lineFeeds: lineFeeds)
      state.outputFile = file
      if state.deltaIsDue { return nil }
      state.deltaIsDue = true
      guard let last = state.lastDelta else { return .zero }
      return Self.deltaInterval - last.duration(to: .now)
    }
    guard let wait else { return }
    if wait <= .zero { return sendDelta() }
    Task {
      do { try await Task.sleep(for: wait) } catch { return }
      sendDelta()
    }
  }

  /// Sends what came since the last delta. Inside the lock: deltas of two tasks must not overtake each other.
  private func sendDelta(isLast: Bool = false) {
    state.withLock { state in
      state.deltaIsDue = false
      let due = isLast ? state.unsent : state.unsent.takeWholeScalars()
      if isLast { state.unsent = OutputBuffer(half: Self.deltaHalf) }
      guard !due.isEmpty else { return }
      state.lastDelta = .now
      context.items.progress(
        .commandExecutionOutputDelta(
          CommandExecutionOutputDeltaNotification(
            threadId: context.threadId, turnId: context.turnId, itemId: itemId, delta: due.text)),
        item: itemId)
    }
  }

  /// What it left running, for the model and the user; nil if nothing.
  var leftBehind: String? {
    let left = process.leftBehind
    guard !left.isEmpty else { return nil }
    return left.map { "\($0.name) (pid \($0.pid))" }.joined(separator: ", ")
  }

  private func finish(_ status: ExitStatus) {
    if let leftBehind { context.items.warn("`\(command)` left running: \(leftBehind).") }
    sendDelta(isLast: true)
    context.items.completed(.commandExecution(finishedItem(status)))
    let (waiters, inBackground) = state.withLock { state in
      state.exit = status
      // The item has it now.
      state.whole = OutputBuffer(half: Self.itemHalf)
      defer { state.waiters = [:] }
      return (Array(state.waiters.values), state.inBackground)
    }
    if inBackground { context.endedCommands.add(self) }
    context.processes.remove(processId)
    for waiter in waiters { waiter.resume() }
  }

  /// The item as it ends, with all output that is kept; nil: it was killed and nobody waits for its end. A command
  /// that stet ended has the exit code −1, as Codex tells it.
  private func finishedItem(_ status: ExitStatus?) -> CommandExecutionItem {
    var item = item
    state.withLock { state in
      item.aggregatedOutput = state.whole.text
      item.exitCode = state.killed ? -1 : status?.shellCode
      item.status = !state.killed && status?.isSuccess == true ? .completed : .failed
    }
    if !isKilled, let walls = CommandText.refusingWalls(sandbox, status, item.aggregatedOutput ?? "") {
      item.stet = ["denied": .string(walls)]
    }
    item.durationMs = Int(elapsed / .milliseconds(1))
    return item
  }
}
