/// The turns of one workspace and what each changed, in SQLite. Contents are in the object store; those of
/// a turn that still runs are here, so that a crash loses no before image.
final class SnapshotJournal {
  /// One change of one path: a path that someone else wrote between two of the turn's writes has several.
  struct Change {
    let id: Int64
    let path: String
    let before: FileStamp
    let beforeObject: String?
    let after: FileStamp?
    let afterObject: String?
    let author: ChangeAuthor
    /// The command that changed it.
    let via: String?
    let isUndone: Bool
    /// Of the file that had the path before.
    let identity: FileIdentity?
  }

  struct OpenTurn {
    let id: Int64
    let owner: String
    let key: TurnKey
    let cause: TurnCause
  }

  let database: Database

  init(path: String) throws(WorkspaceError) {
    database = try Database(path: path)
    try openTables()
  }

  // MARK: a turn while it runs

  func begin(_ key: TurnKey, _ cause: TurnCause, owner: String, now: Int64) throws(WorkspaceError) -> Int64 {
    try database.run(
      "INSERT INTO turns (thread, turn, cause, owner, started) VALUES (?, ?, ?, ?, ?)",
      [.text(key.thread), .text(key.turn), .text(cause.rawValue), .text(owner), .int(now)])
    return database.lastRowID
  }

  /// The last change of a path in a turn.
  func last(_ record: Int64, _ path: String) throws(WorkspaceError) -> Change? {
    try changes("record = ? AND path = ? ORDER BY id DESC LIMIT 1", [.int(record), .blob(Array(path.utf8))])
      .first
  }

  /// Answers the change's id.
  @discardableResult
  func add(
    _ record: Int64, _ path: String, before: FileState, stamp: FileStamp, author: ChangeAuthor,
    via: String? = nil, identity: FileIdentity? = nil
  ) throws(WorkspaceError) -> Int64 {
    try database.run(
      """
      INSERT INTO changes (record, path, before_kind, before_hash, before_mode, author, via, before_inode,
        before_links)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [.int(record), .blob(Array(path.utf8))] + Self.values(stamp)
        + [.text(author.rawValue), via.map { .text($0) } ?? .null]
        + Self.values(identity))
    let change = database.lastRowID
    try database.run("INSERT INTO images (change, bytes) VALUES (?, ?)", [.int(change), .blob(before.bytes)])
    return change
  }

  func replaceBefore(
    _ change: Int64, _ before: FileState, stamp: FileStamp, identity: FileIdentity?
  ) throws(WorkspaceError) {
    try database.run(
      """
      UPDATE changes SET before_kind = ?, before_hash = ?, before_mode = ?, before_inode = ?, before_links = ?
      WHERE id = ?
      """, Self.values(stamp) + Self.values(identity) + [.int(change)])
    try database.run("UPDATE images SET bytes = ? WHERE change = ?", [.blob(before.bytes), .int(change)])
  }

  func setAfter(_ change: Int64, _ after: FileStamp) throws(WorkspaceError) {
    try database.run(
      "UPDATE changes SET after_kind = ?, after_hash = ?, after_mode = ? WHERE id = ?",
      Self.values(after) + [.int(change)])
  }

  /// What a change found (or left) while its contents are in no pack yet; nil where that is not known.
  func image(_ change: Int64, _ side: SnapshotStore.Side = .before) throws(WorkspaceError) -> [UInt8]? {
    let column = side == .before ? "bytes" : "after"
    return try database.run("SELECT \(column) FROM images WHERE change = ?", [.int(change)]).first?.first?
      .blob
  }

  // MARK: its end

  /// Keeps what a change left until it is packed.
  func setAfterImage(_ change: Int64, _ bytes: [UInt8]) throws(WorkspaceError) {
    try database.run("UPDATE images SET after = ? WHERE change = ?", [.blob(bytes), .int(change)])
  }

  /// A pack that is named stays named.
  func setPack(_ record: Int64, _ pack: String?) throws(WorkspaceError) {
    try database.run(
      "UPDATE turns SET pack = coalesce(?, pack) WHERE id = ?",
      [pack.map { .text($0) } ?? .null, .int(record)])
  }

  /// Finished records whose contents are in no pack yet, oldest first, and their owners.
  func unpacked() throws(WorkspaceError) -> [(id: Int64, owner: String)] {
    try database.run(
      """
      SELECT id, owner FROM turns WHERE ended IS NOT NULL AND id IN
        (SELECT record FROM changes WHERE id IN (SELECT change FROM images)) ORDER BY id
      """
    ).compactMap { row in row[0].int.map { ($0, row[1].text ?? "") } }
  }

  /// Bytes of all contents that are in no pack yet.
  func imageBytes() throws(WorkspaceError) -> Int {
    Int(
      try database.run("SELECT coalesce(sum(length(bytes)), 0) + coalesce(sum(length(after)), 0) FROM images")
        .first?.first?.int
        ?? 0)
  }

  /// Notes where a change's contents are. What is known is never forgotten for what is not, and an image goes only when
  /// its object is named: it may be the only copy.
  func setObjects(_ change: Int64, before: String?, after: String?) throws(WorkspaceError) {
    try database.run(
      """
      UPDATE changes SET before_object = coalesce(?, before_object), after_object = coalesce(?, after_object)
      WHERE id = ?
      """,
      [before.map { .text($0) } ?? .null, after.map { .text($0) } ?? .null, .int(change)])
    try database.run(
      """
      DELETE FROM images WHERE change = ? AND EXISTS (
        SELECT 1 FROM changes WHERE id = images.change
          AND (before_hash IS NULL OR before_object IS NOT NULL)
          AND (images.after IS NULL OR after_hash IS NULL OR after_object IS NOT NULL))
      """, [.int(change)])
  }

  func remove(_ change: Int64) throws(WorkspaceError) {
    try database.run("DELETE FROM changes WHERE id = ?", [.int(change)])
  }

  /// `head`: where the user's repository is then, for the user.
  func close(
    _ record: Int64, now: Int64, added: Int, removed: Int, head: String?
  ) throws(WorkspaceError) {
    try database.run(
      "UPDATE turns SET ended = ?, added = ?, removed = ?, head = ? WHERE id = ?",
      [.int(now), .int(Int64(added)), .int(Int64(removed)), head.map { .text($0) } ?? .null, .int(record)])
  }

  func head(of record: Int64) throws(WorkspaceError) -> String? {
    try database.run("SELECT head FROM turns WHERE id = ?", [.int(record)]).first?.first?.text
  }

  func forget(_ record: Int64) throws(WorkspaceError) {
    try database.run("DELETE FROM turns WHERE id = ?", [.int(record)])
  }

  func openTurns() throws(WorkspaceError) -> [OpenTurn] {
    try database.run("SELECT id, owner, thread, turn, cause FROM turns WHERE ended IS NULL ORDER BY id")
      .compactMap { row in
        row[0].int.map {
          OpenTurn(
            id: $0, owner: row[1].text ?? "",
            key: TurnKey(thread: row[2].text ?? "", turn: row[3].text ?? ""),
            cause: row[4].text.flatMap(TurnCause.init(rawValue:)) ?? .unknown)
        }
      }
  }

  // MARK: undo

  /// The changes of a record in the order they were made; without `all` those that are not undone.
  func changes(of record: Int64, all: Bool) throws(WorkspaceError) -> [Change] {
    try changes("record = ? \(all ? "" : "AND undone_by IS NULL ")ORDER BY id", [.int(record)])
  }

  /// Marks changes as undone by a restore; what they themselves had undone is in effect again.
  func markUndone(_ changes: [Int64], by restore: Int64) throws(WorkspaceError) {
    for change in changes {
      try database.run(
        """
        UPDATE changes SET undone_by = NULL
        WHERE undone_by = (SELECT record FROM changes WHERE id = ?)
          AND path = (SELECT path FROM changes WHERE id = ?)
        """, [.int(change), .int(change)])
      try database.run("UPDATE changes SET undone_by = ? WHERE id = ?", [.int(restore), .int(change)])
    }
  }

  private func changes(_ condition: String, _ values: [Database.Value]) throws(WorkspaceError) -> [Change] {
    try database.run(
      """
      SELECT id, path, before_kind, before_hash, before_mode, before_object,
             after_kind, after_hash, after_mode, after_object, author, via, undone_by, before_inode, before_links
      FROM changes WHERE \(condition)
      """, values
    ).compactMap { row in
      guard let id = row[0].int, let before = Self.stamp(row[2...4]) else { return nil }
      return Change(
        id: id, path: Self.path(row[1]), before: before, beforeObject: row[5].text,
        after: Self.stamp(row[6...8]), afterObject: row[9].text,
        author: row[10].text.flatMap(ChangeAuthor.init(rawValue:)) ?? .edit, via: row[11].text,
        isUndone: row[12].int != nil,
        identity: row[13].int.map {
          FileIdentity(inode: UInt64(bitPattern: $0), links: Int(row[14].int ?? 1))
        })
    }
  }

  /// What is known of the file that the newest change of a path found.
  func identity(of path: String) throws(WorkspaceError) -> FileIdentity? {
    try changes("path = ? AND before_inode IS NOT NULL ORDER BY id DESC LIMIT 1", [.blob(Array(path.utf8))])
      .first?.identity
  }

  private static func values(_ identity: FileIdentity?) -> [Database.Value] {
    [
      identity.map { .int(Int64(bitPattern: $0.inode)) } ?? .null,
      identity.map { .int(Int64($0.links)) } ?? .null,
    ]
  }

  static func path(_ value: Database.Value) -> String {
    String(decoding: value.blob ?? [], as: UTF8.self)
  }

  private static func stamp(_ columns: ArraySlice<Database.Value>) -> FileStamp? {
    let columns = Array(columns)
    guard let kind = columns[0].text.flatMap(FileState.Kind.init(rawValue:)) else { return nil }
    return FileStamp(
      kind: kind, hash: columns[1].text.map(ContentHash.init(hex:)),
      mode: UInt16(truncatingIfNeeded: columns[2].int ?? 0))
  }

  private static func values(_ stamp: FileStamp) -> [Database.Value] {
    [.text(stamp.kind.rawValue), stamp.hash.map { .text($0.hex) } ?? .null, .int(Int64(stamp.mode))]
  }
}
