import Logging
import StetConfig
import StetStore
import StetWorkspace
import Synchronization

/// Keeps the index of threads up to their logs, on a thread of its own: no turn ever waits for SQLite.
///
/// The logs are the truth and each catching up reads what is new in one, so nothing is lost when the index is busy,
/// damaged or gone: the next look finds it (R1).
final class ThreadIndexer: Sendable {
  /// How often a list looks for logs that other programs left behind, in milliseconds.
  static let repairIntervalMs: Int64 = 10_000

  private struct State {
    var index: ThreadIndex?
    /// Paths of logs that have news.
    var pending: Set<String> = []
    var isScheduled = false
    var repairedAtMs: Int64?
  }

  private let home: StetHome
  private let logger: Logger
  private let nowMs: @Sendable () -> Int64
  private let thread = WorkspaceThread()
  private let state = Mutex(State())

  init(home: StetHome, logger: Logger, nowMs: @escaping @Sendable () -> Int64) {
    self.home = home
    self.logger = logger
    self.nowMs = nowMs
  }

  /// The log at `path` has news. Returns at once.
  func touch(_ path: String) {
    let isFirst = state.withLock { state in
      state.pending.insert(path)
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
    guard isFirst else { return }
    Task { [self] in
      do {
        try await run { _ in }
      } catch {
        logger.error("the index of threads: \(error)")
      }
    }
  }

  /// Works with an index that knows all that this process wrote before; blocking work, on the indexer's thread.
  ///
  /// - Parameter repairing: also look for logs that changed behind the index's back.
  func run<Value: Sendable>(
    repairing: Bool = false, _ body: @escaping @Sendable (ThreadIndex) throws -> Value
  ) async throws -> Value {
    try await thread.run { [self] in
      let index = try opened()
      for path in takePending() {
        do throws(StoreError) {
          for notice in try index.catchUp(path: path) { logger.warning("\(notice)") }
        } catch  where error.code == .notFound {
          continue  // deleted meanwhile; its row goes with it
        } catch {
          logger.warning("indexing \(path): \(error)")
        }
      }
      if repairing { repair(index) }
      return try body(index)
    }
  }

  // MARK: - On the thread

  private func takePending() -> [String] {
    state.withLock { state in
      defer { (state.pending, state.isScheduled) = ([], false) }
      return state.pending.sorted()
    }
  }

  private func opened() throws(StoreError) -> ThreadIndex {
    if let index = state.withLock({ $0.index }) { return index }
    let index = try ThreadIndex(path: home.indexPath, projection: .threadItems)
    if index.needsRebuild {
      for notice in try index.rebuild(from: home.threadsDirectory) { logger.warning("\(notice)") }
    } else {
      repair(index)
    }
    state.withLock { $0.index = index }
    return index
  }

  private func repair(_ index: ThreadIndex) {
    let now = nowMs()
    let isDue = state.withLock { state in
      if let last = state.repairedAtMs, now >= last, now - last < Self.repairIntervalMs { return false }
      state.repairedAtMs = now
      return true
    }
    guard isDue else { return }
    do {
      for notice in try index.catchUpAll(directory: home.threadsDirectory) { logger.warning("\(notice)") }
    } catch {
      logger.warning("looking for threads that the index does not know: \(error)")
    }
  }
}
