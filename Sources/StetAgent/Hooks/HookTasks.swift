import Synchronization

/// Programs that nobody waits for: they end with the thread.
final class HookTasks: Sendable {
  /// Programs at once: each is a process that may run for an hour, and one may be started by every call of a tool.
  static let limit = 16

  private struct State {
    var tasks: [Int: Task<Void, Never>] = [:]
    var next = 0
    var isOver = false
  }

  private let state = Mutex(State())

  /// Runs `body` beside everything else; false when there are too many already, and then it never runs.
  func start(_ body: @escaping @Sendable () async -> Void) -> Bool {
    state.withLock { state in
      guard !state.isOver else { return true }
      guard state.tasks.count < Self.limit else { return false }
      let number = state.next
      state.next += 1
      state.tasks[number] = Task {
        await body()
        self.state.withLock { $0.tasks[number] = nil }
      }
      return true
    }
  }

  /// Whether there is room for one more.
  var hasRoom: Bool { state.withLock { $0.isOver || $0.tasks.count < Self.limit } }

  /// Ends all of them, and returns when they have ended.
  func endAll() async {
    let left = state.withLock { state in
      state.isOver = true
      return Array(state.tasks.values)
    }
    for task in left { task.cancel() }
    for task in left { await task.value }
  }
}
