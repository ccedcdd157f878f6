import Logging
import StetConfig
import StetJSON
import StetProtocol
import StetStore
import Synchronization

/// Finds the history of threads on disk: keeps the history index up with the logs and says what parts of them a
/// thread consists of. Blocks; called on the agent's history thread (A8).
final class HistoryStore: Sendable {
  /// Rows that are added at once: the index is not locked for long while a large log is read.
  private static let batch = 2_000
  /// Forks of forks and reverts of one thread that are followed; beyond it older history is left out.
  private static let segmentLimit = 10_000

  /// What is known of one log.
  struct Log: Sendable {
    let thread: String
    let path: String
    /// Where its last whole record ends.
    let end: Int64
    let nextOrdinal: Int
    /// Put together from what is left where the records that say it are damaged.
    let summary: ThreadSummary?
    /// Whether the log itself says all of it.
    let hasSummary: Bool
  }

  private let files: ThreadFiles
  private let path: String
  private let logger: Logger
  private let opened = Mutex<HistoryIndex?>(nil)
  /// Threads in whose logs a line was met that was sound when it was indexed.
  private let suspects = Mutex<Set<String>>([])
  let blobs: RecordBlobs

  init(home: StetHome, logger: Logger) {
    files = ThreadFiles(directory: home.threadsDirectory)
    path = PathText.join(home.stateDirectory, "history.db")
    self.logger = logger
    blobs = RecordBlobs(directory: home.blobsDirectory)
  }

  /// The index; one in memory when the file can't be used, so that threads open all the same.
  func index() throws(StoreError) -> HistoryIndex {
    try opened.withLock { (opened) throws(StoreError) -> HistoryIndex in
      if let opened { return opened }
      let index: HistoryIndex
      do throws(StoreError) {
        index = try HistoryIndex(path: path)
      } catch {
        logger.error("opening the index of histories: \(error)")
        index = try HistoryIndex(path: nil)
      }
      opened = index
      return index
    }
  }

  /// What the index knows of a log that is still the one it was made from; nil when there is no such log.
  func known(_ thread: String) throws(StoreError) -> (path: String, state: HistoryState)? {
    guard let path = try files.find(threadId: thread) else { return nil }
    return (path, try state(thread, LogReader(path: path)))
  }

  /// Reads what a log has beyond its rows. Nil when there is no such log.
  ///
  /// Other processes may do the same meanwhile: who comes second goes on from what the first has added.
  func catchUp(_ thread: String) throws(StoreError) -> Log? {
    guard let path = try files.find(threadId: thread) else { return nil }
    let reader = try LogReader(path: path)
    var end: HistoryState?
    while end == nil { end = try advance(thread, reader) }
    let state = end ?? .empty
    let known = ThreadSummary.decode(text: state.summary, path: path)
    var summary = known
    if known == nil { summary = try ThreadSummary.mended(path: path, .threadItems) }
    return Log(
      thread: thread, path: path, end: state.nextOffset, nextOrdinal: state.nextOrdinal, summary: summary,
      hasSummary: known != nil)
  }

  /// Nil when another process was faster.
  private func advance(_ thread: String, _ reader: LogReader) throws(StoreError) -> HistoryState? {
    let index = try index()
    let begin = try state(thread, reader)
    var (state, saved) = (begin, begin)
    var rows = HistoryRows()
    var fault: StoreError?
    var isBeaten = false
    // What could not be read at the end of the last reading explains that the next record has not the next number.
    let afterLast = begin.lastSum.isEmpty ? 0 : min(begin.lastOffset + 1, begin.nextOffset)
    let followsDamage = try !index.faults(thread, in: afterLast..<begin.nextOffset).isEmpty
    let read = try reader.scan(
      from: begin.nextOffset, expecting: begin.nextOrdinal, followsDamage: followsDamage
    ) { entry in
      guard fault == nil, !isBeaten else { return true }
      let isReadable = HistoryRecords.add(entry, to: &rows, &state)
      if rows.count >= Self.batch {
        do throws(StoreError) {
          isBeaten = try !index.add(rows, from: saved, state: state, thread: thread)
        } catch {
          fault = error
        }
        saved = state
        rows = HistoryRows()
      }
      return isReadable
    }
    if let fault { throw fault }
    if isBeaten { return nil }
    rows.faults = read.faults
    state.nextOffset = read.end
    state.nextOrdinal = max(state.nextOrdinal, read.nextOrdinal)
    guard state == saved, rows.count == 0 else {
      return try index.add(rows, from: saved, state: state, thread: thread) ? state : nil
    }
    return state
  }

  /// Catches up with every log; one that can't be read is left as it is.
  func catchUpAll() throws(StoreError) {
    for path in try files.all() {
      guard let thread = ThreadFiles.threadId(ofLog: path) else { continue }
      do throws(StoreError) {
        _ = try catchUp(thread)
      } catch {
        logger.warning("indexing \(path): \(error)")
      }
    }
  }

  /// Makes the index anew from the logs (R1). Others may use it meanwhile.
  /// Returns notices about what could not be read.
  func rebuild() throws(StoreError) -> [String] {
    let index = try index()
    var notices: [String] = []
    var gone = Set(try index.threads())
    for path in try files.all() {
      guard let thread = ThreadFiles.threadId(ofLog: path) else { continue }
      gone.remove(thread)
      do throws(StoreError) {
        try index.forget(thread)
        _ = try catchUp(thread)
        notices += LogFault.notices(try index.faults(thread, in: 0..<Int64.max), path: path)
      } catch {
        notices.append(error.description)
      }
    }
    // A log that was compressed is as it was when it was indexed.
    let compressed = Set(try files.allCompressed().compactMap(ThreadFiles.threadId(ofLog:)))
    for thread in gone.subtracting(compressed) { try index.forget(thread) }
    return notices
  }

  /// Runs something that reads histories. Where it meets a line that was sound when it was indexed, the index of that
  /// log is made anew, so that the damage is known, and the reading runs once more.
  func reading<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as StoreError where error.code == .corrupt {
      let found = suspects.withLock { suspects in
        defer { suspects = [] }
        return suspects
      }
      guard !found.isEmpty else { throw error }
      for thread in found {
        try index().forget(thread)
        _ = try catchUp(thread)
      }
      return try body()
    }
  }

  /// The history that a thread has at `end` of its own log, which must be caught up with so far.
  func view(_ thread: String, path: String, end: Int64) throws(StoreError) -> (HistoryView, [String]) {
    let index = try index()
    var segments: [HistoryView.Segment] = []
    var notices: [String] = []
    var (thread, path, end) = (thread, path, end)
    while segments.count < Self.segmentLimit {
      guard let cut = try index.lastCut(thread, before: end) else {
        segments.append(HistoryView.Segment(thread: thread, path: path, range: 0..<end))
        break
      }
      segments.append(HistoryView.Segment(thread: thread, path: path, range: cut.at..<max(cut.at, end)))
      if cut.base == thread {
        // A log can only go back in itself.
        guard cut.end <= cut.at else { break }
        end = cut.end
      } else {
        guard let base = try catchUp(cut.base) else {
          notices.append(
            "The thread \(cut.base), from which this one was forked, is gone; what came before the fork is missing."
          )
          break
        }
        end = min(cut.end, base.end)
        (thread, path) = (cut.base, base.path)
      }
    }
    segments.reverse()
    for part in segments {
      notices += LogFault.notices(try index.faults(part.thread, in: part.range), path: part.path)
    }
    return (HistoryView(segments: segments), notices)
  }

  /// What is wrong in the parts that a history consists of, for the user.
  func notices(_ view: HistoryView?) throws(StoreError) -> [String] {
    var notices: [String] = []
    for part in view?.segments ?? [] {
      notices += LogFault.notices(try index().faults(part.thread, in: part.range), path: part.path)
    }
    return notices
  }

  /// A stored thread as it is now, whole. Nil when there is none.
  func open(_ thread: String) throws(StoreError) -> (log: Log, view: HistoryView, notices: [String])? {
    guard let log = try catchUp(thread) else { return nil }
    let (view, notices) = try view(thread, path: log.path, end: log.end)
    return (log, view, notices)
  }

  func reader(_ view: HistoryView) throws(StoreError) -> HistoryReader {
    HistoryReader(view: view, index: try index(), blobs: blobs) { [self] thread in
      _ = suspects.withLock { $0.insert(thread) }
    }
  }

  /// Gives back the room of what was written to the index lately.
  func trim() throws(StoreError) { try opened.withLock { $0 }?.trim() }

  func forget(_ thread: String) throws(StoreError) { try index().forget(thread) }

  /// The state that fits the log as it is; empty, with the rows gone, when the log was replaced or cut.
  private func state(_ thread: String, _ reader: LogReader) throws(StoreError) -> HistoryState {
    let index = try index()
    guard let state = try index.state(thread) else { return .empty }
    if state.nextOffset == 0 { return state }
    if try reader.size() >= state.nextOffset, try reader.sum(at: state.lastOffset) == state.lastSum {
      return state
    }
    try index.forget(thread)
    return .empty
  }
}
