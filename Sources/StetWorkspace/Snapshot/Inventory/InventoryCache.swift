import CPlatform
import Glibc

/// What an inventory knew of files that it had to read, in a flat file: after a restart they need not be read again
/// while their stats are the same (rollback.md B3). A file that is damaged or of another stet is none.
struct InventoryCache {
  private struct Known {
    let entry: stet_tree_entry
  }

  private static let head = Array("stet inventory 1\n".utf8)
  /// A larger one is not read: the limit of names in a workspace, and long paths.
  private static let byteLimit = 128 << 20

  private var files: [PathKey: Known] = [:]

  /// The content of a file that is as it was.
  func id(of path: String, _ entry: stet_tree_entry) -> String? {
    guard let known = files[PathKey(path)]?.entry, known.inode == entry.inode, known.size == entry.size,
      known.modified_ns == entry.modified_ns, known.changed_ns == entry.changed_ns, known.mode == entry.mode
    else { return nil }
    return known.id
  }

  /// Nil where there is none that can be used.
  static func read(_ path: String) -> InventoryCache? {
    let bytes: [UInt8]
    do {
      let state = try Workspace.state(at: path, limit: byteLimit)
      guard state.kind == .regular, state.bytes.starts(with: head) else { return InventoryCache() }
      bytes = state.bytes
    } catch {
      // Then the files are read again.
      return InventoryCache()
    }
    var cache = InventoryCache()
    var reader = FieldReader(bytes: bytes, at: head.count)
    while let length = reader.number(UInt32.self), let path = reader.bytes(Int(length)) {
      var entry = stet_tree_entry()
      guard let inode = reader.number(UInt64.self), let size = reader.number(UInt64.self),
        let modified = reader.number(Int64.self), let changed = reader.number(Int64.self),
        let mode = reader.number(UInt32.self), let object = reader.bytes(20)
      else { break }
      entry.inode = inode
      entry.size = size
      entry.modified_ns = modified
      entry.changed_ns = changed
      entry.mode = mode
      withUnsafeMutableBytes(of: &entry.object) { $0.copyBytes(from: object) }
      cache.files[PathKey(String(decoding: path, as: UTF8.self))] = Known(entry: entry)
    }
    return cache
  }

  /// Writes what a tree holds in the store; with `alsoBorrowed` also what only its hash told to be in the repository.
  static func write(_ tree: FileTree, to path: String, alsoBorrowed: Bool, racyNs: Int64) {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let latest = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) - racyNs
    var bytes = head
    tree.compare(with: nil) { path, _, entry in
      guard let entry = entry?.pointee, entry.changed_ns <= latest,
        entry.place == .stored || alsoBorrowed && entry.place == .borrowed
      else { return }
      let length = strlen(path)
      append(UInt32(truncatingIfNeeded: length), to: &bytes)
      path.withMemoryRebound(to: UInt8.self, capacity: length) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: $0, count: length))
      }
      append(entry.inode, to: &bytes)
      append(entry.size, to: &bytes)
      append(entry.modified_ns, to: &bytes)
      append(entry.changed_ns, to: &bytes)
      append(entry.mode, to: &bytes)
      withUnsafeBytes(of: entry.object) { bytes.append(contentsOf: $0) }
    }
    // A cache: where it can't be written the files are read again.
    do { try Disk.write(bytes, to: path, newMode: 0o600) } catch { unlink(path) }
  }

  private static func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }
}

/// Reads fields from untrusted bytes.
private struct FieldReader {
  let bytes: [UInt8]
  var at: Int

  mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
    let size = MemoryLayout<Number>.size
    guard bytes.count - at >= size else { return nil }
    defer { at += size }
    return bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: at, as: type)) }
  }

  mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, bytes.count - at >= count else { return nil }
    defer { at += count }
    return bytes[at..<at + count]
  }
}
