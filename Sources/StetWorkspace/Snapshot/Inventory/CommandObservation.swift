import CPlatform
import Glibc

/// Goes through what a command changed and records it in the command's turn.
struct CommandObservation {
  let inventory: Inventory
  let open: CommandCoverage.Open
  let keeper: Inventory.Keeper
  private(set) var notices: [CoverageNotice] = []

  /// Changes that are recorded under one lock of the store.
  private static let batch = 64
  /// Names that are not UTF-8 and are listed one by one: nothing of them can be put back.
  private static let unnamedLimit = 1_000

  init(inventory: Inventory, open: CommandCoverage.Open, keeper: Inventory.Keeper) {
    self.inventory = inventory
    self.open = open
    self.keeper = keeper
  }

  mutating func take(_ differences: [Inventory.Difference], _ store: SnapshotStore) throws(WorkspaceError) {
    let unnamed = differences.filter(\.isUnnamed)
    let differences = differences.filter { !$0.isUnnamed }
    let crowded = crowdedPlaces(differences)
    var changes: [ObservedChange] = []
    var directories: [ObservedDirectory] = []
    var newBytes: UInt64 = 0
    var count = 0
    for difference in differences {
      if difference.before?.isDirectory == true || difference.after?.pointee.isDirectory == true {
        directories.append(directory(difference))
        note(difference)
        continue
      }
      let isNew = difference.before == nil
      if isNew, crowded.contains(where: { difference.path.utf8.starts(with: ($0 + "/").utf8) }) {
        difference.after?.pointee.place = .left
        continue
      }
      if isNew { newBytes += difference.after?.pointee.size ?? 0 }
      let isMuch = count >= inventory.limits.changedFiles
      let isOver = isMuch || isNew && newBytes > UInt64(inventory.limits.newBytes)
      let limit = isOver ? -1 : inventory.limits.fileBytes
      guard let after = present(difference, limit: limit) else { continue }
      count += 1
      // Beyond the limit names are kept, not contents.
      changes.append(change(difference, after, isKept: !isMuch))
      if changes.count == Self.batch {
        try record(changes, store)
        changes = []
      }
    }
    for place in crowded.sorted() {
      changes.append(
        ObservedChange(
          path: inventory.absolute(place), before: .absent, beforeStamp: .absent,
          after: .unkept(.directory, mode: 0), via: open.via))
      notices.append(
        CoverageNotice(
          reason: .tooLarge,
          text: "more than \(inventory.limits.newFiles) new files in \(place) are outside undo"))
    }
    changes += unnamed.prefix(Self.unnamedLimit).map(unnamedChange)
    let more = count - inventory.limits.changedFiles
    if more > 0 {
      notices.append(
        CoverageNotice(
          reason: .tooLarge,
          text: "a command changed \(count) files: \(more) more than undo puts back are outside it"))
    }
    for start in stride(from: 0, to: changes.count, by: Self.batch) {
      try record(Array(changes[start..<min(start + Self.batch, changes.count)]), store)
    }
    if let root = inventory.rootChange { directories.append(root) }
    let places = crowded.map(inventory.absolute)
    try record(
      directories.filter { item in !places.contains { PathResolver.contains($0, item.path) } }, store)
  }

  private func unnamedChange(_ difference: Inventory.Difference) -> ObservedChange {
    ObservedChange(
      path: inventory.absolute(difference.path), before: .absent, beforeStamp: .unnamed, after: .unnamed,
      via: open.via)
  }

  /// What a command closed for stet too.
  private mutating func note(_ difference: Inventory.Difference) {
    guard let after = difference.after, after.pointee.flags & FileTree.Flag.unreadable != 0 else { return }
    notices.append(
      CoverageNotice(
        reason: .unreadable,
        text: "\(difference.path) can't be looked into any more: what changes in it is outside undo"))
  }

  private func present(_ difference: Inventory.Difference, limit: Int) -> FileStamp? {
    guard limit < 0 else { return inventory.present(difference, limit: limit) }
    guard let entry = difference.after else { return .absent }
    entry.pointee.place = .left
    return .unkept(entry.pointee.kind, mode: UInt16(entry.pointee.mode & 0o7777))
  }

  private func change(
    _ difference: Inventory.Difference, _ after: FileStamp, isKept: Bool
  ) -> ObservedChange {
    var before: FileState? = .absent
    var stamp = FileStamp.absent
    var identity: FileIdentity?
    if let entry = difference.before {
      before = isKept ? inventory.state(entry, keeper) : nil
      stamp = before?.stamp ?? .unkept(entry.kind, mode: UInt16(entry.mode & 0o7777))
      if entry.kind == .regular { identity = FileIdentity(inode: entry.inode, links: Int(entry.links)) }
    }
    return ObservedChange(
      path: inventory.absolute(difference.path), before: before, beforeStamp: stamp, after: after,
      via: open.via, identity: identity)
  }

  private func directory(_ difference: Inventory.Difference) -> ObservedDirectory {
    ObservedDirectory(
      path: inventory.absolute(difference.path),
      mode: difference.before.flatMap { $0.isDirectory ? UInt16($0.mode & 0o7777) : nil },
      after: difference.after.flatMap {
        $0.pointee.isDirectory ? UInt16($0.pointee.mode & 0o7777) : nil
      })
  }

  /// Directories with so many new files that they were installed, not written: the outermost that is new itself, or
  /// the one that they lie in.
  private func crowdedPlaces(_ differences: [Inventory.Difference]) -> Set<String> {
    var counts: [String: Int] = [:]
    var top: String?
    for difference in differences where difference.before == nil {
      let path = difference.path
      let isBelow = top.map { path.utf8.starts(with: ($0 + "/").utf8) } ?? false
      if difference.after?.pointee.isDirectory == true {
        if !isBelow { top = path }
        continue
      }
      let place = isBelow ? top ?? "" : PathResolver.split(path).directory
      counts[place, default: 0] += 1
    }
    return Set(counts.filter { $0.value > inventory.limits.newFiles && !$0.key.isEmpty }.keys)
  }

  private func record(_ changes: [ObservedChange], _ store: SnapshotStore) throws(WorkspaceError) {
    guard !changes.isEmpty else { return }
    let key = open.key
    try store.session { session throws(WorkspaceError) in try session.observe(changes, in: key) }
  }

  private func record(_ directories: [ObservedDirectory], _ store: SnapshotStore) throws(WorkspaceError) {
    guard !directories.isEmpty else { return }
    let key = open.key
    try store.session { session throws(WorkspaceError) in try session.observe(directories, in: key) }
  }
}
