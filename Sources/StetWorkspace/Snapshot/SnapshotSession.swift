import Glibc

/// The opened store. Only `SnapshotStore` holds one, behind its lock.
final class SnapshotSession {
  /// After images held in memory until the turn ends; beyond this they are read from the disk then.
  static let heldLimit = 64 << 20
  /// Larger texts are not counted line by line at the end of a turn.
  static let countLimit = 4 << 20

  /// Turns that end before their contents are packed in any case.
  private static let unpackedLimit = 16
  /// Larger contents are packed when their turn ends: they would be written twice.
  static let packAtOnceBytes = 1 << 20

  let directory: String
  let root: String
  let edits: String
  let transactions: String
  let journal: SnapshotJournal
  let objects: ObjectStore
  /// What was put back of writes that killed processes left half done.
  var recovered: [RecoveredWrite] = []
  /// Turns of killed processes that could not be ended yet.
  var attended: Set<Int64> = []
  let limits: SnapshotLimits
  let owner: SnapshotOwner
  /// Contents that the inventory of this process holds, and the pack of each.
  var baseline: [String: String] = [:]
  var turnsSincePacking = 0
  /// While this process recovers, packs or forgets.
  var upkeep: SnapshotUpkeep?
  private var running: [TurnKey: Int64] = [:]
  /// What changes wrote, by their ids.
  private var held: [Int64: [UInt8]] = [:]
  private var heldBytes = 0

  init(
    directory: String, root: String, edits: String, transactions: String, limits: SnapshotLimits
  ) throws(WorkspaceError) {
    self.directory = directory
    self.limits = limits
    self.root = root
    self.edits = edits
    self.transactions = transactions
    try makePrivateDirectory(directory)
    // Another process may have found the same dead one: what one of them packs the other would still look for.
    upkeep = try SnapshotUpkeep.start(in: directory) { () throws(WorkspaceError) in
      if !limits.proceed(.waiting) { throw WorkspaceError(.io, WriteTransaction.abandonment) }
    }
    journal = try SnapshotJournal(path: PathResolver.join(directory, "journal.db"))
    objects = try ObjectStore(directory: PathResolver.join(directory, "store.git"), shares: limits.shares)
    owner = try SnapshotOwner(directory: directory)
    try recover()
    try adoptBaselines()
    try objects.staged.sweep { (place) throws(WorkspaceError) in try journal.isNamed(place) }
    try pack()
    try expire()
    upkeep = nil
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
    let result = try finish(record)
    running[key] = nil
    turnsSincePacking += 1
    if turnsSincePacking >= Self.unpackedLimit {
      try pack()
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
    try journal.database.transaction { () throws(WorkspaceError) in
      for path in paths { try capture(path, in: record) }
    }
  }

  func capture(_ path: String, in record: Int64) throws(WorkspaceError) {
    guard !PathResolver.contains(directory, path) else {
      throw WorkspaceError(.refused, "\(path) belongs to stet itself", path: path)
    }
    let identity = FileIdentity.of(path)
    let (disk, stamp) = try Self.image(path)
    guard stamp.kind != .directory, stamp.kind != .other else { return }
    guard let last = try journal.last(record, path) else {
      try journal.add(record, path, before: disk, stamp: stamp, author: .edit, identity: identity)
      return
    }
    if let after = last.after {
      // Someone else wrote it since the turn did: a change of its own, so that only ours is taken back.
      if after != stamp || last.author != .edit {
        try journal.add(record, path, before: disk, stamp: stamp, author: .edit, identity: identity)
      }
    } else if last.before != stamp {
      try journal.replaceBefore(last.id, disk, stamp: stamp, identity: identity)
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

  /// `besides`: what is noted with it, or nothing of both.
  func note(
    _ writes: [VerifiedWrite], in record: Int64, besides: () throws(WorkspaceError) -> Void
  ) throws(WorkspaceError) {
    try journal.database.transaction { () throws(WorkspaceError) in
      try besides()
      for write in writes {
        guard let change = try journal.last(record, write.path) else {
          throw WorkspaceError(
            .notFound, "\(write.path) was not captured before it was written", path: write.path)
        }
        try journal.setAfter(change.id, write.after.stamp)
        hold(change.id, write.after.bytes)
        for directory in write.createdDirectories {
          try journal.addDirectory(
            record, ObservedDirectory(path: directory, mode: nil, after: PlannedDisk.mode(directory)))
        }
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

  static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
