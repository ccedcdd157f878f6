import CPlatform
import Glibc
import Synchronization

/// One thread for work that blocks on disk, so that the cooperative pool never does. Jobs run in call order.
final class DiskExecutor: SerialExecutor, @unchecked Sendable {
  // Unchecked because of the raw semaphore, which is made for use by several threads.

  /// Lives as long as the program.
  static let shared = DiskExecutor()

  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
  private let jobs = Mutex<[UnownedJob]>([])

  private init() {
    sem_init(semaphore, 0, 0)
    var thread = pthread_t()
    let result = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let executor = Unmanaged<DiskExecutor>.fromOpaque(argument).takeRetainedValue()
        _ = stet_block_signals()
        _ = stet_thread_name("stet-sandbox")
        executor.run()
      }, Unmanaged.passRetained(self).toOpaque())
    precondition(result == 0, "pthread_create: \(errorText(result))")
    pthread_detach(thread)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    sem_post(semaphore)
  }

  private func run() -> Never {
    while true {
      sem_wait(semaphore)
      let batch = jobs.withLock { jobs in
        let taken = jobs
        jobs = []
        return taken
      }
      for job in batch { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
  }
}
