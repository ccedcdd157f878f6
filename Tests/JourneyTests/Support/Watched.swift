import Synchronization

/// A value that one side changes while the other waits for it to be as described: order without sleeping.
final class Watched<Value: Sendable>: Sendable {
  private struct Watcher {
    let isMet: @Sendable (Value) -> Bool
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var value: Value
    var watchers: [Int: Watcher] = [:]
    var next = 0
  }

  /// What a journey waits for may take this long on a busy machine; nobody waits that long when all is well.
  static var patience: Duration { .seconds(180) }

  private let state: Mutex<State>

  init(_ value: Value) { state = Mutex(State(value: value)) }

  var value: Value { state.withLock { $0.value } }

  func change(_ body: @Sendable (inout Value) -> Void) {
    let ready = state.withLock { state in
      body(&state.value)
      return Self.takeReady(&state)
    }
    for watcher in ready { watcher.continuation.resume(returning: true) }
  }

  /// False when the value was never so in all that time.
  func until(_ isMet: @escaping @Sendable (Value) -> Bool) async -> Bool {
    let key = state.withLock { state in
      state.next += 1
      return state.next
    }
    let deadline = Task {
      try await Task.sleep(for: Self.patience)
      state.withLock { $0.watchers.removeValue(forKey: key) }?.continuation.resume(returning: false)
    }
    defer { deadline.cancel() }
    return await withCheckedContinuation { continuation in
      let ready = state.withLock { state in
        state.watchers[key] = Watcher(isMet: isMet, continuation: continuation)
        return Self.takeReady(&state)
      }
      for watcher in ready { watcher.continuation.resume(returning: true) }
    }
  }

  private static func takeReady(_ state: inout State) -> [Watcher] {
    let met = state.watchers.filter { $0.value.isMet(state.value) }
    for key in met.keys { state.watchers[key] = nil }
    return Array(met.values)
  }
}
