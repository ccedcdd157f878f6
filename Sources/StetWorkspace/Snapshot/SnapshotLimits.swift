import CPlatform
import Glibc

/// What undo keeps at most (rollback.md B3, limits). None of them blocks work; what lies beyond is said.
public struct SnapshotLimits: Sendable {
  /// Of a file that no edit tool wrote: larger ones are build products and data more often than work.
  public var fileBytes = 16 << 20
  /// New files below one directory in one turn: beyond it someone installed something.
  public var newFiles = 2_000
  /// Of new files in one turn, all together: many small ones slip past any limit of one file (jj#5278).
  public var newBytes = 64 << 20
  /// Files of one turn that commands changed, and of one restore: more than any codemod changes, and as many as a list
  /// of them still fits into one message.
  public var changedFiles = 100_000
  /// Contents of one restore, which lie in memory twice while it is done.
  public var restoreBytes = 512 << 20
  /// Of files that no repository holds, all together, as they are before the first command.
  public var baselineBytes = 256 << 20
  /// Of one workspace's store, and of all together.
  public var storeBytes = 1 << 30
  public var totalBytes = 5 << 30
  /// Names in a workspace; a home directory has more. A look at so many takes 0.6 s of two processors and 130 MB; to
  /// watch their directories instead would take as long and could not tell what files were before a command.
  public var names: UInt64 = 1_000_000
  /// A look at the workspace around a command; the first one may find cold caches and does not hold anybody up.
  public var scanMs: Int64 = 2_000
  public var firstScanMs: Int64 = 15_000
  /// The look after a command may take longer than the one before: what it did is known by no later one.
  public var lateScanMs: Int64 = 10_000
  /// Space that stays free: the larger one counts.
  public var freeBytes: UInt64 = 2 << 30
  public var freeShare = 0.05
  /// Records of a thread: so many are kept however old they are, so many at most, and so long.
  public var keptTurns = 20
  public var turns = 200
  public var ageMs: Int64 = 30 * 24 * 3600 * 1000
  /// Ignored files that are covered all the same: names, or paths from the workspace, with `*` and `?`.
  public var include: [String] = []
  /// Whether commands are covered on a network file system.
  public var network = false
  /// The user's home, which is no workspace.
  public var home: String?
  /// What the system says of the file system at a path; nil where it says nothing.
  public var fileSystem: @Sendable (String) -> FileSystemFacts? = FileSystemFacts.of

  /// A file that changed so shortly before it was read may change again under the same stamp: it is read anew after a
  /// restart.
  var racyNs: Int64 = 2_000_000_000

  /// Shares the bytes of a large file with the store's copy of it, where the file system can.
  var shares: @Sendable (_ from: Int32, _ to: Int32) -> Bool = { stet_share_bytes($0, $1) == 0 }

  /// Fault injection for tests: see `WriteTransaction.proceed`.
  var proceed: @Sendable (WriteTransaction.Step) -> Bool = { _ in true }

  public init() {}

  /// Whether a file system has less space than must stay free.
  func isFull(_ path: String) -> Bool {
    guard let facts = fileSystem(path), facts.totalBytes > 0 else { return false }
    return facts.freeBytes < max(freeBytes, UInt64(Double(facts.totalBytes) * freeShare))
  }
}

/// A file system as statfs(2) knows it.
public struct FileSystemFacts: Hashable, Sendable {
  public var isNetwork: Bool
  public var freeBytes: UInt64
  public var totalBytes: UInt64

  public init(isNetwork: Bool, freeBytes: UInt64, totalBytes: UInt64) {
    self.isNetwork = isNetwork
    self.freeBytes = freeBytes
    self.totalBytes = totalBytes
  }

  /// linux/magic.h: nfs, smb, smb2, cifs, fuse, 9p, afs, ceph, coda, ncp.
  private static let network: Set<UInt32> = [
    0x6969, 0x517B, 0xFE53_4D42, 0xFF53_4D42, 0x6573_5546, 0x0102_1997, 0x5346_414F, 0x00C3_6400, 0x7375_7245,
    0x564C,
  ]

  static func of(_ path: String) -> FileSystemFacts? {
    var info = stet_file_system()
    guard stet_file_system_of(path, &info) == 0 else { return nil }
    return FileSystemFacts(
      isNetwork: network.contains(info.kind), freeBytes: info.free_bytes, totalBytes: info.total_bytes)
  }
}
