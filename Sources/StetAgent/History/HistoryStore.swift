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
    let summary: ThreadSummary?
    /// About damaged lines, for the user.
    let notices: [String]
  }

  private let files: ThreadFiles
  private let path: String
  private let logger: Logger
  private let opened = Mutex<HistoryIndex?>(nil)
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
  func catchUp(_ thread: String) throws(StoreError) -> Log? {
    guard let path = try files.find(threadId: thread) else { return nil }
    let reader = try LogReader(path: path)
    let index = try index()
    var state = try state(thread, reader)
    let begin = state
    var rows = HistoryRows()
    var fault: StoreError?
    let read = try reader.scan(from: state.nextOffset) { entry in
      guard fault == nil else { return true }
      let isReadable = HistoryRecords.add(entry, to: &rows, &state)
      if rows.count >= Self.batch {
        do throws(StoreError) {
          try index.add(rows, state: state, thread: thread)
        } catch {
          fault = error
        }
        rows = HistoryRows()
      }
      return isReadable
    }
    if let fault { throw fault }
    state.nextOffset = read.end
    state.nextOrdinal = max(state.nextOrdinal, read.nextOrdinal)
    if state != begin { try index.add(rows, state: state, thread: thread) }
    return Log(
      thread: thread, path: path, end: state.nextOffset, nextOrdinal: state.nextOrdinal,
      summary: ThreadSummary.decode(text: state.summary, path: path), notices: read.notices)
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
        notices += base.notices
        end = min(cut.end, base.end)
        (thread, path) = (cut.base, base.path)
      }
    }
    return (HistoryView(segments: segments.reversed()), notices)
  }

  /// A stored thread as it is now, whole. Nil when there is none.
  func open(_ thread: String) throws(StoreError) -> (log: Log, view: HistoryView, notices: [String])? {
    guard let log = try catchUp(thread) else { return nil }
    let (view, notices) = try view(thread, path: log.path, end: log.end)
    return (log, view, log.notices + notices)
  }

  func reader(_ view: HistoryView) throws(StoreError) -> HistoryReader {
    HistoryReader(view: view, index: try index(), blobs: blobs)
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
