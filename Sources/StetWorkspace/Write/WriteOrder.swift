import Glibc

/// A directory that goes, empty, before something else takes its name.
struct ClearedDirectory: Hashable {
  let path: String
  /// With which it comes back if the transaction fails.
  let mode: UInt16
}

/// The files of a transaction in the order in which they are done: what makes room, directories that make room, the
/// rest. A file that takes a directory's place, or the reverse, needs it. What is written in place comes last: other
/// names of it are checked before their content changes.
final class WriteOrder {
  /// Deletions of what stands where others are to be.
  let early: [WriteSlot]
  /// Deepest first.
  let cleared: [ClearedDirectory]
  let rest: [WriteSlot]
  private var removed: [ClearedDirectory] = []

  init(_ writes: [PlannedWrite], clearing: [ClearedDirectory]) throws(WorkspaceError) {
    cleared = clearing.sorted { $0.path.utf8.count > $1.path.utf8.count }
    // Writes before deletions: a move's new file is there before its old one goes.
    let ordered = writes.sorted { a, b in
      let gone = (a.result.kind == .absent, b.result.kind == .absent)
      return gone.0 == gone.1 ? bytewise(a.path, b.path) : gone.1
    }
    let empty = Set(cleared.map { PathKey($0.path) })
    var above: Set<PathKey> = []
    for write in ordered where write.result.kind != .absent {
      for parent in PathResolver.parents(write.path) { above.insert(PathKey(parent)) }
    }
    var vanishing: Set<PathKey> = []
    var (first, second): ([WriteSlot], [WriteSlot]) = ([], [])
    for (index, write) in ordered.enumerated() where write.result.kind == .absent {
      let makesRoom = above.contains(PathKey(write.path))
      guard makesRoom || PathResolver.parents(write.path).contains(where: { empty.contains(PathKey($0)) })
      else {
        continue
      }
      if makesRoom { vanishing.insert(PathKey(write.path)) }
      first.append(try WriteSlot(write, index: index))
    }
    let done = Set(first.map { PathKey($0.write.path) })
    for (index, write) in ordered.enumerated() where !done.contains(PathKey(write.path)) {
      var ground = WriteSlot.Ground.asItIs
      if empty.contains(PathKey(write.path)) {
        ground = .cleared
      } else if let top = PathResolver.parents(write.path).first(where: { vanishing.contains(PathKey($0)) }) {
        ground = .beneath(top)
      }
      second.append(try WriteSlot(write, index: index, ground: ground))
    }
    let shared = Set(second.filter(\.inPlace).compactMap { $0.file?.inode })
    let isName = { (slot: WriteSlot) in
      slot.write.result.kind == .absent && slot.file.map { shared.contains($0.inode) } == true
    }
    early = first + second.filter(isName)
    rest = second.filter { !$0.inPlace && !isName($0) } + second.filter(\.inPlace)
    let byPath = Dictionary(rest.map { (PathKey($0.write.path), $0) }) { first, _ in first }
    for slot in rest {
      if case .with(let path) = slot.write.names { slot.leader = byPath[PathKey(path)] }
    }
  }

  /// In the order of the writes' installation.
  var slots: [WriteSlot] { early + rest }

  /// Removes the directories that are to be empty now; `.stale` where one is not.
  func clear(_ pause: (String) throws -> Void) throws {
    for directory in cleared {
      let (parent, name) = PathResolver.split(directory.path)
      let handle = try DirectoryHandle.open(parent)
      guard unlinkat(handle.descriptor.number, name, AT_REMOVEDIR) == 0 else {
        throw WorkspaceError(
          .stale, "\(directory.path) is not empty; nothing was written", path: directory.path)
      }
      removed.append(directory)
      try pause(directory.path)
    }
  }

  /// Puts back what was installed and removes what was made; answers the paths where that failed.
  func undo() -> [String] {
    var left = Self.putBack(rest)
    for slot in rest.reversed() { slot.removeDirectories() }
    for directory in removed.reversed() {
      do { _ = try directory.remake() } catch { left.append(directory.path) }
    }
    return left + Self.putBack(early)
  }

  private static func putBack(_ slots: [WriteSlot]) -> [String] {
    var left: [String] = []
    for slot in slots.reversed() {
      do { try slot.putBack() } catch { left.append(slot.write.path) }
    }
    return left
  }
}

extension ClearedDirectory {
  /// Makes it again where nothing is.
  func remake() throws(WorkspaceError) -> RecoveredWrite.Outcome {
    let (parent, name) = PathResolver.split(path)
    let handle = try DirectoryHandle.open(parent)
    if let info = try handle.status(name) {
      return fileKind(ofMode: info.st_mode) == .directory ? .untouched : .foreign
    }
    try check("Cannot make the directory \(path)", path: path) {
      mkdirat(handle.descriptor.number, name, mode_t(mode))
    }
    // Whatever the mask says.
    try check("Cannot set the mode of \(path)", path: path) {
      fchmodat(handle.descriptor.number, name, mode_t(mode), 0)
    }
    return .restored
  }
}
