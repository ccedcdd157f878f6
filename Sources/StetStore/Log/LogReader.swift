import Glibc
import StetJSON

/// Reads parts of a log by their place in the file; the file may have a writer. Not for two threads at once; calls
/// block on the disk.
public final class LogReader {
  public let path: String
  private let descriptor: Int32

  public init(path: String) throws(StoreError) {
    self.path = path
    descriptor = try ThreadLog.regularFile(path, O_RDONLY)
  }

  deinit { Glibc.close(descriptor) }

  /// The bytes that the file has now.
  public func size() throws(StoreError) -> Int64 {
    var status = stat()
    try check("look at \(path)") { fstat(descriptor, &status) }
    return Int64(status.st_size)
  }

  /// The record whose line of `length` bytes, newline included, begins at `offset`. Throws `corrupt` if there is
  /// none.
  public func record(at offset: Int64, length: Int) throws(StoreError) -> LogRecord {
    guard length > 1, length <= LogLine.maximumBytes + 1 else { throw damaged(offset) }
    var line = [UInt8](repeating: 0, count: length)
    var filled = 0
    while filled < length {
      let start = filled
      let count = try check("read \(path)") {
        line.withUnsafeMutableBytes { buffer -> Int in
          pread(
            descriptor, buffer.baseAddress.map { $0 + start }, length - start, off_t(offset) + off_t(start))
        }
      }
      if count == 0 { throw damaged(offset) }
      filled += count
    }
    let record = line.withUnsafeBytes { bytes -> LogRecord? in
      guard bytes[length - 1] == UInt8(ascii: "\n") else { return nil }
      let line = UnsafeRawBufferPointer(rebasing: bytes[..<(length - 1)])
      guard let head = LogLine.head(line) else { return nil }
      do {
        return LogRecord(
          type: head.type, payload: try JSONValue(parsing: line[head.payload]), timestampMs: head.timestampMs,
          ordinal: head.ordinal)
      } catch {
        return nil
      }
    }
    guard let record else { throw damaged(offset) }
    return record
  }

  /// The checksum that the line at `offset` carries; nil when no line can begin there.
  public func sum(at offset: Int64) throws(StoreError) -> String? {
    var head = [UInt8](repeating: 0, count: 18)
    let count = try check("read \(path)") { pread(descriptor, &head, head.count, off_t(offset)) }
    guard count == head.count else { return nil }
    return head.withUnsafeBytes { LogLine.sum($0) }
  }

  /// Visits the whole lines from `offset`, where one begins, up to `end`, and only those of `types`; the others are
  /// not even verified. Returns where the last whole line ends, the ordinal after the last one that was visited, and
  /// notices about damaged lines.
  public func scan(
    from offset: Int64, to end: Int64 = .max, types: Set<String>? = nil, visit: (LogEntry) -> Bool
  ) throws(StoreError) -> (end: Int64, nextOrdinal: Int, notices: [String]) {
    let result = try LogScanner(path: path, types: types, verifiesAll: false, takesTail: false).scan(
      descriptor, from: offset, to: end, visit: visit)
    return (result.wholeBytes, result.nextOrdinal, result.notices(path: path))
  }

  private func damaged(_ offset: Int64) -> StoreError {
    StoreError(.corrupt, "\(path) has no whole record at byte \(offset).")
  }
}
