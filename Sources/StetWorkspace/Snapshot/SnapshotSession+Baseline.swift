/// Contents that the inventory of this process holds: what files were before a command could change them.
extension SnapshotSession {
  /// Packs that hold contents for inventories of this process.
  var baselinePacks: Int { Set(baseline.values.filter { !StagedContents.isPlace($0) }).count }

  /// Large contents of this process's inventory, each a file of its own.
  var stagedCount: Int { baseline.values.count(where: StagedContents.isPlace) }

  /// Keeps large contents for the inventory of this process.
  func keep(_ staged: [StagedContents.Content]) throws(WorkspaceError) {
    guard !staged.isEmpty else { return }
    try waitingAlone { () throws(WorkspaceError) in
      for content in staged { try objects.staged.keep(content) }
      try journal.database.transaction { () throws(WorkspaceError) in
        for content in staged {
          try journal.keep(content.id, pack: StagedContents.place(of: content.id), owner: owner.name)
        }
      }
    }
    for content in staged { baseline[content.id] = StagedContents.place(of: content.id) }
  }

  /// Lets go of large contents that no file of the workspace has any more; they are as long as they were.
  func releaseStaged(keeping ids: Set<String>) throws(WorkspaceError) {
    let gone = baseline.filter { StagedContents.isPlace($0.value) && !ids.contains($0.key) }
    guard !gone.isEmpty else { return }
    try waitingAlone { () throws(WorkspaceError) in
      try journal.database.transaction { () throws(WorkspaceError) in
        for id in gone.keys { try journal.forgetBaseline(id, owner: owner.name) }
      }
      for (id, place) in gone {
        baseline[id] = nil
        try drop(place)
      }
    }
  }

  /// Lets go of all contents of this process's inventory, which must be made anew then.
  func releaseBaseline() throws(WorkspaceError) {
    let old = Set(baseline.values)
    guard !old.isEmpty else { return }
    try waitingAlone { () throws(WorkspaceError) in
      try journal.forgetBaseline(owner: owner.name)
      baseline = [:]
      for name in old { try drop(name) }
    }
  }

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
    let large = baseline.filter { StagedContents.isPlace($0.value) }
    let live = ids.filter { baseline[$0] != nil && large[$0] == nil }
    let pack = try objects.flush(live)
    let old = Set(baseline.values).subtracting(large.values)
    baseline = large
    try journal.database.transaction { () throws(WorkspaceError) in
      try journal.forgetBaseline(owner: owner.name)
      for (id, place) in large { try journal.keep(id, pack: place, owner: owner.name) }
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
    for (id, pack) in try journal.baseline(of: owner.name)
    where !StagedContents.isPlace(pack) || objects.staged.has(id) {
      baseline[id] = pack
    }
  }

  /// Deletes a pack unless a record or an inventory names it.
  func drop(_ pack: String) throws(WorkspaceError) {
    if try !journal.isNamed(pack) { objects.delete(pack: pack) }
  }
}
