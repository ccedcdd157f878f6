/// What is under way, for the process that finds it abandoned.
extension SnapshotJournal {
  /// What a restore does besides writing files.
  struct Intent {
    /// Changes that are undone then.
    var changes: [Int64] = []
    /// Records whose directories are.
    var records: [Int64] = []
    /// The directories of these as they are to be (without a mode: not there); those that are so then are undone.
    var aims: [ObservedDirectory] = []
    /// Directories to remove where they are empty, deepest first.
    var remove: [String] = []
    /// Directories to make, outermost first.
    var make: [ObservedDirectory] = []
    /// Directories whose modes are set: from `after` back to `mode`.
    var modes: [ObservedDirectory] = []
    /// Directories that their owner may write in while the restore runs, and that have their mode again after it.
    var open: [ObservedDirectory] = []
  }

  func addIntent(_ record: Int64, _ intent: Intent) throws(WorkspaceError) {
    func add(_ what: String, _ number: Int64?, _ path: String? = nil) throws(WorkspaceError) {
      try database.run(
        "INSERT INTO intents (record, what, number, path) VALUES (?, ?, ?, ?)",
        [
          .int(record), .text(what), number.map { .int($0) } ?? .null,
          path.map { .blob(Array($0.utf8)) } ?? .null,
        ])
    }
    for change in intent.changes { try add("change", change) }
    for record in intent.records { try add("record", record) }
    for aim in intent.aims { try add("aim", aim.mode.map(Int64.init), aim.path) }
    for path in intent.remove { try add("remove", nil, path) }
    for directory in intent.make { try add("make", directory.mode.map(Int64.init), directory.path) }
    for directory in intent.modes { try add("mode", Self.modes(directory), directory.path) }
    for directory in intent.open { try add("open", Self.modes(directory), directory.path) }
  }

  func intent(of record: Int64) throws(WorkspaceError) -> Intent {
    var intent = Intent()
    for row in try database.run(
      "SELECT what, number, path FROM intents WHERE record = ? ORDER BY rowid", [.int(record)])
    {
      let number = row[1].int
      switch row[0].text {
      case "change": if let number { intent.changes.append(number) }
      case "record": if let number { intent.records.append(number) }
      case "remove": intent.remove.append(Self.path(row[2]))
      case "aim": intent.aims.append(Self.aim(row[2], number))
      case "make": intent.make.append(Self.aim(row[2], number))
      case "mode": intent.modes.append(Self.directory(row[2], number))
      case "open": intent.open.append(Self.directory(row[2], number))
      default: break
      }
    }
    return intent
  }

  private static func aim(_ path: Database.Value, _ mode: Int64?) -> ObservedDirectory {
    ObservedDirectory(path: Self.path(path), mode: mode.map { UInt16(truncatingIfNeeded: $0) })
  }

  /// Two modes as one number.
  private static func modes(_ directory: ObservedDirectory) -> Int64 {
    Int64(directory.mode ?? 0) << 16 | Int64(directory.after ?? 0)
  }

  private static func directory(_ path: Database.Value, _ modes: Int64?) -> ObservedDirectory {
    let modes = modes ?? 0
    return ObservedDirectory(
      path: Self.path(path), mode: UInt16(truncatingIfNeeded: modes >> 16),
      after: UInt16(truncatingIfNeeded: modes))
  }

  /// Notes that the files of a restore, or of an edit, are in place; from then on they are not taken back.
  func setCommitted(_ record: Int64, _ transaction: String) throws(WorkspaceError) {
    try database.run(
      "UPDATE turns SET committed = ? WHERE id = ?", [.text(transaction), .int(record)])
  }

  func isCommitted(_ record: Int64) throws(WorkspaceError) -> Bool {
    try database.run("SELECT 1 FROM turns WHERE id = ? AND committed IS NOT NULL", [.int(record)]).isEmpty
      == false
  }

  /// Whether a transaction, the last one of a record that is not ended yet, put everything in place.
  func isCommitted(transaction: String) throws(WorkspaceError) -> Bool {
    try !database.run("SELECT 1 FROM turns WHERE ended IS NULL AND committed = ?", [.text(transaction)])
      .isEmpty
  }

  func removeIntent(of record: Int64) throws(WorkspaceError) {
    try database.run("DELETE FROM intents WHERE record = ?", [.int(record)])
  }

  // MARK: - Commands

  /// Answers the mark's number.
  func beginCommand(_ record: Int64, via: String, now: Int64) throws(WorkspaceError) -> Int64 {
    // What a killed process wrote is there without a flush.
    _ = try unflushed { () throws(WorkspaceError) in
      try database.run(
        "INSERT INTO commands (record, via, started) VALUES (?, ?, ?)", [.int(record), .text(via), .int(now)])
    }
    return database.lastRowID
  }

  func endCommand(_ mark: Int64) throws(WorkspaceError) {
    _ = try unflushed { () throws(WorkspaceError) in
      try database.run("DELETE FROM commands WHERE rowid = ?", [.int(mark)])
    }
  }

  func endCommands(of record: Int64) throws(WorkspaceError) {
    try database.run("DELETE FROM commands WHERE record = ?", [.int(record)])
  }

  /// Turns the commands of a dead process's turn into something to be told, and into the turn's note.
  func loseCommands(of turn: OpenTurn) throws(WorkspaceError) {
    let rows = try database.run("SELECT via, started FROM commands WHERE record = ?", [.int(turn.id)])
    guard let first = rows.first else { return }
    try database.transaction { () throws(WorkspaceError) in
      for row in rows {
        try database.run(
          "INSERT INTO lost (thread, turn, via, started) VALUES (?, ?, ?, ?)",
          [.text(turn.key.thread), .text(turn.key.turn), row[0], row[1]])
      }
      try database.run("DELETE FROM commands WHERE record = ?", [.int(turn.id)])
      let via = first[0].text ?? ""
      try database.run(
        "UPDATE turns SET note = ? WHERE id = ?",
        [.text("stet was killed in this turn: what `\(via)` changed is not kept"), .int(turn.id)])
    }
  }

  /// The commands of a thread whose changes nobody knows, once.
  func takeLost(thread: String) throws(WorkspaceError) -> [LostCommand] {
    let rows = try database.run(
      "DELETE FROM lost WHERE thread = ? RETURNING via, started, turn", [.text(thread)])
    return rows.map {
      LostCommand(via: $0[0].text ?? "", startedMs: $0[1].int ?? 0, turn: $0[2].text ?? "")
    }
  }

  func hasLost() throws(WorkspaceError) -> Bool {
    try database.run("SELECT 1 FROM lost LIMIT 1").isEmpty == false
  }

  func forgetLost(before time: Int64) throws(WorkspaceError) {
    try database.run("DELETE FROM lost WHERE started < ?", [.int(time)])
  }

  /// A commit that may wait for the next flush: after a loss of power it may not have happened.
  func unflushed<Result>(_ body: () throws(WorkspaceError) -> Result) throws(WorkspaceError) -> Result {
    try database.run("PRAGMA synchronous = NORMAL")
    do {
      let result = try body()
      try database.run("PRAGMA synchronous = FULL")
      return result
    } catch {
      try database.run("PRAGMA synchronous = FULL")
      throw error
    }
  }
}

/// A command during which the process was killed: what it changed is in no record.
public struct LostCommand: Hashable, Sendable {
  public let via: String
  /// Milliseconds since 1970.
  public let startedMs: Int64
  public let turn: String
}
