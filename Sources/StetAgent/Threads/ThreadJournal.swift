import Logging
import StetJSON
import StetProtocol
import StetStore
import Synchronization

/// Writes the log of one thread and tells the indexer of it.
///
/// A failing disk does not stop a turn: the first failure is told to the user, the thread goes on in memory, and
/// writing is tried again with each record (a full disk may get room).
final class ThreadJournal: Sendable {
  /// Bytes that a log grows by before its index follows: enough to be worth it, little to read at the next start.
  private static let stride: Int64 = 256 << 10

  private struct State {
    var summary: ThreadSummary?
    var warned = false
    var followed: Int64
  }

  /// Nil for an ephemeral thread.
  let path: String?
  private let log: ThreadLog?
  private let lock: ThreadWriterLock?
  private let indexer: ThreadIndexer?
  private let blobs: RecordBlobs?
  private let logger: Logger
  private let state: Mutex<State>
  /// Tells the user; set once, before the first record.
  private let onFailure = Mutex<(@Sendable (String) -> Void)?>(nil)

  init(
    log: ThreadLog?, lock: ThreadWriterLock?, indexer: ThreadIndexer?, summary: ThreadSummary?,
    blobs: RecordBlobs? = nil, logger: Logger
  ) {
    self.log = log
    self.lock = lock
    self.indexer = indexer
    self.blobs = blobs
    self.logger = logger
    path = log?.path
    // What earlier processes wrote counts too: a thread that grows by little in each would never be packed.
    state = Mutex(State(summary: summary, followed: 0))
  }

  /// Called from time to time as the log grows, on the writer's thread; set once, before the first record.
  private let onGrowth = Mutex<(@Sendable () -> Void)?>(nil)

  func setGrowthHandler(_ handler: @escaping @Sendable () -> Void) {
    onGrowth.withLock { $0 = handler }
  }

  /// Where the next record will begin in the log; nil without one.
  var end: Int64? { log?.size }

  var summary: ThreadSummary? { state.withLock { $0.summary } }

  func setFailureHandler(_ handler: @escaping @Sendable (String) -> Void) {
    onFailure.withLock { $0 = handler }
  }

  func append(_ type: String, _ payload: some Encodable) {
    guard let log else { return }
    attempt("writing a \(type) record") {
      try write(type, payload, to: log)
    }
    let grown = state.withLock { state in
      guard log.size - state.followed >= Self.stride else { return false }
      state.followed = log.size
      return true
    }
    if grown { onGrowth.withLock { $0 }?() }
  }

  /// Appends a record without which the caller can't go on.
  func require(_ type: String, _ payload: some Encodable) throws {
    guard let log else { return }
    try write(type, payload, to: log)
  }

  private func write(_ type: String, _ payload: some Encodable, to log: ThreadLog) throws {
    let value = try payload as? JSONValue ?? JSONValue(encoding: payload)
    let packed = RecordBlobs.types.contains(type) ? try blobs?.pack(type, value) ?? value : value
    try log.append(type: type, payload: packed)
  }

  /// Makes what was appended durable (R1).
  func sync() {
    guard let log else { return }
    attempt("syncing the thread log") {
      try blobs?.sync()
      try log.sync()
    }
    indexer?.touch(log.path)
  }

  /// Packs what the log has grown by (R10). Blocks; not on the writer's thread.
  func pack() {
    guard let log else { return }
    do throws(StoreError) {
      try log.pack()
    } catch {
      // Nothing is lost: the log is only larger than it need be.
      logger.warning("packing \(log.path): \(error)")
    }
  }

  /// Changes the row of the thread.
  func updateSummary(_ change: (inout ThreadSummary) -> Void) {
    let pair: (old: ThreadSummary, new: ThreadSummary)? = state.withLock { state in
      guard let old = state.summary else { return nil }
      var new = old
      change(&new)
      state.summary = new
      return (old, new)
    }
    guard let pair, pair.old != pair.new, let log else { return }
    attempt("updating the thread's summary") {
      try log.appendSummary(pair.new, since: pair.old)
    }
    indexer?.touch(log.path)
  }

  /// Changes the row of a thread that nobody works with, for good when it returns: its caller has no other place to hear
  /// that it was not kept.
  func requireSummary(_ change: (inout ThreadSummary) -> Void) throws(StoreError) {
    guard let log, let old = summary else { return }
    var new = old
    change(&new)
    guard new != old else { return }
    try log.appendSummary(new, since: old)
    try log.sync()
    let changed = new
    state.withLock { $0.summary = changed }
    indexer?.touch(log.path)
  }

  func close() {
    sync()
    log?.close()
    lock?.release()
  }

  private func attempt(_ what: String, _ body: () throws -> Void) {
    do {
      try body()
      state.withLock { $0.warned = false }
    } catch {
      logger.error("\(what): \(error)")
      let first = state.withLock { state in
        defer { state.warned = true }
        return !state.warned
      }
      guard first else { return }
      let reason = (error as? StoreError)?.message ?? "\(error)"
      onFailure.withLock { $0 }?(
        "The thread can't be saved: \(reason) It goes on, but a restart would lose it.")
    }
  }
}
