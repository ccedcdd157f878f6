import Glibc
import StetJSON

/// Reads a log from front to back in bounded memory and says what it had to skip.
struct LogScanner {
  /// How many broken records get a notice of their own; the rest are counted in one more.
  static let maximumNotices = 8
  private static let chunkBytes = 1 << 20

  let path: String
  /// Only records of these types are parsed and visited; nil means all.
  var types: Set<String>?

  struct Result {
    var nextOrdinal = 0
    /// Where the last whole line ends: what follows is a torn tail.
    var wholeBytes: Int64 = 0
    var totalBytes: Int64 = 0
    /// The tail verifies: only its newline is missing.
    var tailIsWhole = false
    var broken: [Int] = []

    /// One sentence a fault, for the user.
    func notices(path: String) -> [String] {
      var notices = broken.prefix(LogScanner.maximumNotices).map {
        "Line \($0) of \(path) is damaged and was skipped; the other records are kept."
      }
      let rest = broken.count - notices.count
      if rest > 0 { notices.append("\(rest) more damaged lines of \(path) were skipped.") }
      return notices
    }
  }

  func scan(_ descriptor: Int32, from offset: Int64 = 0, visit: (LogRecord) -> Void) throws(StoreError)
    -> Result
  {
    var result = Result()
    result.wholeBytes = offset
    var pending: [UInt8] = []
    var lineNumber = 0
    var overlong = false
    var position = offset
    var chunk = [UInt8](repeating: 0, count: Self.chunkBytes)
    while true {
      let count = try check("read \(path)") { pread(descriptor, &chunk, Self.chunkBytes, off_t(position)) }
      if count == 0 { break }
      position += Int64(count)
      var start = 0
      while let newline = chunk[start..<count].firstIndex(of: UInt8(ascii: "\n")) {
        lineNumber += 1
        if overlong {
          result.broken.append(lineNumber)
        } else if pending.isEmpty {
          chunk.withUnsafeBytes { line in
            take(UnsafeRawBufferPointer(rebasing: line[start..<newline]), lineNumber, &result, visit)
          }
        } else {
          pending += chunk[start..<newline]
          pending.withUnsafeBytes { take($0, lineNumber, &result, visit) }
        }
        pending.removeAll(keepingCapacity: true)
        overlong = false
        start = newline + 1
        result.wholeBytes = position - Int64(count - start)
      }
      if !overlong { pending += chunk[start..<count] }
      if pending.count > LogLine.maximumBytes {
        overlong = true
        pending.removeAll()
      }
    }
    result.totalBytes = position
    if !pending.isEmpty {
      var tail = Result()
      pending.withUnsafeBytes { take($0, lineNumber + 1, &tail, visit) }
      result.tailIsWhole = tail.broken.isEmpty
      result.nextOrdinal = max(result.nextOrdinal, tail.nextOrdinal)
    }
    return result
  }

  private func take(
    _ line: UnsafeRawBufferPointer, _ number: Int, _ result: inout Result, _ visit: (LogRecord) -> Void
  ) {
    guard let head = LogLine.head(line) else {
      result.broken.append(number)
      return
    }
    result.nextOrdinal = max(result.nextOrdinal, head.ordinal &+ 1)
    if let types, !types.contains(head.type) { return }
    do {
      let payload = try JSONValue(parsing: line[head.payload])
      visit(
        LogRecord(
          type: head.type, payload: payload, timestampMs: head.timestampMs, ordinal: head.ordinal))
    } catch {
      result.broken.append(number)
    }
  }
}
