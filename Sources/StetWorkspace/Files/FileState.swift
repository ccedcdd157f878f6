/// What is at a path: kind, raw bytes and permission bits. Nothing there is a state too.
public struct FileState: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, Codable {
    case absent, regular, symlink, directory
    /// A socket, device or pipe: never read, never written.
    case other
  }

  public let kind: Kind
  /// The content of a regular file, the target of a link, else empty.
  public let bytes: [UInt8]
  /// The low twelve mode bits of a regular file or directory; 0 for the rest.
  public let mode: UInt16
  /// nil for what has no content: absent, directory, other.
  public let hash: ContentHash?

  init(kind: Kind, bytes: [UInt8], mode: UInt16) {
    self.kind = kind
    self.bytes = bytes
    self.mode = mode & 0o7777
    hash = kind == .regular || kind == .symlink ? .of(bytes) : nil
  }

  public static let absent = FileState(kind: .absent, bytes: [], mode: 0)

  public static func regular(_ bytes: [UInt8], mode: UInt16 = 0o644) -> FileState {
    FileState(kind: .regular, bytes: bytes, mode: mode)
  }

  public static func symlink(to target: String) -> FileState {
    symlink(toBytes: Array(target.utf8))
  }

  /// The target as it is on disk: it need not be UTF-8.
  public static func symlink(toBytes target: [UInt8]) -> FileState {
    FileState(kind: .symlink, bytes: target, mode: 0)
  }

  public static func directory(mode: UInt16 = 0o755) -> FileState {
    FileState(kind: .directory, bytes: [], mode: mode)
  }

  /// The same content with other permission bits.
  public func with(mode: UInt16) -> FileState { FileState(kind: kind, bytes: bytes, mode: mode) }

  /// The same kind and mode with other content.
  public func with(bytes: [UInt8]) -> FileState { FileState(kind: kind, bytes: bytes, mode: mode) }

  public var stamp: FileStamp { FileStamp(kind: kind, hash: hash, mode: mode) }

  /// Git's rule: a NUL among the first 8,000 bytes.
  public var isBinary: Bool { kind == .regular && bytes.prefix(8000).contains(0) }

  public static func == (a: FileState, b: FileState) -> Bool { a.stamp == b.stamp }

  public func hash(into hasher: inout Hasher) { hasher.combine(stamp) }
}

/// A state without its bytes: what is compared before a write and kept in journals.
public struct FileStamp: Hashable, Sendable, Codable {
  public let kind: FileState.Kind
  public let hash: ContentHash?
  public let mode: UInt16

  public init(kind: FileState.Kind, hash: ContentHash?, mode: UInt16) {
    self.kind = kind
    self.hash = hash
    self.mode = mode
  }

  public static let absent = FileState.absent.stamp

  /// Whether kind and content agree; a changed mode alone makes no write stale.
  public func sameContent(as other: FileStamp) -> Bool { kind == other.kind && hash == other.hash }
}
