/// The end of a turn, and what becomes of its contents.
extension SnapshotSession {
  /// Closes a turn's record; nil (and no record) when it changed nothing. Its contents stay in the journal, flushed with
  /// each write, until `pack`: the end of a turn waits for no disk.
  func finish(_ record: Int64) throws(WorkspaceError) -> TurnRecord? {
    var ends: [SnapshotEnd] = []
    for change in try journal.changes(of: record, all: true) {
      if let end = try end(of: change) { ends.append(end) }
    }
    let head = head()
    let isBig = ends.reduce(0) { $0 + $1.bytes } > Self.packAtOnceBytes
    var isClosed = false
    if isBig {
      isClosed = try alone { () throws(WorkspaceError) in
        let pack = try packed(&ends)
        try close(record, ends, head, pack: pack, isPacked: true)
      }
    }
    if !isClosed { try close(record, ends, head, pack: nil, isPacked: false) }
    return try journal.record(record)
  }

  private func close(
    _ record: Int64, _ ends: [SnapshotEnd], _ head: String?, pack: String?, isPacked: Bool
  ) throws(WorkspaceError) {
    let kept = Set(ends.map(\.change.id))
    // Lost with the power, the record is found open and ended again.
    try journal.unflushed { () throws(WorkspaceError) in
      try journal.database.transaction { () throws(WorkspaceError) in
        // Those that were not covered are marked until here.
        try journal.endCommands(of: record)
        for change in try journal.changes(of: record, all: true) where !kept.contains(change.id) {
          try journal.remove(change.id)
        }
        for end in ends {
          if end.change.after == nil { try journal.setAfter(end.change.id, end.after) }
          if isPacked {
            try journal.setObjects(end.change.id, before: end.beforeObject, after: end.afterObject)
          } else if let bytes = end.afterBytes {
            try journal.setAfterImage(end.change.id, bytes)
          }
        }
        if isPacked { try journal.setPack(record, pack) }
        try journal.close(
          record, now: Self.now(), added: ends.reduce(0) { $0 + $1.added },
          removed: ends.reduce(0) { $0 + $1.removed }, head: head)
        if ends.isEmpty, try journal.directories(of: record, all: true).isEmpty { try journal.forget(record) }
      }
    }
  }

  /// Large contents go into a pack at once, not through the journal.
  private func packed(_ ends: inout [SnapshotEnd]) throws(WorkspaceError) -> String? {
    for index in ends.indices {
      if ends[index].change.before.hash != nil, let bytes = try journal.image(ends[index].change.id) {
        ends[index].beforeObject = try objects.put(bytes)
      }
      if let bytes = ends[index].afterBytes { ends[index].afterObject = try objects.put(bytes) }
    }
    return try objects.flush(ends.flatMap { [$0.beforeObject, $0.afterObject].compactMap(\.self) })
  }

  /// Makes one pack of each finished turn's contents.
  func pack() throws(WorkspaceError) {
    _ = try alone { () throws(WorkspaceError) in
      turnsSincePacking = 0
      for turn in try journal.unpacked() {
        if turn.owner != owner.name, try !SnapshotOwner.isGone(turn.owner, in: directory) { continue }
        try pack(turn.id)
      }
    }
  }

  /// Keeps other processes from recovering, packing and forgetting meanwhile. False where one of them does and nothing
  /// was done: contents wait in the journal, and what is too much for another time.
  func alone(_ body: () throws(WorkspaceError) -> Void) throws(WorkspaceError) -> Bool {
    guard upkeep == nil else {
      try body()
      return true
    }
    upkeep = try SnapshotUpkeep.idle(in: directory)
    defer { upkeep = nil }
    guard upkeep != nil else { return false }
    try body()
    return true
  }

  /// The same for what can't be left out: waits for the other process.
  func waitingAlone<Result>(
    _ body: () throws(WorkspaceError) -> Result
  ) throws(WorkspaceError) -> Result {
    if upkeep != nil { return try body() }
    upkeep = try SnapshotUpkeep.start(in: directory) { () throws(WorkspaceError) in
      try pause(.waiting)
    }
    defer { upkeep = nil }
    return try body()
  }

  private func pack(_ record: Int64) throws(WorkspaceError) {
    var ids: [(change: Int64, before: String?, after: String?)] = []
    let changes = try journal.changes(of: record, all: true)
    try pause(.packing)
    for change in changes {
      var (before, after): (String?, String?) = (change.beforeObject, change.afterObject)
      if before == nil, change.before.hash != nil, let bytes = try journal.image(change.id) {
        before = try objects.put(bytes)
      }
      if after == nil, change.after?.hash != nil, let bytes = try journal.image(change.id, .after) {
        after = try objects.put(bytes)
      }
      ids.append((change.id, before, after))
    }
    let pack = try objects.flush(ids.flatMap { [$0.before, $0.after].compactMap(\.self) })
    try journal.database.transaction { () throws(WorkspaceError) in
      for id in ids { try journal.setObjects(id.change, before: id.before, after: id.after) }
      try journal.setPack(record, pack)
    }
  }

  /// Bytes on disk: packs, and what is not packed yet.
  func size() throws(WorkspaceError) -> Int { try objects.size() + journal.imageBytes() }

  /// Where the user's repository is, in words; nil without one, or where it can't be read.
  func head() -> String? {
    do {
      guard let facts = try GitFacts.read(root) else { return nil }
      return [facts.branch, facts.sha.map { String($0.prefix(7)) }].compactMap(\.self).joined(separator: " ")
    } catch {
      // It is for display only.
      return nil
    }
  }

  /// nil for a change that was none.
  private func end(of change: SnapshotJournal.Change) throws(WorkspaceError) -> SnapshotEnd? {
    defer { release(change.id) }
    // Captured and not noted as written: the write failed, or it was taken back after a crash. What the file is then is
    // somebody else's doing. Of what is over the limits nobody knows whether it is the same.
    guard let after = change.after, after != change.before || !after.isKnown else { return nil }
    let beforeBytes = change.before.hash == nil ? nil : try journal.image(change.id, .before)
    var afterBytes = self.held(change.id)
    if afterBytes == nil, after.hash != nil, let disk = readable(change.path),
      disk.stamp.sameContent(as: after)
    {
      afterBytes = disk.bytes
    }
    var end = SnapshotEnd(change: change, after: after)
    end.bytes = (beforeBytes?.count ?? 0) + (afterBytes?.count ?? 0)
    if after.hash != nil { end.afterBytes = afterBytes }
    try end.count(beforeBytes ?? [], after.hash == nil ? [] : afterBytes ?? [])
    return end
  }

  /// What is at a path; nil where that can't be known any more (its directory closed or replaced by a link,
  /// the file grown over the limit): an undo then sees the same and refuses the path.
  func readable(_ path: String) -> FileState? {
    do { return try Workspace.state(at: path, limit: SnapshotStore.fileLimit) } catch {
      // A regular file in the place of a directory: nothing is below it.
      return error.code == .wrongKind && PathResolver.isBelowFile(path) ? .absent : nil
    }
  }

  func purge(thread: String?) throws(WorkspaceError) -> Int {
    let size = try size()
    let records = try journal.records(thread: thread, limit: Int(Int32.max)).map(\.id)
    guard !records.isEmpty else { return 0 }
    try forget(records)
    return max(0, size - (try self.size()))
  }
}

/// A change at the end of its turn.
struct SnapshotEnd {
  let change: SnapshotJournal.Change
  let after: FileStamp
  var beforeObject: String?
  var afterObject: String?
  /// Nil where nothing is kept.
  var afterBytes: [UInt8]?
  /// Of both images.
  var bytes = 0
  var added = 0
  var removed = 0

  init(change: SnapshotJournal.Change, after: FileStamp) {
    self.change = change
    self.after = after
  }

  mutating func count(_ before: [UInt8], _ after: [UInt8]) throws(WorkspaceError) {
    guard max(before.count, after.count) <= SnapshotSession.countLimit, !before.prefix(8000).contains(0),
      !after.prefix(8000).contains(0)
    else { return }
    for change in try LineDiff.changes(from: before, to: after) {
      added += change.new.count
      removed += change.base.count
    }
  }
}
