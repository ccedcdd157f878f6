/// Directories that turns made and removed, and whose modes they changed.
extension SnapshotJournal {
  func addDirectory(_ record: Int64, _ directory: ObservedDirectory) throws(WorkspaceError) {
    try database.run(
      "INSERT INTO directories (record, path, mode, after_mode) VALUES (?, ?, ?, ?)",
      [
        .int(record), .blob(Array(directory.path.utf8)), directory.mode.map { .int(Int64($0)) } ?? .null,
        directory.after.map { .int(Int64($0)) } ?? .null,
      ])
  }

  /// In the order in which it happened; without `all` what is not undone.
  func directories(of record: Int64, all: Bool) throws(WorkspaceError) -> [ObservedDirectory] {
    try database.run(
      """
      SELECT path, mode, after_mode FROM directories WHERE record = ? \(all ? "" : "AND undone_by IS NULL ")ORDER BY rowid
      """, [.int(record)]
    ).map {
      ObservedDirectory(
        path: Self.path($0[0]), mode: $0[1].int.map { UInt16(truncatingIfNeeded: $0) },
        after: $0[2].int.map { UInt16(truncatingIfNeeded: $0) })
    }
  }

  /// Whether a directory had a mode before or after something that is recorded.
  func hasDirectory(_ path: String, mode: UInt16) throws(WorkspaceError) -> Bool {
    try !database.run(
      "SELECT 1 FROM directories WHERE path = ? AND (mode = ? OR after_mode = ?) LIMIT 1",
      [.blob(Array(path.utf8)), .int(Int64(mode)), .int(Int64(mode))]
    ).isEmpty
  }

  /// Marks what records did to these directories as undone; what they themselves had undone there is in effect again.
  func markDirectories(
    _ paths: [String], of records: [Int64], by restore: Int64
  ) throws(WorkspaceError) {
    let wanted = Set(paths.map(PathKey.init))
    for record in records {
      let own = try database.run(
        "SELECT DISTINCT path FROM directories WHERE record = ? OR undone_by = ?",
        [.int(record), .int(record)])
      for path in own.map({ $0[0] }) where wanted.contains(PathKey(Self.path(path))) {
        try database.run(
          "UPDATE directories SET undone_by = NULL WHERE undone_by = ? AND path = ?", [.int(record), path])
        try database.run(
          "UPDATE directories SET undone_by = ? WHERE record = ? AND path = ?",
          [.int(restore), .int(record), path])
      }
    }
  }
}
