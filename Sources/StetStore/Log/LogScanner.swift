import Glibc
import StetJSON

/// Reads a log from front to back in bounded memory and says what it had to skip.
struct LogScanner {
  /// A packed frame fits in, and what is read stays in a processor's cache until it is looked at.
  private static let chunkBytes = 256 << 10

  let path: String
  /// Only records of these types are parsed and visited; nil means all.
  let types: Set<String>?
  /// The names of `types` with their bytes.
  private let wanted: [(name: String, bytes: [UInt8])]?
  /// Whether lines of other types are verified too.
  let verifiesAll: Bool
  /// Whether a last line without its newline counts when it verifies.
  let takesTail: Bool
  /// What is to come first; nil where that is not known. At the beginning of a log it is record 0.
  let start: Start?

  /// What is known of the lines before a scan.
  struct Start {
    var ordinal: Int
    /// Behind damaged lines nobody knows how many records those were.
    var followsDamage = false
  }

  init(
    path: String, types: Set<String>? = nil, verifiesAll: Bool = true, takesTail: Bool = true,
    start: Start? = nil
  ) {
    self.path = path
    self.types = types
    self.verifiesAll = verifiesAll
    self.takesTail = takesTail
    self.start = start
    wanted = types.map { $0.sorted().map { ($0, Array($0.utf8)) } }
  }

  struct Result {
    var nextOrdinal = 0
    /// Where the last whole line ends: what follows is a torn tail.
    var wholeBytes: Int64 = 0
    var totalBytes: Int64 = 0
    /// The tail verifies: only its newline is missing.
    var tailIsWhole = false
    var faults: [LogFault] = []
    /// False where lines are passed over unlooked at.
    fileprivate var countsLines = false
    /// The ordinal that a whole log has next, and whether damage came after the last sound line; nil while that is not
    /// known.
    fileprivate var expected: Start?
  }

  func scan(
    _ file: LogFile, from offset: Int64 = 0, visit: (LogRecord) -> Void
  ) throws(StoreError) -> Result {
    try scan(file, from: offset, to: .max) { entry in
      do {
        visit(try entry.record())
        return true
      } catch {
        return false
      }
    }
  }

  /// Visits the lines from `offset`, where a line must begin, up to `end`. A visit that gives false counts its line
  /// as damaged.
  func scan(
    _ file: LogFile, from offset: Int64, to end: Int64, visit: (LogEntry) -> Bool
  ) throws(StoreError) -> Result {
    var result = Result()
    result.wholeBytes = offset
    result.countsLines = types == nil || verifiesAll
    result.expected = start ?? (offset == 0 ? Start(ordinal: 0) : nil)
    var pending: [UInt8] = []
    var lineNumber = 0
    var overlong = false
    var position = offset
    var chunk = [UInt8](repeating: 0, count: Int(min(Int64(Self.chunkBytes), max(1, end - offset))))
    while position < end {
      let wanted = Int(min(Int64(chunk.count), end - position))
      let count = try Self.read(file, &chunk, wanted, at: position)
      if count == 0 { break }
      position += Int64(count)
      var start = 0
      while let newline = Self.newline(in: chunk, from: start, to: count) {
        lineNumber += 1
        if overlong {
          result.note(.damaged, lineNumber, result.wholeBytes)
        } else if pending.isEmpty {
          chunk.withUnsafeBytes { line in
            take(
              UnsafeRawBufferPointer(rebasing: line[start..<newline]), lineNumber, result.wholeBytes, &result,
              visit)
          }
        } else {
          pending += chunk[start..<newline]
          pending.withUnsafeBytes { take($0, lineNumber, result.wholeBytes, &result, visit) }
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
    if !pending.isEmpty, takesTail {
      var tail = Result()
      pending.withUnsafeBytes { take($0, lineNumber + 1, result.wholeBytes, &tail, visit) }
      result.tailIsWhole = tail.faults.isEmpty
      result.nextOrdinal = max(result.nextOrdinal, tail.nextOrdinal)
    }
    if offset > 0, !result.faults.isEmpty {
      let before = try Self.lines(file, upTo: offset)
      for index in result.faults.indices { result.faults[index].line += before }
    }
    return result
  }

  /// The lines that end before a place. Read only where there is a fault whose number is to be told.
  private static func lines(_ file: LogFile, upTo end: Int64) throws(StoreError) -> Int {
    var chunk = [UInt8](repeating: 0, count: chunkBytes)
    var place: Int64 = 0
    var count = 0
    while place < end {
      let read = try read(file, &chunk, Int(min(Int64(chunk.count), end - place)), at: place)
      if read == 0 { break }
      count += chunk[..<read].count { $0 == UInt8(ascii: "\n") }
      place += Int64(read)
    }
    return count
  }

  private static func read(
    _ file: LogFile, _ chunk: inout [UInt8], _ count: Int, at place: Int64
  ) throws(StoreError) -> Int {
    let result = chunk.withUnsafeMutableBytes { buffer -> Swift.Result<Int, StoreError> in
      guard let base = buffer.baseAddress else { return .success(0) }
      return Swift.Result { () throws(StoreError) in try file.read(base, count, at: place) }
    }
    return try result.get()
  }

  private static func newline(in chunk: [UInt8], from start: Int, to end: Int) -> Int? {
    guard start < end else { return nil }
    return chunk.withUnsafeBytes { bytes -> Int? in
      guard let base = bytes.baseAddress,
        let found = memchr(base + start, Int32(UInt8(ascii: "\n")), end - start)
      else { return nil }
      return base.distance(to: UnsafeRawPointer(found))
    }
  }

  private func take(
    _ line: UnsafeRawBufferPointer, _ number: Int, _ offset: Int64, _ result: inout Result,
    _ visit: (LogEntry) -> Bool
  ) {
    guard let claim = LogLine.claim(line) else { return result.note(.damaged, number, offset) }
    let name = name(UnsafeRawBufferPointer(rebasing: line[claim.type]))
    // The lines of others need not even be verified, where nothing but the wanted ones is asked for.
    if name == nil, !verifiesAll { return }
    guard LogLine.isSound(line) else { return result.note(.damaged, number, offset) }
    result.count(claim.ordinal, number, offset)
    result.nextOrdinal = max(result.nextOrdinal, claim.ordinal &+ 1)
    guard let name else { return }
    let entry = LogEntry(
      type: name, ordinal: claim.ordinal, timestampMs: claim.timestampMs, offset: offset,
      length: line.count + 1, payloadBytes: UnsafeRawBufferPointer(rebasing: line[claim.payload]), line: line)
    if !visit(entry) { result.note(.unreadable, number, offset) }
  }

  /// The type of these bytes if it is wanted.
  private func name(_ type: UnsafeRawBufferPointer) -> String? {
    guard let wanted else { return String(decoding: type, as: UTF8.self) }
    for candidate in wanted where candidate.bytes.count == type.count {
      let isEqual = candidate.bytes.withUnsafeBytes { bytes in
        guard let left = bytes.baseAddress, let right = type.baseAddress else { return false }
        return memcmp(left, right, type.count) == 0
      }
      if isEqual { return candidate.name }
    }
    return nil
  }
}

extension LogScanner.Result {
  fileprivate mutating func note(_ kind: LogFault.Kind, _ line: Int, _ offset: Int64) {
    faults.append(LogFault(kind: kind, line: line, offset: offset))
    if kind == .damaged { expected?.followsDamage = true }
  }

  /// Takes the ordinal of a sound line. Records that are not there were told already where a damaged line stands in
  /// their place.
  fileprivate mutating func count(_ ordinal: Int, _ line: Int, _ offset: Int64) {
    guard countsLines else { return }
    if let expected, ordinal > expected.ordinal, !expected.followsDamage {
      note(.missing(ordinal - expected.ordinal), line, offset)
    }
    expected = LogScanner.Start(ordinal: max(expected?.ordinal ?? 0, ordinal + 1))
  }
}
