import Logging
import StetConfig
import StetProtocol
import StetStore
import StetWorkspace
import Synchronization

/// The threads on disk: logs, locks and the index. Blocks; called on the agent's disk thread.
final class ThreadStore: Sendable {
  let home: StetHome
  let files: ThreadFiles
  private let logger: Logger
  let indexer: ThreadIndexer
  /// Forks of this process by what they go on from: the index may not know them yet. Held while a thread is deleted
  /// and while a fork begins, so that neither comes between the look and the deed of the other.
  private let forks = Mutex<[String: Set<String>]>([:])
  /// The name of the first client: whom new threads are said to come from.
  private let originator = Mutex<String?>(nil)

  private let blobs: RecordBlobs

  init(home: StetHome, blobs: RecordBlobs, logger: Logger, nowMs: @escaping @Sendable () -> Int64) {
    self.home = home
    self.blobs = blobs
    self.logger = logger
    indexer = ThreadIndexer(home: home, logger: logger, nowMs: nowMs)
    files = ThreadFiles(directory: home.threadsDirectory)
  }

  /// Only the first name counts; true for that one.
  func setOriginator(_ name: String) -> Bool {
    originator.withLock { known in
      defer { known = known ?? name }
      return known == nil
    }
  }

  /// Keeps the logs within bounds (R10), on a thread of its own; sentences about what was done.
  func retain(nowMs: Int64, _ bounds: Retention = Retention()) async throws -> [String] {
    let thread = WorkspaceThread()
    let directory = home.threadsDirectory
    guard try await thread.run({ try bounds.isExceeded(directory: directory) }) else { return [] }
    let index = try await indexer.run { $0 }
    return try await thread.run { [home] in
      try bounds.apply(
        directory: home.threadsDirectory, locks: home.locksDirectory, index: index, nowMs: nowMs
      ).notices
    }
  }

  /// A new thread's journal; durable when it returns (A9).
  func create(_ meta: ThreadMeta, settings: TurnSettings) throws(StoreError) -> ThreadJournal {
    let lock = try ThreadWriterLock.acquire(threadId: meta.id, directory: home.locksDirectory)
    let path = try files.path(threadId: meta.id, createdAtMs: meta.createdAtMs)
    let log = try ThreadLog.create(path: path)
    let empty = summary(meta, settings: settings, path: path)
    let journal = ThreadJournal(
      log: log, lock: lock, indexer: indexer, summary: empty, blobs: blobs, logger: logger)
    try log.appendSummary(empty, since: nil)
    do {
      try journal.require(ThreadRecord.meta, ThreadRecord.Meta(meta))
      try journal.require(ThreadRecord.settings, ThreadRecord.Settings(settings))
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(.failed, "Can't write the thread \(meta.id).", underlying: "\(error)")
    }
    try log.sync()
    indexer.touch(path)
    return journal
  }

  /// A stored thread, opened for writing: what it consists of, nothing of it read.
  struct Opened {
    let journal: ThreadJournal
    let view: HistoryView
    let notices: [String]
  }

  /// Nil when there is no such thread. Throws `locked` when another process writes it.
  func open(_ id: String, _ histories: HistoryStore) throws(StoreError) -> Opened? {
    guard try files.find(threadId: id) != nil else { return nil }
    let lock = try ThreadWriterLock.acquire(threadId: id, directory: home.locksDirectory)
    guard let known = try histories.known(id) else { return nil }
    let (log, notices) = try ThreadLog.open(
      path: known.path, from: known.state.nextOffset, nextOrdinal: known.state.nextOrdinal)
    guard let history = try histories.open(id) else { return nil }
    // What damage took of the summary is written again, as far as it could be found out.
    if let mended = history.log.summary, !history.log.hasSummary {
      try log.appendSummary(mended, since: nil)
    }
    let journal = ThreadJournal(
      log: log, lock: lock, indexer: indexer, summary: history.log.summary, blobs: blobs, logger: logger)
    return Opened(journal: journal, view: history.view, notices: notices + history.notices)
  }

  /// Removes a thread's log and its row. Its writer lock must be free. Nothing happens when a fork goes on from it.
  func delete(_ id: String) async throws -> Deletion {
    try await indexer.run { [self] index in
      guard let path = try files.find(threadId: id) else { return .missing }
      let lock = try ThreadWriterLock.acquire(threadId: id, directory: home.locksDirectory)
      defer { lock.release() }
      return try forks.withLock { forks in
        let living = try (forks[id] ?? []).filter { try files.find(threadId: $0) != nil }
        guard try living.isEmpty && !index.hasForks(of: id) else { return .forked }
        try ThreadLog.remove(path: path)
        do throws(StoreError) {
          try index.remove(id: id)
        } catch {
          // The thread is gone: the next look at the logs takes its row away.
          logger.warning("removing the row of \(id): \(error)")
        }
        forks[id] = nil
        return .done
      }
    }
  }

  /// The journal of a fork; nil when what it goes on from was deleted.
  func createFork(_ meta: ThreadMeta, settings: TurnSettings) throws -> ThreadJournal? {
    try forks.withLock { forks in
      guard let parent = meta.forkedFromId, try files.find(threadId: parent) != nil else { return nil }
      let journal = try create(meta, settings: settings)
      forks[parent, default: []].insert(meta.id)
      return journal
    }
  }

  enum Deletion: Sendable { case done, missing, forked }

  // MARK: - Parts

  private func summary(_ meta: ThreadMeta, settings: TurnSettings, path: String) -> ThreadSummary {
    var summary = ThreadSummary(
      id: meta.id, path: path, cwd: settings.cwd, modelProvider: settings.modelProvider,
      createdAtMs: meta.createdAtMs, source: ThreadWire.name(meta.source), cliVersion: meta.cliVersion)
    summary.model = settings.model
    summary.reasoningEffort = settings.effort
    summary.forkedFromId = meta.forkedFromId
    summary.originator = originator.withLock { $0 }
    return summary
  }
}

extension ThreadRecord.Meta {
  init(_ meta: ThreadMeta) {
    self.init(
      id: meta.id, version: 1, createdAtMs: meta.createdAtMs, cliVersion: meta.cliVersion,
      source: meta.source.jsonValue, baseInstructions: meta.baseInstructions,
      developerInstructions: meta.developerInstructions, forkedFromId: meta.forkedFromId,
      instructionSources: meta.instructionSources, config: meta.sessionConfig,
      dynamicTools: meta.dynamicTools.isEmpty ? nil : meta.dynamicTools, history: meta.base,
      rootId: meta.rootId)
  }
}
