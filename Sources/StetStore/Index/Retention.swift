import Glibc

/// Keeps the logs of threads within bounds (R10): the oldest are archived and compressed, never lost. A thread that is
/// open anywhere or was used lately is left alone. Blocks; any thread.
public struct Retention: Sendable {
  /// All logs together, in bytes.
  public var totalBytes: Int64 = 2 << 30
  /// The log of one thread, in bytes: a larger one is compressed though there is room.
  public var threadBytes: Int64 = 512 << 20
  /// How long a thread must have been left alone, in milliseconds: two weeks.
  public var idleMs: Int64 = 14 * 86_400_000
  /// The suffix of a compressed log.
  static let suffix = ".zst"

  public init() {}

  /// What was done, and what could not be done.
  public struct Outcome: Hashable, Sendable {
    /// Threads that were archived and compressed.
    public var threads: [String] = []
    public var savedBytes: Int64 = 0
    /// What is left, in bytes.
    public var bytes: Int64 = 0
    /// There is more than the bound and nothing that may be compressed.
    public var isFull = false

    /// Sentences for the user; none when there was nothing to do.
    public var notices: [String] {
      var notices: [String] = []
      if !threads.isEmpty {
        notices.append(
          "\(threads.count) old thread\(threads.count == 1 ? " was" : "s were") archived and compressed to save "
            + "\(savedBytes >> 20) MB. Nothing is lost: `stet sessions list --archived` shows them.")
      }
      if isFull {
        notices.append(
          "The threads take \(bytes >> 20) MB and none is old enough to be compressed. "
            + "`stet sessions delete` removes those you don't need.")
      }
      return notices
    }
  }

  /// Whether there is anything to do: looks at names and sizes only.
  public func isExceeded(directory: String) throws(StoreError) -> Bool {
    let files = ThreadFiles(directory: directory)
    let sizes = try files.all().map(Self.size)
    let compressed = try files.allCompressed().map { Self.size($0 + Self.suffix) }
    return sizes.contains { $0 > threadBytes } || (sizes + compressed).reduce(0, +) > totalBytes
  }

  /// Archives and compresses until the bounds hold; `index` learns what was archived.
  public func apply(
    directory: String, locks: String, index: ThreadIndex, nowMs: Int64
  ) throws(StoreError) -> Outcome {
    var outcome = Outcome()
    var logs: [(path: String, bytes: Int64)] = []
    let files = ThreadFiles(directory: directory)
    for path in try files.all() { logs.append((path, Self.size(path))) }
    outcome.bytes = logs.reduce(0) { $0 + $1.bytes }
    for path in try files.allCompressed() { outcome.bytes += Self.size(path + Self.suffix) }
    guard outcome.bytes > totalBytes || logs.contains(where: { $0.bytes > threadBytes }) else {
      return outcome
    }
    var candidates: [(summary: ThreadSummary, bytes: Int64)] = []
    for log in logs {
      guard let summary = try ThreadLog.readSummary(path: log.path).summary,
        nowMs - max(summary.updatedAtMs, summary.recencyAtMs) > idleMs
      else { continue }
      candidates.append((summary, log.bytes))
    }
    candidates.sort { ($0.summary.recencyAtMs, $0.summary.id) < ($1.summary.recencyAtMs, $1.summary.id) }
    for candidate in candidates where outcome.bytes > totalBytes || candidate.bytes > threadBytes {
      guard let left = try compress(candidate.summary, locks, index) else { continue }
      outcome.threads.append(candidate.summary.id)
      outcome.savedBytes += candidate.bytes - left
      outcome.bytes -= candidate.bytes - left
    }
    outcome.isFull = outcome.bytes > totalBytes
    return outcome
  }

  /// The size of the compressed log; nil when somebody has the thread open.
  private func compress(
    _ summary: ThreadSummary, _ locks: String, _ index: ThreadIndex
  ) throws(StoreError) -> Int64? {
    let lock: ThreadWriterLock
    do throws(StoreError) {
      lock = try ThreadWriterLock.acquire(threadId: summary.id, directory: locks)
    } catch {
      if case .locked = error.code { return nil }
      throw error
    }
    defer { lock.release() }
    if !summary.archived {
      let log = try ThreadLog.open(path: summary.path, types: []) { _ in }.log
      var archived = summary
      archived.archived = true
      try log.appendSummary(archived, since: summary)
      try log.sync()
      log.close()
    }
    try index.catchUp(path: summary.path)
    let target = summary.path + Self.suffix
    try ZstdFile.compress(summary.path, to: target)
    try check("remove \(summary.path)") { unlink(summary.path) }
    return Self.size(target)
  }

  /// The bytes of a log, or of what is left of it, with those of its packed lines.
  private static func size(_ path: String) -> Int64 {
    fileSize(path) + fileSize(LogFile.packedPath(of: path))
  }

  private static func fileSize(_ path: String) -> Int64 {
    var status = stat()
    return lstat(path, &status) == 0 ? Int64(status.st_size) : 0
  }
}
