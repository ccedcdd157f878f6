import Glibc

/// One thread of its own for blocking work on files and libgit2: jobs run in the order they were given.
public final class WorkspaceThread: Sendable {
  /// The thread that the agent's tools share.
  public static let shared = WorkspaceThread()

  private let queue = JobQueue()

  public init() {
    let start = Unmanaged.passRetained(queue)
    var thread = pthread_t()
    let result = pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<JobQueue>.fromOpaque(pointer).takeRetainedValue().serve()
        return nil
      }, start.toOpaque())
    precondition(result == 0, "no thread for the workspace: \(String(cString: strerror(result)))")
    pthread_detach(thread)
  }

  /// Runs a job on the thread and waits for it without blocking the caller's thread.
  public func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      queue.add { continuation.resume(with: Swift.Result(catching: body)) }
    }
  }

  /// Runs a job on the thread, behind those that were posted before, and returns at once. The caller bounds how many
  /// there can be.
  public func post(_ job: @escaping @Sendable () -> Void) { queue.add(job) }

  deinit { queue.finish() }
}

/// A condition variable around an array of jobs. Its length is bounded by its callers.
private final class JobQueue: @unchecked Sendable {
  // Sendable by use: `jobs` and `done` are touched with `mutex` held only.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var jobs: [@Sendable () -> Void] = []
  private var done = false

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(wake, nil)
  }

  func add(_ job: @escaping @Sendable () -> Void) {
    pthread_mutex_lock(mutex)
    jobs.append(job)
    pthread_cond_signal(wake)
    pthread_mutex_unlock(mutex)
  }

  func finish() {
    pthread_mutex_lock(mutex)
    done = true
    pthread_cond_signal(wake)
    pthread_mutex_unlock(mutex)
  }

  func serve() {
    while let batch = take() {
      for job in batch { job() }
    }
  }

  private func take() -> [@Sendable () -> Void]? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while jobs.isEmpty && !done { pthread_cond_wait(wake, mutex) }
    if jobs.isEmpty { return nil }
    defer { jobs = [] }
    return jobs
  }

  deinit {
    pthread_cond_destroy(wake)
    pthread_mutex_destroy(mutex)
    wake.deallocate()
    mutex.deallocate()
  }
}
