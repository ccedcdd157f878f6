import Glibc
import StetJSON

/// Reads a log from front to back in bounded memory and says what it had to skip.
struct LogScanner {
  /// How many broken records get a notice of their own; the rest are counted in one more.
  static let maximumNotices = 8
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

  init(path: String, types: Set<String>? = nil, verifiesAll: Bool = true, takesTail: Bool = true) {
    self.path = path
    self.types = types
    self.verifiesAll = verifiesAll
    self.takesTail = takesTail
    wanted = types.map { $0.sorted().map { ($0, Array($0.utf8)) } }
  }

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
          result.broken.append(lineNumber)
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
      result.tailIsWhole = tail.broken.isEmpty
      result.nextOrdinal = max(result.nextOrdinal, tail.nextOrdinal)
    }
    return result
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
    guard let claim = LogLine.claim(line) else {
      result.broken.append(number)
      return
    }
    let name = name(UnsafeRawBufferPointer(rebasing: line[claim.type]))
    // The lines of others need not even be verified, where nothing but the wanted ones is asked for.
    if name == nil, !verifiesAll { return }
    guard LogLine.isSound(line) else {
      result.broken.append(number)
      return
    }
    result.nextOrdinal = max(result.nextOrdinal, claim.ordinal &+ 1)
    guard let name else { return }
    let entry = LogEntry(
      type: name, ordinal: claim.ordinal, timestampMs: claim.timestampMs, offset: offset,
      length: line.count + 1, payloadBytes: UnsafeRawBufferPointer(rebasing: line[claim.payload]), line: line)
    if !visit(entry) { result.broken.append(number) }
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
