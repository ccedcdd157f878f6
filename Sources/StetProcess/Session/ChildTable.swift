import CPlatform
import Glibc

/// The children, known to the process thread alone.
final class ChildTable {
  /// Events taken from the kernel at once.
  private static let batch = 64
  /// Background children whose output is thrown away after their parent ended. Beyond that the oldest loses its
  /// pipe (its next write fails): a bound on descriptors. It can still be ended by who holds its session.
  static let lingeringLimit = 64

  private let loop: ProcessLoop
  private var children: [UInt64: Child] = [:]
  private var lingering: [UInt64] = []
  private var lastID: UInt64 = 0

  init(loop: ProcessLoop) { self.loop = loop }

  func run() -> Never {
    var events = [stet_epoll_event](repeating: stet_epoll_event(), count: Self.batch)
    while true {
      let count = stet_epoll_wait(loop.epoll, &events, Int32(Self.batch), timeout())
      // A failing epoll_wait is a closed descriptor: nothing can be served any more, and nothing hidden.
      precondition(count >= 0, "epoll_wait: \(errorText(-count))")
      for event in events[..<Int(max(count, 0))] { handle(event) }
      fireDeadlines()
    }
  }

  private func timeout() -> Int32 {
    guard let next = children.values.compactMap(\.nextDeadline).min() else { return -1 }
    let wait = ContinuousClock.now.duration(to: next)
    guard wait > .zero else { return 0 }
    let parts = wait.components
    // Rounded up: waking early would spin until the deadline.
    let milliseconds =
      min(parts.seconds, 3600) * 1000 + (parts.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int32(clamping: milliseconds)
  }

  private func fireDeadlines() {
    let now = ContinuousClock.now
    for child in Array(children.values) {
      guard let deadline = child.nextDeadline, deadline <= now else { continue }
      child.fireDeadlines(now)
      settle(child)
    }
  }

  private func handle(_ event: stet_epoll_event) {
    guard let token = Token(event.token) else {
      // The counter first: a request posted after the drain wakes again.
      _ = stet_eventfd_drain(loop.wake)
      for request in loop.takeRequests() { serve(request) }
      return
    }
    // An event for a session that ended in this batch.
    guard let child = children[token.session] else { return }
    child.handle(token.role, readable: event.readable, writable: event.writable)
    settle(child)
  }

  private func serve(_ request: ProcessLoop.Request) {
    switch request {
    case .start(let plan, let answer): answer.set(start(plan))
    case .resumeReading(let id): with(id) { $0.resumeReading() }
    case .write(let id, let bytes): with(id) { $0.write(bytes) }
    case .closeInput(let id): with(id) { $0.closeInput() }
    case .resize(let id, let size): with(id) { $0.resize(size) }
    case .signal(let id, let number): with(id) { $0.send(number) }
    case .timeLimit(let id, let limit, let grace): with(id) { $0.setTimeLimit(limit, grace: grace) }
    case .terminate(let id, let grace): with(id) { $0.terminate(grace: grace) }
    case .abandon(let id): with(id) { $0.abandon() }
    }
  }

  private func with(_ id: UInt64, _ action: (Child) -> Void) {
    guard let child = children[id] else { return }
    action(child)
    settle(child)
  }

  private func start(_ plan: SpawnPlan) -> Result<StartedProcess, ProcessError> {
    do throws(ProcessError) {
      let spawned = try Spawner.spawn(plan)
      lastID += 1
      let id = lastID
      let loop = self.loop
      let queue = EventQueue { loop.post(.resumeReading(id)) }
      let child = Child(id: id, spawned, queue: queue, epoll: loop.epoll)
      children[id] = child
      child.watch()
      return .success(StartedProcess(id: id, pid: spawned.pid, queue: queue, input: child.budget))
    } catch {
      return .failure(error)
    }
  }

  /// Removes what has ended; bounds what lingers.
  private func settle(_ child: Child) {
    switch child.phase {
    case .running: break
    case .lingering:
      guard child.isHeard, !lingering.contains(child.id) else { return }
      lingering.append(child.id)
      if lingering.count > Self.lingeringLimit, let oldest = children[lingering.removeFirst()] {
        oldest.close()
        // Where nobody holds its session either, nothing comes for it again.
        settle(oldest)
      }
    case .ended:
      children[child.id] = nil
      lingering.removeAll { $0 == child.id }
    }
  }
}
