import Glibc
import Synchronization

/// A point that a scripted server does not pass before the test says so: order without sleeping.
///
/// Server threads block at it; tests ask `reached()` without blocking.
public final class Gate: Sendable {
  private let ends: (read: Int32, write: Int32)
  private let state = Mutex(State())

  private struct State {
    var isOpen = false
    var arrivals = 0
    var watchers: [CheckedContinuation<Void, Never>] = []
    var openWatchers: [CheckedContinuation<Void, Never>] = []
  }

  public init() {
    var ends: [Int32] = [-1, -1]
    precondition(pipe(&ends) == 0, "no descriptors left for a gate")
    self.ends = (ends[0], ends[1])
  }

  deinit {
    if !isOpen { close(ends.write) }
    close(ends.read)
  }

  public var isOpen: Bool { state.withLock { $0.isOpen } }

  /// Lets everybody through, now and later.
  public func open() {
    let (isFirst, watchers) = state.withLock { state in
      defer { (state.isOpen, state.openWatchers) = (true, []) }
      return (!state.isOpen, state.openWatchers)
    }
    // The closed write end is what waiters see: it stays visible, however many there are.
    if isFirst { close(ends.write) }
    for watcher in watchers { watcher.resume() }
  }

  /// Returns when the gate is open, without blocking a thread.
  public func opened() async {
    await withCheckedContinuation { watcher in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.openWatchers.append(watcher) }
        return state.isOpen
      }
      if isOpen { watcher.resume() }
    }
  }

  /// Returns when somebody stands at the gate or has passed it.
  public func reached() async {
    await withCheckedContinuation { watcher in
      let isThere = state.withLock { state in
        if state.arrivals == 0 { state.watchers.append(watcher) }
        return state.arrivals > 0
      }
      if isThere { watcher.resume() }
    }
  }

  /// Blocks the calling thread until the gate is open, `or` is, or `peer` (a socket) is closed by the other side.
  /// True when this gate was opened.
  @discardableResult func wait(or other: Gate, peer: Int32 = -1) -> Bool {
    let watchers = state.withLock { state in
      defer { state.watchers = [] }
      state.arrivals += 1
      return state.watchers
    }
    for watcher in watchers { watcher.resume() }
    var waits = [
      pollfd(fd: ends.read, events: Int16(POLLIN), revents: 0),
      pollfd(fd: other.ends.read, events: Int16(POLLIN), revents: 0),
      pollfd(fd: peer, events: 0x2000, revents: 0),  // POLLRDHUP
    ]
    while poll(&waits, 3, -1) < 0 && errno == EINTR {}
    return isOpen
  }

  /// Blocks the calling thread until the gate is open or the descriptor is readable.
  func waitOrReadable(_ descriptor: Int32) {
    var waits = [
      pollfd(fd: ends.read, events: Int16(POLLIN), revents: 0),
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&waits, 2, -1) < 0 && errno == EINTR {}
  }
}
