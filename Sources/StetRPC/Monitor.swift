import Glibc

/// A lock with a condition to wait for. `Synchronization.Mutex` has no condition, and a thread that waits for work
/// must sleep.
public final class Monitor: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  public init() {
    mutex.initialize(to: pthread_mutex_t())
    condition.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  public func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }

  /// Waits for `wakeAll`; only while locked. It may return without cause, so callers check their condition again.
  public func wait() { pthread_cond_wait(condition, mutex) }

  /// Waits until `condition` holds or the time is over, by the monotonic clock; only while locked.
  public func wait(forMs: Int64, until condition: () -> Bool) {
    var deadline = timespec()
    clock_gettime(CLOCK_MONOTONIC, &deadline)
    deadline.tv_sec += Int(forMs / 1_000)
    deadline.tv_nsec += Int(forMs % 1_000) * 1_000_000
    if deadline.tv_nsec >= 1_000_000_000 {
      deadline.tv_sec += 1
      deadline.tv_nsec -= 1_000_000_000
    }
    while !condition() {
      if pthread_cond_timedwait(self.condition, mutex, &deadline) == ETIMEDOUT { return }
    }
  }

  public func wakeAll() { pthread_cond_broadcast(condition) }
}

/// A thread that takes no signals: those belong to the main thread, and a broken pipe is seen as an error instead.
public enum WorkerThread {
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a detached thread. Runs `body` here when there is no thread to be had, which only a process at its
  /// limits sees.
  public static func start(_ body: @escaping @Sendable () -> Void) {
    var every = sigset_t()
    var before = sigset_t()
    sigfillset(&every)
    pthread_sigmask(SIG_SETMASK, &every, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(Body(body))
    let failure = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, argument.toOpaque())
    guard failure == 0 else {
      argument.release()
      return body()
    }
    pthread_detach(thread)
  }
}
