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
  /// Output for the model that waits between two reads of a background session; older output is counted and dropped.
  static let unreadLimit = 256 << 10

  let processId: String
  let itemId: String
  let command: String
  let cwd: String
  let osPid: Int32

  private struct State {
    var buffer = OutputBuffer()
    /// What no call has returned to the model yet.
    var unread: [UInt8] = []
    var unreadDropped = 0
    var exit: ExitStatus?
    var interrupted = false
    var outputFile: String?
    /// Called once at the next output or at the end, for a poll that waits.
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    var nextWaiter: UInt64 = 0
  }

  private let state = Mutex(State())
  private let process: ProcessSession
  private let items: ItemReporter
  private let registry: ProcessRegistry
  private let item: CommandExecutionItem
  private let threadId: String
  private let turnId: String
  private let started: ContinuousClock.Instant
  private let afterExit: @Sendable () async -> Void

  /// - Parameters:
  ///   - item: as it was started; completed with status, output, exit code and duration.
  ///   - afterExit: runs when the process has ended and before its item completes, so before anything else starts.
  init(
    process: ProcessSession, item: CommandExecutionItem, command: String, context: ToolContext,
    afterExit: @escaping @Sendable () async -> Void
  ) {
    self.process = process
    self.item = item
    self.command = command
    processId = item.processId ?? ""
    itemId = item.id
    cwd = item.cwd
    osPid = process.pid
    items = context.items
    registry = context.processes
    threadId = context.threadId
    turnId = context.turnId
    started = .now
    self.afterExit = afterExit
    let spool = OutputSpoolBox(OutputSpool(directory: context.outputs.directory, name: item.id))
    Task { await self.pump(spool) }
  }

  // MARK: - Reading and ending

  /// Waits until the process ends, or `limit` has passed, or the task is cancelled; says whether it ended.
  func waitForEnd(_ limit: Duration) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      group.addTask { await self.ended() }
      group.addTask {
        do { try await Task.sleep(for: limit) } catch { return false }
        return false
      }
      let first = await group.next() ?? false
      group.cancelAll()
      return first || self.exitStatus != nil
    }
  }

  var exitStatus: ExitStatus? { state.withLock { $0.exit } }

  /// What the model has not been given yet, and the file that holds the whole output if it is long.
  func takeUnread() -> (text: String, dropped: Int, file: String?) {
    state.withLock { state in
      defer {
        state.unread = []
        state.unreadDropped = 0
      }
      return (String(decoding: state.unread, as: UTF8.self), state.unreadDropped, state.outputFile)
    }
  }

  /// Wall time since the start, in seconds.
  var elapsedSeconds: Double { Self.seconds(started.duration(to: .now)) }

  func send(_ bytes: [UInt8]) -> Bool { process.write(bytes) }

  /// Ends the process group (TERM, 2 s, KILL); the pump then completes the item.
  func terminate() async {
    state.withLock { $0.interrupted = true }
    await process.terminate()
    _ = await ended()
  }

  /// Sends TERM at once, lets the kill follow by itself, and completes the item without waiting for the process: an
  /// interrupt answers within 100 ms whatever the command does (L6).
  func interrupt() {
    state.withLock { $0.interrupted = true }
    Task { await process.terminate() }
    items.completed(.commandExecution(finishedItem(.failed, exitCode: nil)))
  }

  private func ended() async -> Bool {
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
    return exitStatus != nil
  }

  // MARK: - The pump

  private func pump(_ spool: OutputSpoolBox) async {
    var pending: [UInt8] = []
    var lastDelta: ContinuousClock.Instant?
    for await event in process.events {
      switch event {
      case .output(let bytes), .errorOutput(let bytes):
        take(bytes, spool)
        pending += bytes
        let now = ContinuousClock.now
        if lastDelta.map({ $0.duration(to: now) >= Self.deltaInterval }) ?? true {
          pending = report(pending)
          lastDelta = now
        }
      case .exited(let status):
        if !pending.isEmpty { _ = report(pending, isLast: true) }
        await afterExit()
        finish(status)
      }
    }
    // The stream of a process always ends with its exit; this holds also if the session was dropped.
    if exitStatus == nil { finish(ExitStatus(code: nil, signal: nil)) }
  }

  private func take(_ bytes: [UInt8], _ spool: OutputSpoolBox) {
    spool.value.append(bytes)
    let file = spool.value.isOnDisk ? spool.value.path : nil
    state.withLock { state in
      state.buffer.append(bytes)
      state.unread += bytes
      if state.unread.count > 2 * Self.unreadLimit {
        let excess = state.unread.count - Self.unreadLimit
        state.unread.removeFirst(excess)
        state.unreadDropped += excess
      }
      state.outputFile = file
    }
  }

  /// Sends a delta of the whole scalars in `bytes`; answers the rest, which waits for its other bytes.
  private func report(_ bytes: [UInt8], isLast: Bool = false) -> [UInt8] {
    var end = bytes.count
    if !isLast {
      let cut = bytes.suffix(3).lastIndex { $0 >= 0xC0 }
      if let cut, bytes.count - cut < Self.scalarLength(bytes[cut]) { end = cut }
    }
    guard end > 0 else { return bytes }
    let text = String(decoding: bytes[..<end], as: UTF8.self)
    items.progress(
      .commandExecutionOutputDelta(
        CommandExecutionOutputDeltaNotification(
          threadId: threadId, turnId: turnId, itemId: itemId, delta: text)),
      item: itemId)
    return Array(bytes[end...])
  }

  private static func scalarLength(_ lead: UInt8) -> Int { lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2 }

  private func finish(_ status: ExitStatus) {
    let (waiters, interrupted) = state.withLock { state in
      state.exit = status
      defer { state.waiters = [:] }
      return (Array(state.waiters.values), state.interrupted)
    }
    registry.remove(processId)
    let failed = interrupted || !status.isSuccess
    items.completed(
      .commandExecution(finishedItem(failed ? .failed : .completed, exitCode: status.shellCode)))
    for waiter in waiters { waiter.resume() }
  }

  /// The item as it ends: with all output that is kept.
  private func finishedItem(_ status: CommandExecutionStatus, exitCode: Int?) -> CommandExecutionItem {
    var item = item
    item.status = status
    item.aggregatedOutput = state.withLock { $0.buffer.text }
    item.exitCode = exitCode
    item.durationMs = Int(elapsedSeconds * 1000)
    return item
  }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }
}

/// Hands the spool to the one task that uses it.
private final class OutputSpoolBox: @unchecked Sendable {
  let value: OutputSpool
  init(_ value: OutputSpool) { self.value = value }
}
