import CPlatform
import StetHash

/// Where contents are kept before a command may change them.
extension Inventory {
  /// What the store does for the inventory.
  struct Keeper {
    /// Whether the store holds a content for as long as this inventory lives.
    let has: (String) -> Bool
    /// Keeps contents.
    let keep: ([[UInt8]]) throws(WorkspaceError) -> Void
    /// Takes in a large file as it is, for `keepTaken`; nil where it can't be read, or is over the limit.
    let take: (_ path: String, _ limit: Int) throws(WorkspaceError) -> StagedContents.Content?
    /// Keeps large contents.
    let keepTaken: ([StagedContents.Content]) throws(WorkspaceError) -> Void
    /// A kept content; `.expired` when it is gone.
    let get: (String) throws(WorkspaceError) -> [UInt8]
  }

  /// What could not be kept.
  struct Unkept {
    var large: [(path: String, bytes: UInt64)] = []
    var overTotal = 0
    var isFull = false
    /// Large files that were kept, each by itself.
    var taken: [StagedContents.Content] = []
  }

  /// Contents that are written as one pack: as much as may lie in memory.
  private static let batchBytes = 32 << 20

  /// Copies what is on disk only into the store, within the limits. Where that fails nothing of it stays behind, and the
  /// next call begins anew.
  func settle(_ keeper: Keeper, isFull: Bool) throws(WorkspaceError) -> Unkept {
    var unkept = Unkept()
    guard !pending.isEmpty else { return unkept }
    let start = read
    do throws(WorkspaceError) {
      try keepPending(keeper, isFull: isFull, &unkept)
    } catch {
      for content in unkept.taken { content.discard() }
      for key in pending {
        guard let entry = tree?.find(String(decoding: key.bytes, as: UTF8.self)) else { continue }
        if entry.pointee.place == .stored, keeper.has(entry.pointee.id) { continue }
        if [.stored, .left].contains(entry.pointee.place) { entry.pointee.place = .pending }
      }
      throw error
    }
    pending = []
    saveKnown(start: start)
    return unkept
  }

  private func keepPending(
    _ keeper: Keeper, isFull: Bool, _ unkept: inout Unkept
  ) throws(WorkspaceError) {
    repository?.refresh()
    var batch: [[UInt8]] = []
    var batched = 0
    var total = 0
    for key in pending.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
      let path = String(decoding: key.bytes, as: UTF8.self)
      guard let entry = tree?.find(path), entry.pointee.place == .pending else { continue }
      if let id = repository?.id(path, entry.pointee) {
        entry.pointee.object = id.id
        entry.pointee.place = .borrowed
        continue
      }
      if isKnown(path, entry, keeper) { continue }
      entry.pointee.place = .left
      guard entry.pointee.size <= UInt64(limits.fileBytes) else {
        unkept.large.append((path, entry.pointee.size))
        continue
      }
      if entry.pointee.size >= UInt64(StagedContents.minimum), entry.pointee.kind == .regular, !isFull,
        total + Int(entry.pointee.size) <= limits.baselineBytes
      {
        total += try take(path, entry, keeper, &unkept)
        continue
      }
      guard let state = readable(path), state.kind == entry.pointee.kind else { continue }
      read += 1
      let id = SHA1.blobID(state.bytes)
      if repository?.holds(path, id) == true {
        entry.pointee.place = .borrowed
      } else if keeper.has(id) {
        entry.pointee.place = .stored
      } else {
        total += state.bytes.count
        guard !isFull, total <= limits.baselineBytes else {
          if isFull { unkept.isFull = true } else { unkept.overTotal += 1 }
          continue
        }
        batch.append(state.bytes)
        batched += state.bytes.count
        entry.pointee.place = .stored
      }
      entry.pointee.id = id
      if batched > Self.batchBytes {
        try keeper.keep(batch)
        batch = []
        batched = 0
      }
    }
    try keeper.keep(batch)
    try keeper.keepTaken(unkept.taken)
  }

  /// Whether the last process read a file as it is, and its content is kept; notes where.
  private func isKnown(_ path: String, _ entry: FileTree.Entry, _ keeper: Keeper) -> Bool {
    guard let id = known?.id(of: path, entry.pointee) else { return false }
    let isBorrowed = repository?.holds(path, id) == true
    guard isBorrowed || keeper.has(id) else { return false }
    entry.pointee.id = id
    entry.pointee.place = isBorrowed ? .borrowed : .stored
    return true
  }

  /// A large file; answers the bytes that are kept of it.
  private func take(
    _ path: String, _ entry: FileTree.Entry, _ keeper: Keeper, _ unkept: inout Unkept
  ) throws(WorkspaceError) -> Int {
    guard let content = try keeper.take(absolute(path), limits.fileBytes) else { return 0 }
    read += 1
    entry.pointee.id = content.id
    if repository?.holds(path, content.id) == true {
      entry.pointee.place = .borrowed
    } else {
      entry.pointee.place = .stored
      let isNew = !keeper.has(content.id) && !unkept.taken.contains { $0.id == content.id }
      if isNew {
        unkept.taken.append(content)
        return content.bytes
      }
    }
    content.discard()
    return 0
  }

  /// Files whose contents were read since the cache was written before it is written again: it is written whole.
  private static let cacheInterval = 256

  private func saveKnown(start: Int) {
    readSinceCached += read - start
    guard let tree, readSinceCached >= Self.cacheInterval || known != nil && readSinceCached > 0 else {
      known = nil
      return
    }
    known = nil
    readSinceCached = 0
    InventoryCache.write(
      tree, to: cachePath, alsoBorrowed: repository?.hasFilters == true, racyNs: limits.racyNs)
  }

  /// The state that an entry stood for; nil where its content is not kept.
  func state(_ entry: stet_tree_entry, _ keeper: Keeper) -> FileState? {
    let bytes: [UInt8]
    do {
      switch entry.place {
      case .borrowed: bytes = try repository?.read(entry.id) ?? []
      case .stored: bytes = try keeper.get(entry.id)
      case .unknown, .left, .pending: return nil
      }
    } catch {
      // Pruned or damaged: undo will say so of this path.
      return nil
    }
    guard UInt64(bytes.count) == entry.size else { return nil }
    return FileState(
      kind: entry.kind, bytes: bytes, mode: entry.kind == .regular ? UInt16(entry.mode & 0o7777) : 0)
  }

  /// The ids of all contents that the store must hold for this inventory.
  func stored() -> [String] {
    var ids: Set<String> = []
    tree?.compare(with: nil) { _, _, entry in
      if let entry, entry.pointee.place == .stored { ids.insert(entry.pointee.id) }
    }
    return Array(ids)
  }

  private func readable(_ path: String) -> FileState? {
    do { return try Workspace.state(at: absolute(path), limit: limits.fileBytes) } catch {
      // Closed, or gone since the look: then there is nothing to keep.
      return nil
    }
  }
}
