import CZstd
import Glibc

/// The packed part of a log: zstd frames of whole lines, each behind a skippable frame that says which bytes of the log
/// it holds. `zstd -dc` gives the lines. Frames are only ever added, and what is behind the end that the log names was
/// never finished and counts for nothing.
final class PackedLog {
  static let suffix = ".packed.zst"
  /// What a skippable frame begins with (RFC 8878 §3.1.2).
  private static let magic: UInt32 = 0x184D_2A50
  private static let headBytes = 32
  /// Bytes that are filled at once where a frame is missing.
  private static let gapBytes: Int64 = 1 << 20
  /// The library's default: a tenth of repetitive JSON at several hundred MB/s.
  private static let level: Int32 = 3

  private struct Frame {
    let range: Range<Int64>
    let place: Int64
    let length: Int
  }

  private let path: String
  private let descriptor: Int32
  private let end: Int64
  private var frames: [Frame] = []
  /// Where the last frame that counts ends in the file.
  private(set) var fileEnd: Int64 = 0
  /// The place in the log that the frames reach.
  var reach: Int64 { frames.last?.range.upperBound ?? 0 }
  /// The frame that was read last.
  private var current: (index: Int, bytes: [UInt8])?
  /// What unpacks frames, and the room for one as it is in the file: made once for all of them.
  private let unpacker: OpaquePointer
  private var packed: [UInt8] = []

  /// Opens what is packed of the first `end` bytes of a log; a missing file is one without frames.
  init(path: String, end: Int64) throws(StoreError) {
    self.path = path
    self.end = end
    guard let unpacker = ZSTD_createDCtx() else {
      throw StoreError(.failed, "Can't read \(path): no memory.")
    }
    self.unpacker = unpacker
    do throws(StoreError) {
      descriptor = access(path, F_OK) == 0 ? try ThreadLog.regularFile(path, O_RDONLY) : -1
    } catch {
      ZSTD_freeDCtx(unpacker)
      throw error
    }
    try readFrames()
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    ZSTD_freeDCtx(unpacker)
  }

  /// Reads up to `count` bytes at a place before `end`. Where a frame is damaged or missing there is one line that is no
  /// record in its stead: it is reported and skipped like any damaged line, and places stay right.
  func read(_ buffer: UnsafeMutableRawPointer, _ count: Int, at place: Int64) throws(StoreError) -> Int {
    guard let index = index(of: place) else {
      let stop = frames.first { $0.range.lowerBound > place }?.range.lowerBound ?? end
      let length = Int(min(Int64(count), stop - place, Self.gapBytes))
      memset(buffer, Int32(UInt8(ascii: "#")), length)
      if place + Int64(length) == stop {
        buffer.storeBytes(of: UInt8(ascii: "\n"), toByteOffset: length - 1, as: UInt8.self)
      }
      return length
    }
    let frame = frames[index]
    let start = Int(place - frame.range.lowerBound)
    // A whole frame goes where it is wanted: who reads from front to back waits for no copy.
    if start == 0, count >= frame.range.count, current?.index != index {
      try unpack(frame, into: UnsafeMutableRawBufferPointer(start: buffer, count: frame.range.count))
      return frame.range.count
    }
    let bytes = try bytes(index)
    let length = min(count, bytes.count - start)
    bytes.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress { memcpy(buffer, base + start, length) }
    }
    return length
  }

  /// A frame of whole lines that begin at `place` in the log, as it is added to the file.
  static func frame(_ lines: [UInt8], at place: Int64) throws(StoreError) -> [UInt8] {
    guard let context = ZSTD_createCCtx() else { throw StoreError(.failed, "Can't pack a log: no memory.") }
    defer { ZSTD_freeCCtx(context) }
    var packed = [UInt8](repeating: 0, count: headBytes + ZSTD_compressBound(lines.count))
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    let length = packed.withUnsafeMutableBytes { buffer -> Int in
      guard let base = buffer.baseAddress else { return 0 }
      return ZSTD_compress2(
        context, base + headBytes, buffer.count - headBytes, lines, lines.count)
    }
    guard ZSTD_isError(length) == 0 else {
      throw StoreError(.failed, "Can't pack a log.", underlying: String(cString: ZSTD_getErrorName(length)))
    }
    packed.removeLast(packed.count - headBytes - length)
    packed.withUnsafeMutableBytes { buffer in
      buffer.storeBytes(of: magic.littleEndian, as: UInt32.self)
      buffer.storeBytes(of: UInt32(headBytes - 8).littleEndian, toByteOffset: 4, as: UInt32.self)
      buffer.storeBytes(of: UInt64(place).littleEndian, toByteOffset: 8, as: UInt64.self)
      buffer.storeBytes(of: UInt64(lines.count).littleEndian, toByteOffset: 16, as: UInt64.self)
      buffer.storeBytes(of: UInt64(length).littleEndian, toByteOffset: 24, as: UInt64.self)
    }
    return packed
  }

  // MARK: - Parts

  private func index(of place: Int64) -> Int? {
    var low = 0
    var high = frames.count
    while low < high {
      let middle = (low + high) / 2
      if frames[middle].range.upperBound <= place { low = middle + 1 } else { high = middle }
    }
    return low < frames.count && frames[low].range.contains(place) ? low : nil
  }

  /// Goes from head to head. Behind one that makes no sense the next sound one is looked for, so that damage costs its
  /// own frame.
  private func readFrames() throws(StoreError) {
    guard descriptor >= 0 else { return }
    var head = [UInt8](repeating: 0, count: Self.headBytes)
    var next: Int64 = 0
    var place: Int64 = 0
    while next < end {
      let count = try check("read \(path)") { pread(descriptor, &head, Self.headBytes, off_t(place)) }
      guard count == Self.headBytes else { return }
      if let frame = sound(head[...], at: place, from: next) {
        frames.append(frame)
        next = frame.range.upperBound
        fileEnd = frame.place + Int64(frame.length)
        place = fileEnd
      } else {
        guard let found = try soundHead(behind: place, from: next) else { return }
        place = found
      }
    }
  }

  /// The frame that a head speaks of; nil when it can't be true.
  private func sound(_ head: ArraySlice<UInt8>, at place: Int64, from next: Int64) -> Frame? {
    func number(_ offset: Int) -> Int64? {
      Int64(
        exactly: head.withUnsafeBytes {
          UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        })
    }
    let magic = head.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)) }
    guard magic == Self.magic, let start = number(8), let raw = number(16), let length = number(24),
      start >= next, start < end, raw > 0, raw <= end - start, raw <= Int64(2 * LogLine.maximumBytes),
      length > 0, length <= raw + (1 << 20)
    else { return nil }
    return Frame(range: start..<(start + raw), place: place + Int64(Self.headBytes), length: Int(length))
  }

  /// Where the next sound head is behind one that is damaged; nil when there is none.
  private func soundHead(behind place: Int64, from next: Int64) throws(StoreError) -> Int64? {
    var chunk = [UInt8](repeating: 0, count: Int(Self.gapBytes))
    var start = place + 1
    while true {
      let count = try check("read \(path)") { pread(descriptor, &chunk, chunk.count, off_t(start)) }
      guard count >= Self.headBytes else { return nil }
      for index in 0...(count - Self.headBytes) where chunk[index] == UInt8(truncatingIfNeeded: Self.magic) {
        let place = start + Int64(index)
        if sound(chunk[index..<(index + Self.headBytes)], at: place, from: next) != nil { return place }
      }
      start += Int64(count - Self.headBytes + 1)
    }
  }

  private func bytes(_ index: Int) throws(StoreError) -> [UInt8] {
    if let current, current.index == index { return current.bytes }
    let frame = frames[index]
    let size = Int(frame.range.upperBound - frame.range.lowerBound)
    // The room of the frame before is used again.
    var bytes = current?.bytes ?? []
    current = nil
    if bytes.count != size { bytes = [UInt8](repeating: 0, count: size) }
    try Self.fill(&bytes) { (room) throws(StoreError) in try unpack(frame, into: room) }
    current = (index, bytes)
    return bytes
  }

  /// Unpacks a frame; in the stead of a damaged one there is a line that is no record.
  private func unpack(_ frame: Frame, into bytes: UnsafeMutableRawBufferPointer) throws(StoreError) {
    if packed.count < frame.length { packed = [UInt8](repeating: 0, count: frame.length) }
    let count = try check("read \(path)") { pread(descriptor, &packed, frame.length, off_t(frame.place)) }
    let read =
      count == frame.length
      ? ZSTD_decompressDCtx(unpacker, bytes.baseAddress, bytes.count, packed, frame.length) : 0
    guard ZSTD_isError(read) != 0 || read != bytes.count else { return }
    _ = bytes.initializeMemory(as: UInt8.self, repeating: UInt8(ascii: "#"))
    bytes[bytes.count - 1] = UInt8(ascii: "\n")
  }

  private static func fill(
    _ bytes: inout [UInt8], _ body: (UnsafeMutableRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    let result = bytes.withUnsafeMutableBytes { room -> Result<Void, StoreError> in
      Result { () throws(StoreError) in try body(room) }
    }
    try result.get()
  }
}
