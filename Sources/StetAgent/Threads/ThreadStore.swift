import Logging
import StetConfig
import StetProtocol
import StetStore
import Synchronization

/// The threads on disk: logs, locks and the index. Blocks; called on the agent's disk thread.
final class ThreadStore: Sendable {
  let home: StetHome
  let files: ThreadFiles
  private let logger: Logger
  private let opened = Mutex<ThreadIndex?>(nil)

  init(home: StetHome, logger: Logger) {
    self.home = home
    self.logger = logger
    files = ThreadFiles(directory: home.threadsDirectory)
  }

  /// The index; made anew from the logs when it is damaged or older. Throws when there is none to be had.
  func index() throws(StoreError) -> ThreadIndex {
    try opened.withLock { (opened) throws(StoreError) -> ThreadIndex in
      if let opened { return opened }
      let index = try ThreadIndex(path: home.indexPath)
      if index.needsRebuild {
        for notice in try index.rebuild(from: home.threadsDirectory) { logger.warning("\(notice)") }
      }
      opened = index
      return index
    }
  }

  /// A new thread's journal; durable when it returns (A9).
  func create(_ meta: ThreadMeta, settings: TurnSettings) throws(StoreError) -> ThreadJournal {
    let lock = try ThreadWriterLock.acquire(threadId: meta.id, directory: home.locksDirectory)
    let path = try files.path(threadId: meta.id, createdAtMs: meta.createdAtMs)
    let log = try ThreadLog.create(path: path)
    let index = optionalIndex()
    let empty = summary(meta, settings: settings, path: path)
    let journal = ThreadJournal(log: log, lock: lock, index: index, summary: empty, logger: logger)
    try log.appendSummary(empty, since: nil)
    do {
      try index?.upsert(empty)
    } catch {
      logger.error("adding a thread to the index: \(error)")
    }
    journal.append(ThreadRecord.meta, ThreadRecord.Meta(meta))
    journal.append(ThreadRecord.settings, ThreadRecord.Settings(settings))
    try log.sync()
    return journal
  }

  /// A stored thread, opened for writing.
  struct Opened {
    let journal: ThreadJournal
    var replay: ThreadReplay
    let notices: [String]
  }

  /// Nil when there is no such thread. Throws `locked` when another process writes it.
  func open(_ id: String) throws(StoreError) -> Opened? {
    guard let path = try files.find(threadId: id) else { return nil }
    let lock = try ThreadWriterLock.acquire(threadId: id, directory: home.locksDirectory)
    let opened = try ThreadLog.open(path: path)
    let replay = ThreadReplay(opened.records)
    let summary = try ThreadLog.readSummary(path: path).summary
    let journal = ThreadJournal(
      log: opened.log, lock: lock, index: optionalIndex(), summary: summary, logger: logger)
    return Opened(journal: journal, replay: replay, notices: opened.notices + replay.notices)
  }

  /// A stored thread for reading only; it may have a writer elsewhere.
  func read(_ id: String) throws(StoreError) -> (replay: ThreadReplay, summary: ThreadSummary?)? {
    guard let path = try files.find(threadId: id) else { return nil }
    var replay = ThreadReplay()
    try ThreadLog.read(path: path) { replay.add($0) }
    replay.finish()
    return (replay, try ThreadLog.readSummary(path: path).summary)
  }

  // MARK: - Parts

  /// Without an index threads are saved all the same; a later start rebuilds it.
  private func optionalIndex() -> ThreadIndex? {
    do {
      return try index()
    } catch {
      logger.error("opening the index of threads: \(error)")
      return nil
    }
  }

  private func summary(_ meta: ThreadMeta, settings: TurnSettings, path: String) -> ThreadSummary {
    var summary = ThreadSummary(
      id: meta.id, path: path, cwd: settings.cwd, modelProvider: settings.modelProvider,
      createdAtMs: meta.createdAtMs, source: ThreadWire.name(meta.source), cliVersion: meta.cliVersion)
    summary.model = settings.model
    summary.reasoningEffort = settings.effort
    summary.forkedFromId = meta.forkedFromId
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
      dynamicTools: meta.dynamicTools.isEmpty ? nil : meta.dynamicTools)
  }
}
