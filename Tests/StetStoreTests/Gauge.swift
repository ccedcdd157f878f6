import Synchronization

/// How many were inside at once.
final class Gauge: Sendable {
  private let state = Mutex((inside: 0, most: 0))

  func enter() {
    state.withLock {
      $0.inside += 1
      $0.most = max($0.most, $0.inside)
    }
  }

  func leave() { state.withLock { $0.inside -= 1 } }

  var most: Int { state.withLock { $0.most } }
}
