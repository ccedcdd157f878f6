import Glibc

/// One lock around all of ncurses, whose state is global. A `Mutex` would want everything that crosses it to be
/// sendable; here C pointers come back to the thread that asked. Not reentrant.
final class CursesLock: @unchecked Sendable {
  static let shared = CursesLock()

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  private init() { pthread_mutex_init(mutex, nil) }

  func around<T>(_ body: () -> T) -> T {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }
}
