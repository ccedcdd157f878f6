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

  init(inventory: Inventory, open: CommandCoverage.Open, keeper: Inventory.Keeper) {
    self.inventory = inventory
    self.open = open
    self.keeper = keeper
  }

  mutating func take(_ differences: [Inventory.Difference], _ store: SnapshotStore) throws(WorkspaceError) {
    let crowded = crowdedPlaces(differences)
    var changes: [ObservedChange] = []
    var directories: [ObservedDirectory] = []
    var newBytes: UInt64 = 0
    var count = 0
    var skipped = 0
    for difference in differences {
      if difference.before?.isDirectory == true || difference.after?.pointee.isDirectory == true {
        directories.append(directory(difference))
        continue
      }
      let isNew = difference.before == nil
      if isNew, crowded.contains(where: { difference.path.utf8.starts(with: ($0 + "/").utf8) }) {
        difference.after?.pointee.place = .left
        continue
      }
      if isNew { newBytes += difference.after?.pointee.size ?? 0 }
      let isOver = isNew && newBytes > UInt64(inventory.limits.newBytes)
      let limit = isOver ? -1 : inventory.limits.fileBytes
      guard let after = present(difference, limit: limit) else { continue }
      count += 1
      guard count <= inventory.limits.changedFiles else {
        skipped += 1
        continue
      }
      changes.append(change(difference, after))
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
    if skipped > 0 {
      notices.append(
        CoverageNotice(
          reason: .tooLarge, text: "\(skipped) files more than undo can put back were changed by a command"))
    }
    try record(changes, store)
    let places = crowded.map(inventory.absolute)
    try record(
      directories.filter { item in !places.contains { PathResolver.contains($0, item.path) } }, store)
  }

  private func present(_ difference: Inventory.Difference, limit: Int) -> FileStamp? {
    guard limit < 0 else { return inventory.present(difference, limit: limit) }
    guard let entry = difference.after else { return .absent }
    entry.pointee.place = .left
    return .unkept(entry.pointee.kind, mode: UInt16(entry.pointee.mode & 0o7777))
  }

  private func change(_ difference: Inventory.Difference, _ after: FileStamp) -> ObservedChange {
    var before: FileState? = .absent
    var stamp = FileStamp.absent
    if let entry = difference.before {
      before = inventory.state(entry, keeper)
      stamp = before?.stamp ?? .unkept(entry.kind, mode: UInt16(entry.mode & 0o7777))
    }
    return ObservedChange(
      path: inventory.absolute(difference.path), before: before, beforeStamp: stamp, after: after,
      via: open.via)
  }

  private func directory(_ difference: Inventory.Difference) -> ObservedDirectory {
    ObservedDirectory(
      path: inventory.absolute(difference.path),
      mode: difference.before.flatMap { $0.isDirectory ? UInt16($0.mode & 0o7777) : nil })
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
