import CZstd
import Glibc

/// zstd for whole files, in bounded memory. The result appears under its name when it is complete and on disk.
enum ZstdFile {
  private static let chunk = 1 << 20
  /// A log of repetitive JSON gets to a tenth at the library's default level.
  private static let level: Int32 = 3

  /// Writes `source`, compressed, to `target` (0600).
  static func compress(_ source: String, to target: String) throws(StoreError) {
    guard let context = ZSTD_createCCtx() else {
      throw StoreError(.failed, "Can't compress \(source): no memory.")
    }
    defer { ZSTD_freeCCtx(context) }
    try check(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level), source)
    try check(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1), source)
    try convert(source, target) { (input, output, isLast) throws(StoreError) in
      let mode = isLast ? ZSTD_e_end : ZSTD_e_continue
      return try check(ZSTD_compressStream2(context, &output, &input, mode), source) == 0
    }
  }

  /// Writes what `source` was before it was compressed to `target` (0600). A file that is there already stays as it is:
  /// another process was faster, and may have gone on with it. Throws `corrupt` for a damaged file.
  static func decompress(_ source: String, to target: String) throws(StoreError) {
    guard let context = ZSTD_createDCtx() else {
      throw StoreError(.failed, "Can't read \(source): no memory.")
    }
    defer { ZSTD_freeDCtx(context) }
    var isComplete = false
    try convert(source, target, replaces: false) { (input, output, isLast) throws(StoreError) in
      let isFlushed = input.pos == input.size && isComplete
      if isFlushed { return true }
      let left = try check(ZSTD_decompressStream(context, &output, &input), source)
      isComplete = left == 0
      if isLast, input.pos == input.size, left != 0, output.pos < output.size {
        throw StoreError(.corrupt, "The stored file \(source) is damaged: it ends early.")
      }
      return isComplete && input.pos == input.size
    }
  }

  /// Runs `step` over the file: it is called with what is left of the input until it says that all of it is out.
  private static func convert(
    _ source: String, _ target: String, replaces: Bool = true,
    _ step: (inout ZSTD_inBuffer, inout ZSTD_outBuffer, _ isLast: Bool) throws(StoreError) -> Bool
  ) throws(StoreError) {
    let reader = try ThreadLog.regularFile(source, O_RDONLY)
    defer { close(reader) }
    let temporary = "\(target).\(getpid())-\(Clock.nowMs())"
    let writer = try StetStore.check("write \(target)") {
      open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
    defer { close(writer) }
    do throws(StoreError) {
      try pump(reader, writer, source, step)
      try StetStore.check("sync \(target)") { fdatasync(writer) }
      // A file system without links has no better way.
      if replaces || (link(temporary, target) != 0 && errno != EEXIST) {
        try StetStore.check("name \(target)") { rename(temporary, target) }
      } else {
        unlink(temporary)
      }
    } catch {
      unlink(temporary)
      throw error
    }
    try Directory.sync(Directory.directory(of: target))
  }

  private static func pump(
    _ reader: Int32, _ writer: Int32, _ source: String,
    _ step: (inout ZSTD_inBuffer, inout ZSTD_outBuffer, _ isLast: Bool) throws(StoreError) -> Bool
  ) throws(StoreError) {
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: chunk, alignment: 16)
    let room = UnsafeMutableRawPointer.allocate(byteCount: chunk, alignment: 16)
    defer {
      bytes.deallocate()
      room.deallocate()
    }
    var isLast = false
    while !isLast {
      let count = try StetStore.check("read \(source)") { Glibc.read(reader, bytes, chunk) }
      isLast = count == 0
      var input = ZSTD_inBuffer(src: bytes, size: count, pos: 0)
      var isDone = false
      repeat {
        var output = ZSTD_outBuffer(dst: room, size: chunk, pos: 0)
        isDone = try step(&input, &output, isLast)
        try write(room, output.pos, writer, source)
      } while isLast ? !isDone : input.pos < input.size
    }
  }

  private static func write(
    _ bytes: UnsafeMutableRawPointer, _ count: Int, _ writer: Int32, _ source: String
  ) throws(StoreError) {
    var offset = 0
    while offset < count {
      let start = offset
      offset += try StetStore.check("write a copy of \(source)") {
        Glibc.write(writer, bytes + start, count - start)
      }
    }
  }

  @discardableResult
  private static func check(_ result: Int, _ path: String) throws(StoreError) -> Int {
    guard ZSTD_isError(result) == 0 else {
      throw StoreError(
        .corrupt, "Can't read or write \(path).", underlying: String(cString: ZSTD_getErrorName(result)))
    }
    return result
  }
}
