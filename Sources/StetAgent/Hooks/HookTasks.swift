import Synchronization

/// Programs that nobody waits for: they end with the thread.
final class HookTasks: Sendable {
  private struct State {
    var tasks: [Int: Task<Void, Never>] = [:]
    var next = 0
    var isOver = false
  }

  private let state = Mutex(State())

  /// Runs `body` beside everything else.
  func start(_ body: @escaping @Sendable () async -> Void) {
    state.withLock { state in
      guard !state.isOver else { return }
      let number = state.next
      state.next += 1
      state.tasks[number] = Task {
        await body()
        self.state.withLock { $0.tasks[number] = nil }
      }
    }
  }

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
