/// The `[snapshot]` table: what undo keeps (rollback.md B3, limits). nil: the built-in limit holds.
public struct SnapshotConfig: Hashable, Sendable {
  /// Ignored files that undo covers all the same: names (`.env`) or paths from the workspace, with `*` and `?`.
  public let include: [String]
  /// Whether commands are covered on a network file system.
  public let network: Bool
  /// Bytes of one file that a command changed.
  public let fileBytes: Int?
  /// New files below one directory in one turn.
  public let newFiles: Int?
  /// Bytes of all new files of a turn.
  public let newBytes: Int?
  /// Bytes of the files that no repository holds, before the first command.
  public let baselineBytes: Int?
  /// Bytes of one workspace's store, and of all.
  public let storeBytes: Int?
  public let totalBytes: Int?
  /// Bytes that stay free on the disk.
  public let freeBytes: Int?
  /// Names in a workspace.
  public let names: Int?
  /// Milliseconds of a look around a command.
  public let scanMs: Int?
  /// Records of a thread, and their days.
  public let turns: Int?
  public let days: Int?

  init(_ table: ValueReader) {
    include = table.strings("include") ?? []
    network = table.bool("network") ?? false
    fileBytes = table.int("file_bytes")
    newFiles = table.int("new_files")
    newBytes = table.int("new_bytes")
    baselineBytes = table.int("baseline_bytes")
    storeBytes = table.int("store_bytes")
    totalBytes = table.int("total_bytes")
    freeBytes = table.int("free_bytes")
    names = table.int("names")
    scanMs = table.int("scan_ms")
    turns = table.int("turns")
    days = table.int("days")
  }
}
