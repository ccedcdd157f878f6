/// What a patch would do.
public struct PatchProposal: Hashable, Sendable {
  /// In the order in which the patch first names the files; nothing for a file that ends as it was.
  public let changes: [FileChange]
  /// Adds, then updates (a move under its new name), then deletes, as the success message lists them.
  public let summary: [PatchSummaryLine]
}

public struct PatchSummaryLine: Hashable, Sendable {
  /// A, M or D.
  public let letter: Character
  /// As the patch spells it.
  public let path: String
}

/// Computes what a patch does without writing anything: all sections are matched one after the other
/// against the tree and each other's results, and one that does not fit refuses them all (T4).
public enum PatchApplier {
  public static func propose(_ patch: Patch, tree: some PatchTree) throws(WorkspaceError) -> PatchProposal {
    var overlay = PatchOverlay(tree: tree)
    for operation in patch.operations {
      do {
        try overlay.apply(operation)
      } catch {
        var failure = error
        failure.line = failure.line ?? operation.line
        failure.path = failure.path ?? operation.path
        throw failure
      }
    }
    return PatchProposal(changes: overlay.changes(), summary: overlay.summary())
  }
}

/// The tree as the sections applied so far leave it.
private struct PatchOverlay<Tree: PatchTree> {
  private struct Entry {
    let base: FileState
    var current: FileState
    var spelled: String
    /// The path whose content moved here.
    var origin: String?
  }

  private let tree: Tree
  private var entries: [PathKey: Entry] = [:]
  private var order: [String] = []
  private var lines: [PatchSummaryLine] = []

  init(tree: Tree) { self.tree = tree }

  mutating func apply(_ operation: PatchOperation) throws(WorkspaceError) {
    switch operation.action {
    case .add(let lines): try add(operation.path, lines)
    case .delete: try delete(operation.path)
    case .update(let hunks, let target): try update(operation.path, hunks, target)
    }
  }

  private mutating func add(_ spelled: String, _ lines: [[UInt8]]) throws(WorkspaceError) {
    let path = try enter(spelled, follow: true)
    let bytes = lines.flatMap { line -> [UInt8] in line + [10] }
    switch current(path).kind {
    case .absent:
      set(path, .regular(bytes, mode: modeForNew(path)), spelled)
    case .regular where current(path).bytes == bytes:
      break
    case .directory:
      throw WorkspaceError(.wrongKind, "Failed to write file \(spelled): it is a directory", path: path)
    default:
      throw WorkspaceError(
        .refused, "\(spelled) exists already: Add File would overwrite it",
        hint: "Use '*** Update File: \(spelled)', or delete it first.", path: path)
    }
    self.lines.append(PatchSummaryLine(letter: "A", path: spelled))
  }

  private mutating func delete(_ spelled: String) throws(WorkspaceError) {
    let path = try enter(spelled, follow: false)
    switch current(path).kind {
    case .regular, .symlink: set(path, .absent, spelled)
    case .absent:
      throw WorkspaceError(
        .notFound, "Failed to delete file \(spelled): there is no such file", hint: "Leave this section out.",
        path: path)
    case .directory, .other:
      throw WorkspaceError(
        .wrongKind, "Failed to delete file \(spelled): it is not a file", hint: "A patch deletes files only.",
        path: path)
    }
    lines.append(PatchSummaryLine(letter: "D", path: spelled))
  }

  private mutating func update(
    _ spelled: String, _ hunks: [PatchHunk], _ target: String?
  ) throws(WorkspaceError) {
    let path = try enter(spelled, follow: target == nil)
    let old = current(path)
    guard old.kind != .absent else {
      throw WorkspaceError(
        .notFound, "Failed to read file to update \(spelled): there is no such file",
        hint: "Use '*** Add File: \(spelled)' for a new file.", path: path)
    }
    guard old.kind == .regular else {
      throw WorkspaceError(
        .wrongKind, "Failed to read file to update \(spelled): it is a \(old.kind.rawValue), not a file",
        path: path)
    }
    let new = old.with(bytes: try PatchedText.apply(hunks, to: old.bytes, path: spelled))
    lines.append(PatchSummaryLine(letter: "M", path: target ?? spelled))
    guard let target else { return set(path, new, spelled) }
    let place = try enter(target, follow: true)
    // A move onto itself is an update in place.
    if PathKey(place) == PathKey(path) { return set(path, new, spelled) }
    guard current(place).kind == .absent else {
      throw WorkspaceError(
        .refused, "\(spelled) can't move to \(target): that exists already",
        hint: "Delete it first in the same patch if it shall be replaced.", path: place)
    }
    let origin = entries[PathKey(path)]?.origin ?? path
    set(path, .absent, spelled)
    set(place, new, target)
    entries[PathKey(place)]?.origin = origin
  }

  private mutating func enter(_ spelled: String, follow: Bool) throws(WorkspaceError) -> String {
    let (path, state) = try tree.look(spelled, follow: follow)
    if entries[PathKey(path)] == nil {
      entries[PathKey(path)] = Entry(base: state, current: state, spelled: spelled)
      order.append(path)
    }
    return path
  }

  private func current(_ path: String) -> FileState { entries[PathKey(path)]?.current ?? .absent }

  /// A file that the patch removed and adds again keeps its mode.
  private func modeForNew(_ path: String) -> UInt16 {
    guard let base = entries[PathKey(path)]?.base, base.kind == .regular else { return tree.newFileMode }
    return base.mode
  }

  private mutating func set(_ path: String, _ state: FileState, _ spelled: String) {
    entries[PathKey(path)]?.current = state
    entries[PathKey(path)]?.spelled = spelled
    entries[PathKey(path)]?.origin = nil
  }

  func changes() -> [FileChange] {
    var changes: [(rank: Int, change: FileChange)] = []
    var moved: Set<PathKey> = []
    let rank = Dictionary(order.enumerated().map { (PathKey($1), $0) }, uniquingKeysWith: min)
    for path in order {
      guard let entry = entries[PathKey(path)], let origin = entry.origin, isMove(entry, from: origin),
        moved.insert(PathKey(origin)).inserted, let source = entries[PathKey(origin)]
      else { continue }
      moved.insert(PathKey(path))
      let change = FileChange(
        path: origin, movePath: path, base: source.base, proposed: entry.current, spelled: source.spelled)
      changes.append((rank[PathKey(origin)] ?? 0, change))
    }
    for path in order where !moved.contains(PathKey(path)) {
      guard let entry = entries[PathKey(path)], entry.base != entry.current else { continue }
      let change = FileChange(path: path, base: entry.base, proposed: entry.current, spelled: entry.spelled)
      changes.append((rank[PathKey(path)] ?? 0, change))
    }
    return changes.sorted { $0.rank < $1.rank }.map(\.change)
  }

  /// The old file is gone and the new one was not there: a rename, whatever happened between.
  private func isMove(_ entry: Entry, from origin: String) -> Bool {
    guard entry.base.kind == .absent, entry.current.kind == .regular, let source = entries[PathKey(origin)]
    else {
      return false
    }
    return source.current.kind == .absent && source.base.kind == .regular
  }

  func summary() -> [PatchSummaryLine] {
    ["A", "M", "D"].flatMap { letter in lines.filter { String($0.letter) == letter } }
  }
}
