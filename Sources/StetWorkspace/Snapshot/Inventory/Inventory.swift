import CPlatform
import Glibc
import StetHash

/// What lies in a workspace, as of the last look, and where each content is: so that after a command its before
/// images are known (rollback.md B3). Not for two threads at once.
///
/// Contents that the user's repository holds as they are in the files are borrowed from it; the others (changed and
/// untracked files) are copied into the store before a command begins. Ignored files are not looked at, `.git` never.
final class Inventory {
  /// What a comparison reports, before anything is read.
  struct Difference {
    let path: String
    /// Nil: it was not there.
    let before: stet_tree_entry?
    /// Nil: it is not there any more. Points into the present tree.
    let after: FileTree.Entry?
    /// Whether the path is only written like this: its bytes are not UTF-8.
    var isUnnamed = false
  }

  /// Paths of which nothing is kept, some of each kind.
  struct Unlooked {
    /// Changed or gone, and ignored.
    var ignored: [String] = []
    /// Pipes, sockets and devices that came or went.
    var special: [String] = []

    /// So many fit into a sentence.
    private static let limit = 3

    fileprivate mutating func note(_ path: String, _ flags: UInt8) {
      if flags & Flag.special != 0 {
        if special.count < Self.limit { special.append(path) }
      } else if ignored.count < Self.limit {
        ignored.append(path)
      }
    }

    private typealias Flag = FileTree.Flag
  }

  let root: String
  let limits: SnapshotLimits
  private let own: String
  private let descriptor: Descriptor
  private let rules: IgnoreRules
  private let included: IncludedPaths
  /// Where what is known of files is kept for the next process.
  let cachePath: String
  /// What the last process knew of files, until the first look is settled.
  var known: InventoryCache?
  /// Contents that were read to be kept, since the start and since the cache was written.
  var read = 0
  var readSinceCached = 0
  let repository: UserRepository?
  private(set) var tree: FileTree?
  /// Paths whose content is on disk only.
  var pending: Set<PathKey> = []
  /// The rules of ignoring changed: known names are asked about again when no command runs.
  private var rulesChanged = false
  /// Files changed whose names are not UTF-8.
  private(set) var hasUnnamed = false
  /// What the last look found changed and keeps nothing of.
  private(set) var unlooked = Unlooked()
  private var excludeStamp: FileStatus?
  private var rootMode: UInt16 = 0
  /// What the last look found of the root itself.
  private(set) var rootChange: ObservedDirectory?

  /// `own`: stet's state directory, which is never looked into.
  init(root: String, own: String, copyDirectory: String, limits: SnapshotLimits) throws(WorkspaceError) {
    self.root = root
    self.own = own
    self.limits = limits
    descriptor = try DirectoryHandle.open(root).descriptor
    repository = UserRepository(root: root, copyDirectory: copyDirectory)
    rules = try IgnoreRules.covering(root, root: root)
    included = IncludedPaths(limits.include)
    cachePath = PathResolver.join(copyDirectory, "inventory")
  }

  /// Looks again. Answers what differs from the last time; the first time, nothing. With `renewing`, what ignore rules
  /// newly let through differs too, so only while no command runs.
  /// `isLate`: after a command.
  func look(renewing: Bool, isLate: Bool = false) throws(WorkspaceError) -> [Difference] {
    let exclude = repository.flatMap { FileStatus.of($0.excludeFile) }
    if exclude != excludeStamp {
      excludeStamp = exclude
      rulesChanged = rulesChanged || tree != nil
    }
    let before = tree
    let asksAgain = renewing && rulesChanged
    if before == nil || asksAgain { repository?.refresh() }
    var failure: WorkspaceError?
    let now = try FileTree.scan(
      descriptor, path: root, before: before, renewing: asksAgain, isIdle: renewing, limits: limits,
      isLate: isLate
    ) { path, isDirectory in
      do throws(WorkspaceError) {
        return try flags(path, isDirectory)
      } catch {
        failure = error
        return FileTree.Flag.closed
      }
    }
    if let failure { throw failure }
    if asksAgain { rulesChanged = false }
    tree = now
    noteRoot(isFirst: before == nil)
    guard let before else {
      takeFirst(now)
      return []
    }
    var differences: [Difference] = []
    unlooked = Unlooked()
    now.compare(with: before) { path, old, new in
      let flags = (old?.pointee.flags ?? 0) | (new?.pointee.flags ?? 0)
      if flags & (FileTree.Flag.ignored | FileTree.Flag.special) != 0 {
        return unlooked.note(String(cString: path), flags)
      }
      guard let text = String(validatingCString: path) else {
        hasUnnamed = true
        // What may have changed, shortly before the first look, is known by content only, and of this none is kept.
        if let old, let new, Self.sameStat(old.pointee, new.pointee) { return }
        differences.append(
          Difference(path: PathKey.escaped(path), before: old?.pointee, after: new, isUnnamed: true))
        return
      }
      if text == ".gitignore" || text.hasSuffix("/.gitignore") { rulesChanged = true }
      differences.append(Difference(path: text, before: old?.pointee, after: new))
    }
    return differences
  }

  func absolute(_ path: String) -> String { PathResolver.join(root, path) }

  /// The tree has what lies in the root, not the root.
  private func noteRoot(isFirst: Bool) {
    var info = stat()
    guard fstat(descriptor.number, &info) == 0 else { return }
    let mode = UInt16(info.st_mode & 0o7777)
    rootChange =
      isFirst || mode == rootMode ? nil : ObservedDirectory(path: root, mode: rootMode, after: mode)
    rootMode = mode
  }

  private func flags(_ path: UnsafePointer<CChar>, _ isDirectory: Bool) throws(WorkspaceError) -> UInt8 {
    // Asked first: what git tracks is not ignored, and this is quick.
    if let repository, repository.tracks(path, isDirectory: isDirectory) { return 0 }
    let full = absolute(String(cString: path))
    if isDirectory, PathResolver.contains(full, own), full == own || PathResolver.contains(own, full) {
      return FileTree.Flag.closed
    }
    guard try rules.ignores(isDirectory ? full + "/" : full) else { return 0 }
    return included.covers(String(cString: path), isDirectory: isDirectory) ? 0 : FileTree.Flag.ignored
  }

  private func takeFirst(_ tree: FileTree) {
    var attributes: [String] = []
    tree.compare(with: nil) { path, _, _ in
      if strcmp(path + max(0, strlen(path) - 14), ".gitattributes") == 0 {
        attributes.append(absolute(String(cString: path)))
      }
    }
    repository?.noteAttributes(attributes)
    known = InventoryCache.read(cachePath)
    tree.compare(with: nil) { path, _, entry in
      guard let entry, !entry.pointee.isDirectory else { return }
      if let id = repository?.id(path, entry.pointee) {
        entry.pointee.object = id.id
        entry.pointee.place = .borrowed
      } else if let text = String(validatingCString: path) {
        entry.pointee.place = .pending
        pending.insert(PathKey(text))
      } else {
        entry.pointee.place = .left
      }
    }
  }

  // MARK: - One difference

  /// What is on disk at a difference; notes it as pending. Nil: it is as it was after all, or can't be known.
  func present(_ difference: Difference, limit: Int) -> FileStamp? {
    guard let entry = difference.after else { return .absent }
    let kind = entry.pointee.kind
    let mode = UInt16(entry.pointee.mode & 0o7777)
    let key = PathKey(difference.path)
    if let before = difference.before, before.place == .left, Self.sameStat(before, entry.pointee) {
      return nil
    }
    guard entry.pointee.size <= UInt64(limit) else {
      entry.pointee.place = .left
      pending.remove(key)
      return .unkept(kind, mode: mode)
    }
    do {
      let state = try Workspace.state(at: absolute(difference.path), limit: limit)
      let id = SHA1.blobID(state.bytes)
      if let before = difference.before, before.place != .unknown, before.place != .left,
        before.kind == state.kind, before.id == id
      {
        return before.mode == entry.pointee.mode ? nil : state.stamp
      }
      guard state.kind == .regular || state.kind == .symlink else {
        entry.pointee.place = .left
        return state.kind == .absent ? .absent : nil
      }
      entry.pointee.id = id
      entry.pointee.place = .pending
      pending.insert(key)
      return state.stamp
    } catch {
      entry.pointee.place = .left
      pending.remove(key)
      return .unkept(kind, mode: mode)
    }
  }

  private static func sameStat(_ a: stet_tree_entry, _ b: stet_tree_entry) -> Bool {
    a.inode == b.inode && a.size == b.size && a.modified_ns == b.modified_ns && a.changed_ns == b.changed_ns
      && a.mode == b.mode
  }
}
