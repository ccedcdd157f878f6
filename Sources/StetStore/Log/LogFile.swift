import Glibc
import StetJSON

/// The bytes of a log by their place in it, wherever they lie: old lines may be packed in a file beside the log
/// (`PackedLog`), and the log itself then begins with a line that says how many bytes those are. Places count the bytes
/// of the lines as they were written, so they stay what they are when lines are packed.
///
/// Not for two threads at once; the file may have a writer, who may pack meanwhile.
final class LogFile {
  /// The type of the line that a packed log begins with.
  static let leadType = "packed"
  /// Bytes in which that line is to be found.
  private static let leadLimit = 256

  let path: String
  private let flags: Int32
  private(set) var descriptor: Int32
  /// The place of the first byte that is in the log itself.
  private(set) var base: Int64 = 0
  /// Bytes of the line that says so.
  private(set) var lead = 0
  private var packed: PackedLog?

  init(path: String, flags: Int32 = O_RDONLY) throws(StoreError) {
    self.path = path
    self.flags = flags
    descriptor = try ThreadLog.regularFile(path, flags)
    do throws(StoreError) {
      try readLead()
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Gives the descriptor away: this object is not to be used any more.
  func takeDescriptor() -> Int32 {
    defer { descriptor = -1 }
    return descriptor
  }

  /// The file beside a log, or beside a copy of one (`THREAD.jsonl.…`), that holds its packed lines.
  static func packedPath(of path: String) -> String {
    let ending = ".jsonl"
    var stem = Substring(path)
    while !stem.isEmpty, !stem.hasSuffix(ending) { stem.removeLast() }
    return (stem.isEmpty ? path : String(stem.dropLast(ending.utf8.count))) + PackedLog.suffix
  }

  /// The first line of a log whose first `base` bytes are packed.
  static func lead(base: Int64) -> [UInt8] {
    LogLine.encode(
      ordinal: 0, timestampMs: 0, type: leadType, payload: .object(JSONObject([("bytes", .int(base))])))
  }

  /// The bytes that the log has now, packed ones included.
  func size() throws(StoreError) -> Int64 {
    var status = stat()
    try check("look at \(path)") { fstat(descriptor, &status) }
    return max(base, base + Int64(status.st_size) - Int64(lead))
  }

  /// Reads up to `count` bytes at a place; fewer where a part of the file ends, 0 at the end of the log.
  func read(_ buffer: UnsafeMutableRawPointer, _ count: Int, at place: Int64) throws(StoreError) -> Int {
    if place < base {
      if let packed { return try packed.read(buffer, count, at: place) }
      let opened = try PackedLog(path: Self.packedPath(of: path), end: base)
      packed = opened
      return try opened.read(buffer, count, at: place)
    }
    let read = try check("read \(path)") {
      pread(descriptor, buffer, count, off_t(place - base) + off_t(lead))
    }
    if read == 0, try reopen() { return try self.read(buffer, count, at: place) }
    return read
  }

  /// Goes over to the file that took the place of this one when its lines were packed; false if none did.
  private func reopen() throws(StoreError) -> Bool {
    var status = stat()
    guard flags == O_RDONLY, fstat(descriptor, &status) == 0, status.st_nlink == 0, access(path, F_OK) == 0
    else { return false }
    let fresh = try ThreadLog.regularFile(path, flags)
    close(descriptor)
    descriptor = fresh
    packed = nil
    try readLead()
    return true
  }

  private func readLead() throws(StoreError) {
    var bytes = [UInt8](repeating: 0, count: Self.leadLimit)
    let count = try check("read \(path)") { pread(descriptor, &bytes, bytes.count, 0) }
    (base, lead) = (0, 0)
    if let end = bytes[..<count].firstIndex(of: UInt8(ascii: "\n")), let place = Self.base(bytes, end) {
      guard place >= 0 else { throw StoreError(.corrupt, "The first line of \(path) makes no sense.") }
      (base, lead) = (place, end + 1)
      return
    }
    try checkWhole(bytes[..<count])
  }

  /// A log without the line that says how much is packed must have all of its lines itself. If that line is damaged, the
  /// packed lines would count for nothing, and the next packing would cut them off.
  private func checkWhole(_ bytes: ArraySlice<UInt8>) throws(StoreError) {
    let packed = Self.packedPath(of: path)
    let claimsPacked = bytes.withUnsafeBytes { bytes in
      let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      return LogLine.claim(UnsafeRawBufferPointer(rebasing: bytes[..<end])).map { claim in
        bytes[claim.type].elementsEqual(Self.leadType.utf8)
      } ?? false
    }
    guard claimsPacked || access(packed, F_OK) == 0 else { return }
    // A first packing that was ended in the middle leaves its file beside a log that has all of its lines.
    if !claimsPacked, try beginsWhole() { return }
    throw StoreError(
      .corrupt,
      "The first line of \(path) is damaged: it says how many of the thread's records are in \(packed). Nothing was "
        + "changed; `zstd -dc` shows those records.")
  }

  /// Whether the first line is the sound first record of a thread.
  private func beginsWhole() throws(StoreError) -> Bool {
    var line: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while line.count <= LogLine.maximumBytes {
      let place = off_t(line.count)
      let count = try check("read \(path)") { pread(descriptor, &chunk, chunk.count, place) }
      guard count > 0 else { return false }
      guard let end = chunk[..<count].firstIndex(of: UInt8(ascii: "\n")) else {
        line += chunk[..<count]
        continue
      }
      line += chunk[..<end]
      return line.withUnsafeBytes { LogLine.head($0)?.ordinal == 0 }
    }
    return false
  }

  /// How many bytes are packed, if the line is one that says so; negative when it says nothing sensible.
  private static func base(_ bytes: [UInt8], _ end: Int) -> Int64? {
    bytes.withUnsafeBytes { bytes -> Int64? in
      let line = UnsafeRawBufferPointer(rebasing: bytes[..<end])
      guard let head = LogLine.head(line), head.type == leadType else { return nil }
      do {
        return Int64(try JSONValue(parsing: line[head.payload])["bytes"]?.intValue ?? -1)
      } catch {
        return -1
      }
    }
  }
}
