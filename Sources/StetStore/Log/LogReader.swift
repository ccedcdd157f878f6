import StetJSON

/// Reads parts of a log by their place in the file; the file may have a writer. Not for two threads at once; calls
/// block on the disk.
public final class LogReader {
  public let path: String
  private let file: LogFile

  public init(path: String) throws(StoreError) {
    self.path = path
    file = try LogFile(path: path)
  }

  /// The bytes that the log has now.
  public func size() throws(StoreError) -> Int64 { try file.size() }

  /// The record whose line of `length` bytes, newline included, begins at `offset`. Throws `corrupt` if there is
  /// none.
  public func record(at offset: Int64, length: Int) throws(StoreError) -> LogRecord {
    guard length > 1, length <= LogLine.maximumBytes + 1 else { throw damaged(offset) }
    var line = [UInt8](repeating: 0, count: length)
    guard try fill(&line, at: offset) else { throw damaged(offset) }
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
    guard try fill(&head, at: offset) else { return nil }
    return head.withUnsafeBytes { LogLine.sum($0) }
  }

  /// Visits the whole lines from `offset`, where one begins, up to `end`, and only those of `types`; the others are
  /// not even verified. Returns where the last whole line ends, the ordinal after the last one that was visited, and
  /// what is wrong.
  ///
  /// - Parameters:
  ///   - ordinal: of the record that is expected at `offset`; nil where that is not known (at 0 it is 0).
  ///   - followsDamage: the line before `offset` is damaged, so nobody knows how many records are to be expected.
  ///   - visit: false for a record that can't be understood.
  public func scan(
    from offset: Int64, to end: Int64 = .max, types: Set<String>? = nil, expecting ordinal: Int? = nil,
    followsDamage: Bool = false, visit: (LogEntry) -> Bool
  ) throws(StoreError) -> (end: Int64, nextOrdinal: Int, faults: [LogFault]) {
    let start = ordinal.map { LogScanner.Start(ordinal: $0, followsDamage: followsDamage) }
    let result = try LogScanner(
      path: path, types: types, verifiesAll: false, takesTail: false, start: start
    ).scan(file, from: offset, to: end, visit: visit)
    return (result.wholeBytes, result.nextOrdinal, result.faults)
  }

  /// Fills a buffer with the bytes at a place; false where the log has fewer.
  private func fill(_ bytes: inout [UInt8], at offset: Int64) throws(StoreError) -> Bool {
    guard offset >= 0 else { return false }
    let result = bytes.withUnsafeMutableBytes { buffer -> Result<Bool, StoreError> in
      guard let base = buffer.baseAddress else { return .success(true) }
      return Result { () throws(StoreError) in
        var filled = 0
        while filled < buffer.count {
          let count = try file.read(base + filled, buffer.count - filled, at: offset + Int64(filled))
          if count == 0 { return false }
          filled += count
        }
        return true
      }
    }
    return try result.get()
  }

  private func damaged(_ offset: Int64) -> StoreError {
    StoreError(.corrupt, "\(path) has no whole record at byte \(offset).")
  }
}
