/// What becomes of the hard links among the files of a plan. Every path gets its own bytes; names that led to one file
/// before, and are to again, lead to one file again.
struct SharedNames {
  /// Of each path: which file it led to before the oldest undone change.
  let identities: [PathKey: FileIdentity]

  func decided(_ entries: [RestoreEntry]) -> [RestoreEntry] {
    var entries = entries
    var files: [FileStatus: [Int]] = [:]
    for index in entries.indices {
      // A link that somebody makes from now on keeps what it has.
      entries[index].names = entries[index].isInPlace ? .kept : .own
      guard let now = FileIdentity.of(entries[index].path), now.links > 1,
        let status = FileStatus.of(entries[index].path)
      else { continue }
      files[status, default: []].append(index)
    }
    for members in files.values { share(members, &entries) }
    relink(&entries)
    return entries
  }

  /// Names of one file as it is on disk: written in place, once, where they all led to it before too and get the same;
  /// else each gets a file of its own.
  private func share(_ members: [Int], _ entries: inout [RestoreEntry]) {
    let sharing = members.filter { index in
      let entry = entries[index]
      guard entry.isReplacement, let now = FileIdentity.of(entry.path) else { return false }
      return identities[PathKey(entry.path)]?.isShared(with: now) == true
    }
    guard let leader = sharing.first else { return }
    let result = entries[leader].result
    let isOne = members.allSatisfy { index in
      entries[index].action == .delete || sharing.contains(index) && entries[index].result == result
    }
    guard isOne else { return }
    entries[leader].names = .kept
    for index in sharing.dropFirst() { entries[index].follows = entries[leader].path }
  }

  /// Names that led to one file before and come back as new ones.
  private func relink(_ entries: inout [RestoreEntry]) {
    struct Key: Hashable {
      let inode: UInt64
      let result: FileState
    }
    var leaders: [Key: String] = [:]
    for index in entries.indices {
      let entry = entries[index]
      guard entry.result.kind == .regular, entry.names == .own, entry.follows == nil,
        entry.action == .recreate || entry.isReplacement,
        let before = identities[PathKey(entry.path)], before.links > 1
      else { continue }
      let key = Key(inode: before.inode, result: entry.result)
      if let leader = leaders[key] {
        entries[index].names = .with(leader)
      } else {
        leaders[key] = entry.path
      }
    }
  }
}

extension RestoreEntry {
  /// Whether a file takes the place of a file.
  fileprivate var isReplacement: Bool {
    (action == .write || action == .merge) && disk.kind == .regular && result.kind == .regular
  }
}
