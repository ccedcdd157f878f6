import Glibc
import StetJSON
import Synchronization

/// The truth about one thread: an append-only file with one checked JSON object a line.
///
/// Old lines may be packed beside it (`pack`); places count them as if they were still there.
///
/// Each record is one `write(2)`, so a killed process leaves whole lines and at most one torn one at the end.
/// The owner must hold the thread's `ThreadWriterLock`; readers need none. Any thread may call it; calls
/// block on the disk. Source: agent-core.md §6 R1, R5, R10.
public final class ThreadLog: Sendable {
  public let path: String
  let state: Mutex<State>

  struct State {
    var descriptor: Int32
    /// Where the plain lines begin, and behind how many bytes of the file.
    var base: Int64 = 0
    var lead = 0
    /// Packed bytes included.
    var size: Int64
    /// What it was when all of it was known to be on disk.
    var syncedSize: Int64 = -1
    var nextOrdinal: Int
    /// Set when the file could not be put back after a failed write: no further record may follow a torn one.
    var failure: StoreError?
  }

  /// What opening a log found.
  public struct Opened: Sendable {
    public let log: ThreadLog
    public let records: [LogRecord]
    /// Sentences for the user about what was cut off or skipped; empty for a sound log.
    public let notices: [String]
  }

  private init(path: String, descriptor: Int32) {
    self.path = path
    state = Mutex(State(descriptor: descriptor, size: 0, nextOrdinal: 0, failure: nil))
  }

  /// Takes over a file that was scanned.
  private convenience init(_ file: LogFile) {
    self.init(path: file.path, descriptor: file.takeDescriptor())
    state.withLock { ($0.base, $0.lead) = (file.base, file.lead) }
  }

  deinit { close() }

  /// Makes a new, empty log and its folders; durable when it returns. Throws `exists` if the file is there.
  public static func create(path: String) throws(StoreError) -> ThreadLog {
    let folder = Directory.directory(of: path)
    try Directory.make(folder)
    let descriptor = try check("create the thread log \(path)") {
      Glibc.open(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
    let log = ThreadLog(path: path, descriptor: descriptor)
    try Directory.sync(folder)
    return log
  }

  /// Opens a log for writing and reads all of it. A torn last line is cut off with a notice; a damaged record
  /// before it is skipped with a notice and stays in the file.
  public static func open(path: String) throws(StoreError) -> Opened {
    var records: [LogRecord] = []
    let (log, notices) = try open(path: path, types: nil) { records.append($0) }
    return Opened(log: log, records: records, notices: notices)
  }

  /// Opens a log for writing and visits only the records of `types`; the others are verified but not parsed.
  public static func open(
    path: String, types: Set<String>?, visit: (LogRecord) -> Void
  ) throws(StoreError) -> (log: ThreadLog, notices: [String]) {
    let file = try LogFile(path: path, flags: O_RDWR | O_APPEND)
    let result = try LogScanner(path: path, types: types).scan(file, visit: visit)
    let log = ThreadLog(file)
    return (log, LogFault.notices(result.faults, path: path) + (try log.prepare(result)))
  }

  /// Opens a log for writing whose first `offset` bytes are known to be whole lines, the next of which has the
  /// ordinal `ordinal`: only what follows is read. The notices are about the end of the log alone: damaged lines are
  /// told by who reads them.
  public static func open(
    path: String, from offset: Int64, nextOrdinal ordinal: Int
  ) throws(StoreError) -> (log: ThreadLog, notices: [String]) {
    let file = try LogFile(path: path, flags: O_RDWR | O_APPEND)
    var result = try LogScanner(path: path).scan(file, from: offset, to: .max) { _ in true }
    result.nextOrdinal = max(result.nextOrdinal, ordinal)
    let log = ThreadLog(file)
    return (log, try log.prepare(result))
  }

  /// The bytes that the log has: where the next record will begin.
  public var size: Int64 { state.withLock { $0.size } }

  /// Mends the end of a log that was scanned and takes up its place there; sentences for the user.
  private func prepare(_ result: LogScanner.Result) throws(StoreError) -> [String] {
    let (descriptor, shift) = state.withLock { ($0.descriptor, $0.base - Int64($0.lead)) }
    var notices: [String] = []
    var size = result.totalBytes
    if result.wholeBytes < result.totalBytes {
      if result.tailIsWhole {
        try check("complete \(path)") { Glibc.write(descriptor, "\n", 1) }
        size += 1
      } else {
        try check("cut the torn end off \(path)") { ftruncate(descriptor, off_t(result.wholeBytes - shift)) }
        try check("sync \(path)") { fsync(descriptor) }
        let torn = result.totalBytes - result.wholeBytes
        size = result.wholeBytes
        notices.append(
          "The last record of \(path) was not written completely (\(torn) bytes) and was cut off; "
            + "everything before it is kept.")
      }
    }
    state.withLock {
      $0.size = size
      $0.nextOrdinal = result.nextOrdinal
    }
    return notices
  }

  /// Reads a log that may have a writer: changes nothing, and leaves out a last line that is not whole yet.
  /// Returns the notices about damaged records.
  @discardableResult
  public static func read(
    path: String, types: Set<String>? = nil, visit: (LogRecord) -> Void
  ) throws(StoreError) -> [String] {
    let result = try LogScanner(path: path, types: types).scan(LogFile(path: path), visit: visit)
    return LogFault.notices(result.faults, path: path)
  }

  /// Deletes a log, for good; its owner must hold the writer lock and have closed it.
  ///
  /// What lies beside it goes first, also what a killed process left there (a copy, a compressed log): whoever is killed
  /// in the middle leaves the log, by which the thread is still known and can be deleted.
  public static func remove(path: String) throws(StoreError) {
    let folder = Directory.directory(of: path)
    let name = path.split(separator: "/").last ?? ""
    let beside = try Directory.names(in: folder).filter { $0.hasPrefix("\(name).") }.map { "\(folder)/\($0)" }
    for other in [LogFile.packedPath(of: path)] + beside where unlink(other) != 0 && errno != ENOENT {
      throw StoreError.system(errno, "delete \(other)")
    }
    try check("delete \(path)") { unlink(path) }
    try Directory.sync(folder)
  }

  /// Adds one record with a single write and returns it. When the disk is full the file is left as it was.
  /// Not durable before `sync()`.
  @discardableResult
  public func append(
    type: String, payload: JSONValue, timestampMs: Int64? = nil
  ) throws(StoreError) -> LogRecord {
    guard LogLine.isValid(type: type) else {
      throw StoreError(.invalidName, "\"\(type)\" can't be the type of a record.")
    }
    let time = timestampMs ?? Clock.nowMs()
    return try state.withLock { (state) throws(StoreError) -> LogRecord in
      try Self.checkUsable(state, path)
      let line = LogLine.encode(ordinal: state.nextOrdinal, timestampMs: time, type: type, payload: payload)
      guard line.count <= LogLine.maximumBytes else {
        throw StoreError(.tooLarge, "A record of \(line.count) bytes is too large for \(path).")
      }
      try Self.write(line, &state, path)
      defer { state.nextOrdinal += 1 }
      return LogRecord(type: type, payload: payload, timestampMs: time, ordinal: state.nextOrdinal)
    }
  }

  /// Makes all that was appended durable (`fdatasync`): at the end of a turn and before an approval is shown. Costs
  /// nothing when nothing was appended since.
  public func sync() throws(StoreError) {
    try state.withLock { (state) throws(StoreError) in
      try Self.checkUsable(state, path)
      guard state.syncedSize != state.size else { return }
      let descriptor = state.descriptor
      do throws(StoreError) {
        try check("sync \(path)") { fdatasync(descriptor) }
        state.syncedSize = state.size
      } catch {
        // The kernel drops dirty pages after a failed sync: what they held may be gone, so stop here.
        state.failure = error
        throw error
      }
    }
  }

  /// Closes the file; later calls throw `closed`. Also done when the last reference goes.
  public func close() {
    state.withLock { state in
      if state.descriptor >= 0 { Glibc.close(state.descriptor) }
      state.descriptor = -1
    }
  }

  private static func checkUsable(_ state: State, _ path: String) throws(StoreError) {
    guard state.descriptor >= 0 else { throw StoreError(.closed, "The thread log \(path) is closed.") }
    if let failure = state.failure { throw failure }
    var status = stat()
    // A file that was deleted while open takes writes and keeps none of them.
    guard fstat(state.descriptor, &status) == 0, status.st_nlink > 0 else {
      throw StoreError(
        .missing, "The thread log \(path) was deleted while it was in use: nothing more can be saved to it.")
    }
  }

  private static func write(_ line: [UInt8], _ state: inout State, _ path: String) throws(StoreError) {
    let descriptor = state.descriptor
    let written = Result { () throws(StoreError) -> Int in
      try check("write to the thread log \(path)") { Glibc.write(descriptor, line, line.count) }
    }
    if case .success(line.count) = written {
      state.size += Int64(line.count)
      return
    }
    if ftruncate(descriptor, off_t(state.size - state.base) + off_t(state.lead)) != 0 {
      state.failure = StoreError.system(errno, "put \(path) back after a failed write")
    }
    if case .failure(let error) = written { throw error }
    throw StoreError.system(ENOSPC, "write to the thread log \(path)")
  }

  static func regularFile(_ path: String, _ flags: Int32) throws(StoreError) -> Int32 {
    // Without O_NONBLOCK, a pipe in the place of the log would hang the process.
    let descriptor = try check("open the thread log \(path)") {
      Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      Glibc.close(descriptor)
      throw StoreError(.corrupt, "\(path) is not a regular file: it can't be a thread log.")
    }
    return descriptor
  }
}
