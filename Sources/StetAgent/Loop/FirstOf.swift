import Synchronization

/// Goes on when the first of several things has happened; none of them is a child of who waits, so that one that hangs
/// holds nothing up.
final class FirstOf: Sendable {
  private enum State {
    case open
    case waiting(CheckedContinuation<Void, Never>)
    case fired
  }

  private let state = Mutex(State.open)

  /// Returns at the first `fire`, or when the waiting task is cancelled. Called once.
  func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if case .fired = state { return true }
          state = .waiting(continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      fire()
    }
  }

  func fire() {
    let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
      defer { state = .fired }
      if case .waiting(let waiter) = state { return waiter }
      return nil
    }
    waiter?.resume()
  }
}

extension Task where Failure == Never {
  /// The task's value, or nil as soon as the waiting task is cancelled; the task itself goes on.
  func valueWhileWanted() async -> Success? {
    let first = FirstOf()
    let found = Found<Success>()
    let task = self
    Task<Void, Never> {
      found.keep(await task.value)
      first.fire()
    }
    await first.wait()
    return found.value
  }
}

private final class Found<Value: Sendable>: Sendable {
  private let kept = Mutex<Value?>(nil)

  var value: Value? { kept.withLock { $0 } }
  func keep(_ value: Value) { kept.withLock { $0 = value } }
}
