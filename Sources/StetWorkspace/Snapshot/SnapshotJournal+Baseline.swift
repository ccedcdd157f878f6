/// The contents that inventories hold in the store, each by the process whose inventory it is.
extension SnapshotJournal {
  func keep(_ object: String, pack: String, owner: String) throws(WorkspaceError) {
    try database.run(
      "INSERT OR REPLACE INTO baseline (owner, object, pack) VALUES (?, ?, ?)",
      [.text(owner), .text(object), .text(pack)])
  }

  func baseline(of owner: String) throws(WorkspaceError) -> [(object: String, pack: String)] {
    try database.run("SELECT object, pack FROM baseline WHERE owner = ?", [.text(owner)])
      .map { ($0[0].text ?? "", $0[1].text ?? "") }
  }

  func baselineOwners() throws(WorkspaceError) -> [String] {
    try database.run("SELECT DISTINCT owner FROM baseline").compactMap { $0[0].text }
  }

  func adoptBaseline(of old: String, by owner: String) throws(WorkspaceError) {
    try database.run("UPDATE OR REPLACE baseline SET owner = ? WHERE owner = ?", [.text(owner), .text(old)])
  }

  func forgetBaseline(_ object: String, owner: String) throws(WorkspaceError) {
    try database.run(
      "DELETE FROM baseline WHERE owner = ? AND object = ?", [.text(owner), .text(object)])
  }

  func forgetBaseline(owner: String) throws(WorkspaceError) {
    try database.run("DELETE FROM baseline WHERE owner = ?", [.text(owner)])
  }

  /// Whether anything needs a pack. Names come from contents, so that two uses may share one.
  func isNamed(_ pack: String) throws(WorkspaceError) -> Bool {
    try database.run(
      """
      SELECT 1 WHERE EXISTS (SELECT 1 FROM turns WHERE pack = ?) OR EXISTS (SELECT 1 FROM baseline WHERE pack = ?)
      """, [.text(pack), .text(pack)]
    ).isEmpty == false
  }
}
