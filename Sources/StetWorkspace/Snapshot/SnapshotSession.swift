import Glibc

/// The opened store. Only `SnapshotStore` holds one, behind its lock.
final class SnapshotSession {
  /// After images held in memory until the turn ends; beyond this they are read from the disk then.
  static let heldLimit = 64 << 20
  /// Larger texts are not counted line by line at the end of a turn.
  static let countLimit = 4 << 20

  /// Turns between two looks at what has become too old: it reads the whole list.
  private static let expiryInterval = 16

  let directory: String
  let root: String
  let transactions: String
  let journal: SnapshotJournal
  let objects: ObjectStore
  let recovered: [RecoveredWrite]
  let limits: SnapshotLimits
  let owner: SnapshotOwner
  /// Contents that the inventory of this process holds, and the pack of each.
  var baseline: [String: String] = [:]
  private var turnsSinceExpiry = 0
  private var running: [TurnKey: Int64] = [:]
  /// What changes wrote, by their ids.
  private var held: [Int64: [UInt8]] = [:]
  private var heldBytes = 0

  init(
    directory: String, root: String, transactions: String, limits: SnapshotLimits
  ) throws(WorkspaceError) {
    self.directory = directory
    self.limits = limits
    self.root = root
    self.transactions = transactions
    try makePrivateDirectory(directory)
    recovered = try WriteTransaction(roots: [root], journalDirectory: transactions).recover()
    journal = try SnapshotJournal(path: PathResolver.join(directory, "journal.db"))
    objects = try ObjectStore(directory: PathResolver.join(directory, "store.git"))
    owner = try SnapshotOwner(directory: directory)
    for turn in try journal.openTurns() where try SnapshotOwner.isGone(turn.owner, in: directory) {
      _ = try finish(turn.id, afterCrash: true)
    }
    try adoptBaselines()
    try expire()
  }

  func begin(_ key: TurnKey, _ cause: TurnCause) throws(WorkspaceError) {
    guard running[key] == nil else {
      throw WorkspaceError(.refused, "The turn \(key.turn) has begun already")
    }
    running[key] = try open(key, cause)
  }

  func open(_ key: TurnKey, _ cause: TurnCause) throws(WorkspaceError) -> Int64 {
    try journal.begin(key, cause, owner: owner.name, now: Self.now())
  }

  func record(_ key: TurnKey) throws(WorkspaceError) -> Int64 {
    guard let record = running[key] else {
      throw WorkspaceError(.notFound, "The turn \(key.turn) has not begun")
    }
    return record
  }

  func isRunning(_ key: TurnKey) -> Bool { running[key] != nil }

  func end(_ key: TurnKey) throws(WorkspaceError) -> TurnRecord? {
    let record = try record(key)
    let result = try finish(record, afterCrash: false)
    running[key] = nil
    turnsSinceExpiry += 1
    if turnsSinceExpiry >= Self.expiryInterval {
      turnsSinceExpiry = 0
      try expire()
    }
    return result
  }

  func capture(_ paths: [String], in record: Int64) throws(WorkspaceError) {
    guard !limits.isFull(directory) else {
      throw WorkspaceError(
        .io, "undo paused: disk nearly full", hint: "Free some space, or run `stet undo --purge`.",
        path: directory)
    }
    try keepImages(of: paths, in: record)
  }

  /// Without a look at the free space: an undo must be possible as long as anything can be written.
  func keepImages(of paths: [String], in record: Int64) throws(WorkspaceError) {
    try journal.database.transaction { () throws(WorkspaceError) in
      for path in paths { try capture(path, in: record) }
    }
  }

  private func capture(_ path: String, in record: Int64) throws(WorkspaceError) {
    guard !PathResolver.contains(directory, path) else {
      throw WorkspaceError(.refused, "\(path) belongs to stet itself", path: path)
    }
    let (disk, stamp) = try Self.image(path)
    guard stamp.kind != .directory, stamp.kind != .other else { return }
    guard let last = try journal.last(record, path) else {
      try journal.add(record, path, before: disk, stamp: stamp, author: .edit)
      return
    }
    if let after = last.after {
      // Someone else wrote it since the turn did: a change of its own, so that only ours is taken back.
      if after != stamp || last.author != .edit {
        try journal.add(record, path, before: disk, stamp: stamp, author: .edit)
      }
    } else if last.before != stamp {
      try journal.replaceBefore(last.id, disk, stamp: stamp)
    }
  }

  /// What is on disk, and its stamp; of a file over the limit the stamp alone, without a hash.
  private static func image(_ path: String) throws(WorkspaceError) -> (FileState, FileStamp) {
    do {
      let state = try Workspace.state(at: path, limit: SnapshotStore.fileLimit)
      return (state, state.stamp)
    } catch  where error.code == .tooLarge {
      return (.absent, FileStamp(kind: .regular, hash: nil, mode: 0o644))
    }
  }

  func wrote(_ writes: [VerifiedWrite], in record: Int64) throws(WorkspaceError) {
    try journal.database.transaction { () throws(WorkspaceError) in
      for write in writes {
        guard let change = try journal.last(record, write.path) else {
          throw WorkspaceError(
            .notFound, "\(write.path) was not captured before it was written", path: write.path)
        }
        try journal.setAfter(change.id, write.after.stamp)
        hold(change.id, write.after.bytes)
        for directory in write.createdDirectories { try journal.addDirectory(record, directory) }
      }
    }
  }

  private func hold(_ change: Int64, _ bytes: [UInt8]) {
    heldBytes += bytes.count - (held[change]?.count ?? 0)
    held[change] = bytes
    if heldBytes > Self.heldLimit {
      heldBytes -= bytes.count
      held[change] = nil
    }
  }

  /// What a change wrote, while it is in memory.
  func held(_ change: Int64) -> [UInt8]? { held[change] }

  /// Lets go of what a change wrote: something else came after it.
  func release(_ change: Int64) {
    if let bytes = held.removeValue(forKey: change) { heldBytes -= bytes.count }
  }

  /// Packs a turn's contents and closes its record; nil (and no record) when it changed nothing.
  func finish(_ record: Int64, afterCrash: Bool) throws(WorkspaceError) -> TurnRecord? {
    var ends: [SnapshotEnd] = []
    for change in try journal.changes(of: record, all: true) {
      if let end = try end(of: change, afterCrash: afterCrash) { ends.append(end) }
    }
    let pack = try objects.flush(ends.flatMap { [$0.beforeObject, $0.afterObject].compactMap(\.self) })
    let kept = Set(ends.map(\.change.id))
    try journal.database.transaction { () throws(WorkspaceError) in
      for change in try journal.changes(of: record, all: true) where !kept.contains(change.id) {
        try journal.remove(change.id)
      }
      for end in ends {
        if end.change.after == nil { try journal.setAfter(end.change.id, end.after) }
        try journal.setObjects(end.change.id, before: end.beforeObject, after: end.afterObject)
      }
      try journal.close(
        record, now: Self.now(), added: ends.reduce(0) { $0 + $1.added },
        removed: ends.reduce(0) { $0 + $1.removed },
        pack: pack)
      if ends.isEmpty { try journal.forget(record) }
    }
    return try journal.record(record)
  }

  /// nil for a change that was none.
  private func end(of change: SnapshotJournal.Change, afterCrash: Bool) throws(WorkspaceError) -> SnapshotEnd?
  {
    defer { release(change.id) }
    var after = change.after
    // Captured and not noted as written: in a living turn the write failed, in a dead one it may be done.
    if after == nil, afterCrash { after = try readable(change.path)?.stamp }
    guard let after, after != change.before else { return nil }
    let beforeBytes = change.before.hash == nil ? nil : try journal.image(change.id)
    var afterBytes = held[change.id]
    if afterBytes == nil, after.hash != nil, let disk = try readable(change.path),
      disk.stamp.sameContent(as: after)
    {
      afterBytes = disk.bytes
    }
    var end = SnapshotEnd(change: change, after: after)
    if let beforeBytes { end.beforeObject = try objects.put(beforeBytes) }
    if let afterBytes, after.hash != nil { end.afterObject = try objects.put(afterBytes) }
    try end.count(beforeBytes ?? [], after.hash == nil ? [] : afterBytes ?? [])
    return end
  }

  /// What is at a path; nil where that can't be known any more (its directory closed or replaced by a link,
  /// the file grown over the limit): an undo then sees the same and refuses the path.
  private func readable(_ path: String) throws(WorkspaceError) -> FileState? {
    do { return try Workspace.state(at: path, limit: SnapshotStore.fileLimit) } catch {
      if error.code == .library { throw error }
      return nil
    }
  }

  func purge(thread: String?) throws(WorkspaceError) -> Int {
    let size = try objects.size()
    let records = try journal.records(thread: thread, limit: Int(Int32.max)).map(\.id)
    guard !records.isEmpty else { return 0 }
    try forget(records)
    return max(0, size - (try objects.size()))
  }

  static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

/// A change at the end of its turn.
struct SnapshotEnd {
  let change: SnapshotJournal.Change
  let after: FileStamp
  var beforeObject: String?
  var afterObject: String?
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
