import Synchronization

/// A process that may outlive the call that started it (a command that yielded, T8).
public protocol BackgroundProcess: AnyObject, Sendable {
  /// The session id that the model uses (`write_stdin`).
  var processId: String { get }
  /// The item that shows it.
  var itemId: String { get }
  var command: String { get }
  var cwd: String { get }
  var osPid: Int32 { get }
  /// Ends the process group (TERM, 2 s, KILL) and completes its item.
  func terminate() async
}

/// The live processes of a thread; at most `limit`, the least recently used is ended. Safe from any thread.
public final class ProcessRegistry: Sendable {
  /// Sessions that a thread keeps (T8).
  public static let limit = 64

  private struct State {
    var next = 1
    /// Least recently used first.
    var live: [any BackgroundProcess] = []
  }

  private let state = Mutex(State())

  public init() {}

  /// A new session id, unique in the thread.
  public func nextId() -> String {
    state.withLock { state in
      defer { state.next += 1 }
      return String(state.next)
    }
  }

  /// Adds a process; returns the one to be ended because the registry was full.
  @discardableResult
  public func add(_ process: any BackgroundProcess) -> (any BackgroundProcess)? {
    state.withLock { state in
      state.live.append(process)
      return state.live.count > Self.limit ? state.live.removeFirst() : nil
    }
  }

  /// The process of a session id; it becomes the most recently used.
  public func process(_ processId: String) -> (any BackgroundProcess)? {
    state.withLock { state in
      guard let index = state.live.firstIndex(where: { $0.processId == processId }) else { return nil }
      let found = state.live.remove(at: index)
      state.live.append(found)
      return found
    }
  }

  public func remove(_ processId: String) {
    state.withLock { $0.live.removeAll { $0.processId == processId } }
  }

  public var all: [any BackgroundProcess] { state.withLock { $0.live } }

  /// Ends all, side by side; returns when the last is gone.
  public func terminateAll() async {
    let ending = state.withLock { state in
      defer { state.live = [] }
      return state.live
    }
    await withTaskGroup(of: Void.self) { group in
      for process in ending { group.addTask { await process.terminate() } }
    }
  }
}
