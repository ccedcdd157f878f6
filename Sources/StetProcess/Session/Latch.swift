import Glibc
import Synchronization

/// One value handed from one thread to another that waits for it: the answer of the process thread to `start`.
final class Latch<Value: Sendable>: @unchecked Sendable {
  // Unchecked because of the raw semaphore, which is made for use by several threads.
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
  private let value = Mutex<Value?>(nil)

  init() { sem_init(semaphore, 0, 0) }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func set(_ newValue: Value) {
    value.withLock { $0 = newValue }
    sem_post(semaphore)
  }

  /// Blocks until `set`.
  func wait() -> Value {
    while true {
      if let value = value.withLock({ $0 }) { return value }
      // Interrupted by a signal or posted: the value decides.
      sem_wait(semaphore)
    }
  }
}
