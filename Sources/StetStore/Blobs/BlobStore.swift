import Glibc
import StetHash

/// Keeps large payloads (images, long outputs) once each, named by the SHA-256 of their bytes, compressed.
///
/// Logs and compacted histories hold the name only, so a thread grows by what is new (agent-core.md §6 R3).
/// Any thread and any number of processes may call it at once; calls block on the disk.
public final class BlobStore: Sendable {
  /// The largest blob, in bytes: several times the longest message, so nothing real is refused, and a damaged
  /// or hostile file can't ask for more memory than this.
  public static let maximumBytes = 256 << 20

  public let directory: String

  /// Makes the folder if absent.
  public init(directory: String) throws(StoreError) {
    self.directory = directory
    try Directory.make(directory)
  }

  /// Stores the bytes and returns their SHA-256 in hexadecimal. Bytes that are there already cost one look-up.
  /// - Parameter durable: whether it is safe from a power cut when this returns; else `sync` makes it so.
  public func put(_ bytes: [UInt8], durable: Bool = true) throws(StoreError) -> String {
    guard bytes.count <= Self.maximumBytes else {
      throw StoreError(.tooLarge, "\(bytes.count) bytes are too many for one blob.")
    }
    let name = SHA256.hash(bytes).hex
    let path = location(name)
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return name }
    let folder = Directory.directory(of: path)
    try Directory.make(folder)
    try AtomicFile.write(try Zstd.compress(bytes), to: path, durable: durable)
    return name
  }

  /// Makes blobs that were put before durable; one that is gone is no fault of this.
  public func sync(_ names: Set<String>) throws(StoreError) {
    var folders: Set<String> = []
    for name in names {
      let path = try path(name)
      guard access(path, F_OK) == 0 else { continue }
      try AtomicFile.sync(path)
      folders.insert(Directory.directory(of: path))
    }
    for folder in folders { try Directory.sync(folder) }
  }

  /// The bytes of a blob. Throws `notFound`, or `corrupt` when they no longer have that name.
  public func get(_ name: String) throws(StoreError) -> [UInt8] {
    let path = try self.path(name)
    let packed = try AtomicFile.read(path, limit: Self.maximumBytes)
    let bytes = try Zstd.decompress(packed, limit: Self.maximumBytes, path: path)
    guard SHA256.hash(bytes).hex == name else {
      throw StoreError(.corrupt, "The stored file \(path) is damaged: its content no longer fits its name.")
    }
    return bytes
  }

  /// The file that holds a blob, compressed; it need not exist. Throws `invalidName`.
  public func path(_ name: String) throws(StoreError) -> String {
    let digits = name.utf8
    guard digits.count == 64,
      digits.allSatisfy({
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      })
    else { throw StoreError(.invalidName, "\"\(name)\" is not the name of a blob.") }
    return location(name)
  }

  private func location(_ name: String) -> String {
    "\(directory)/\(name.prefix(2))/\(name.dropFirst(2)).zst"
  }
}
