import CZstd

/// zstd for whole buffers.
enum Zstd {
  /// The library's own default: most of the gain at several hundred MB/s.
  private static let level: Int32 = 3

  static func compress(_ bytes: [UInt8]) throws(StoreError) -> [UInt8] {
    var packed = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let capacity = packed.count
    let count = try check(ZSTD_compress(&packed, capacity, bytes, bytes.count, level), "compress a blob")
    packed.removeLast(packed.count - count)
    return packed
  }

  static func decompress(_ packed: [UInt8], limit: Int, path: String) throws(StoreError) -> [UInt8] {
    let size = ZSTD_getFrameContentSize(packed, packed.count)
    guard size != stet_zstd_size_error, size != stet_zstd_size_unknown, size <= UInt64(limit) else {
      throw StoreError(.corrupt, "The stored file \(path) is damaged: it has no valid size.")
    }
    var bytes = [UInt8](repeating: 0, count: Int(size))
    let capacity = bytes.count
    let count = try check(
      ZSTD_decompress(&bytes, capacity, packed, packed.count), "read the stored file \(path)")
    guard count == bytes.count else {
      throw StoreError(.corrupt, "The stored file \(path) is damaged: it ends early.")
    }
    return bytes
  }

  private static func check(_ result: Int, _ action: String) throws(StoreError) -> Int {
    guard ZSTD_isError(result) == 0 else {
      throw StoreError(
        .corrupt, "Can't \(action).", underlying: String(cString: ZSTD_getErrorName(result)))
    }
    return result
  }
}
