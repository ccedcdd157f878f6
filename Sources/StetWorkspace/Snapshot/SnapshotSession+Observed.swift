/// What commands changed, as the inventory saw it.
extension SnapshotSession {
  func observe(_ changes: [ObservedChange], in key: TurnKey) throws(WorkspaceError) {
    // A command may outlive its turn; then what it changes is nobody's.
    guard isRunning(key) else { return }
    let record = try record(key)
    try journal.database.transaction { () throws(WorkspaceError) in
      for change in changes { try observe(change, in: record) }
    }
  }

  func observe(_ directories: [ObservedDirectory], in key: TurnKey) throws(WorkspaceError) {
    // A command may outlive its turn; then what it changes is nobody's.
    guard isRunning(key) else { return }
    let record = try record(key)
    try journal.database.transaction { () throws(WorkspaceError) in
      for directory in directories { try journal.addDirectory(record, directory) }
    }
  }

  private func observe(_ change: ObservedChange, in record: Int64) throws(WorkspaceError) {
    var before = change.before
    var stamp = change.beforeStamp
    if let last = try journal.last(record, change.path) {
      // An edit tool is about to write it, and will say what.
      guard let after = last.after else { return }
      // Its own write, seen from outside.
      if after == change.after { return }
      if after == stamp, stamp.isKnown, last.author == .shell {
        release(last.id)
        return try journal.setAfter(last.id, change.after)
      }
      if last.before == stamp, after.isKnown {
        // The last look was before a write of ours: what the command found is what we wrote.
        before = held(last.id).map { FileState(kind: after.kind, bytes: $0, mode: after.mode) }
        if before?.stamp != after { before = after.kind == .absent ? .absent : nil }
        stamp = before?.stamp ?? .unkept(after.kind, mode: after.mode)
      }
    }
    let id = try journal.add(
      record, change.path, before: before ?? .absent, stamp: stamp, author: .shell, via: change.via,
      identity: change.identity)
    try journal.setAfter(id, change.after)
  }

  /// Marks on disk that a command runs; nil where its turn is over.
  func commandBegins(_ key: TurnKey, _ via: String) throws(WorkspaceError) -> Int64? {
    guard isRunning(key) else { return nil }
    return try journal.beginCommand(record(key), via: via, now: Self.now())
  }

  // MARK: - Contents of the inventory

  /// Packs that hold contents for inventories of this process.
  var baselinePacks: Int { Set(baseline.values).count }

  /// Keeps contents for the inventory of this process, as one pack.
  func keep(_ contents: [[UInt8]]) throws(WorkspaceError) {
    guard !contents.isEmpty else { return }
    try waitingAlone { () throws(WorkspaceError) in try keepAlone(contents) }
  }

  private func keepAlone(_ contents: [[UInt8]]) throws(WorkspaceError) {
    var ids: [String] = []
    for content in contents { ids.append(try objects.put(content)) }
    guard let pack = try objects.flush(ids) else { return }
    try journal.database.transaction { () throws(WorkspaceError) in
      for id in Set(ids) { try journal.keep(id, pack: pack, owner: owner.name) }
    }
    for id in ids { baseline[id] = pack }
  }

  /// Makes one pack of all that is still needed, and frees the others.
  func consolidate(_ ids: [String]) throws(WorkspaceError) {
    try waitingAlone { () throws(WorkspaceError) in try consolidateAlone(ids) }
  }

  private func consolidateAlone(_ ids: [String]) throws(WorkspaceError) {
    let live = ids.filter { baseline[$0] != nil }
    let pack = try objects.flush(live)
    let old = Set(baseline.values)
    baseline = [:]
    try journal.database.transaction { () throws(WorkspaceError) in
      try journal.forgetBaseline(owner: owner.name)
      guard let pack else { return }
      for id in live {
        try journal.keep(id, pack: pack, owner: owner.name)
        baseline[id] = pack
      }
    }
    for name in old where name != pack { try drop(name) }
  }

  /// Takes over what processes that are gone kept: the files are probably the same.
  func adoptBaselines() throws(WorkspaceError) {
    for owner in try journal.baselineOwners() where owner != self.owner.name {
      guard try SnapshotOwner.isGone(owner, in: directory) else { continue }
      try journal.adoptBaseline(of: owner, by: self.owner.name)
    }
    for (id, pack) in try journal.baseline(of: owner.name) { baseline[id] = pack }
  }

  /// Deletes a pack unless a record or an inventory names it.
  func drop(_ pack: String) throws(WorkspaceError) {
    if try !journal.isNamed(pack) { objects.delete(pack: pack) }
  }
}
