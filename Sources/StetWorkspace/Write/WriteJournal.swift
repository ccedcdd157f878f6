import Glibc
import StetJSON
import Synchronization

/// The before images of a running transaction, on disk: a private directory with a plan, one file for each
/// image, and a lock that its process holds. The plan appears last and goes first, so it alone says whether
/// there is anything to undo.
final class WriteJournal {
  struct Entry: Codable {
    let path: String
    let before: FileStamp
    let after: FileStamp
    let temporary: String
    let inPlace: Bool
    let directories: [String]
  }

  let directory: String
  /// Of the transaction; no other one has it.
  var name: String { PathResolver.split(directory).name }
  private let lock: Descriptor
  /// The directory that goes with it.
  private var passing: String?

  /// Of this process: no start, and no look for what others left, has to ask whether these live.
  private static let living = Mutex<Set<String>>([])

  private init(directory: String, lock: Descriptor) {
    self.directory = directory
    self.lock = lock
    Self.living.withLock { [name] in _ = $0.insert(name) }
  }

  deinit { Self.living.withLock { [name] in _ = $0.remove(name) } }

  /// An empty one. Others look for it under its name, so it has that when it is locked.
  private static func make(in parent: String) throws(WorkspaceError) -> WriteJournal {
    let name = "\(getpid())-\(randomName())"
    let made = PathResolver.join(parent, unborn + name)
    let directory = PathResolver.join(parent, prefix + name)
    try check("Cannot make the journal \(made)", path: made) { mkdir(made, 0o700) }
    do throws(WorkspaceError) {
      guard let lock = try takeLock(made) else {
        throw WorkspaceError(.locked, "The new journal \(made) is locked", path: made)
      }
      try check("Cannot make the journal \(directory)", path: directory) { rename(made, directory) }
      return WriteJournal(directory: directory, lock: lock)
    } catch {
      unlink(PathResolver.join(made, "lock"))
      rmdir(made)
      throw error
    }
  }

  /// One that no start looks for, of a transaction that has no other place for it.
  static func passing(order: WriteOrder, flushingEach: Bool) throws(WorkspaceError) -> WriteJournal {
    let parent = try passingPlace()
    do throws(WorkspaceError) {
      let journal = try begin(in: parent, order: order, flushingEach: flushingEach)
      journal.passing = parent
      return journal
    } catch {
      rmdir(parent)
      throw error
    }
  }

  /// A directory of its own in the one for temporary files; in /tmp where that one is not there or can't be written.
  private static func passingPlace() throws(WorkspaceError) -> String {
    var places = ["/tmp"]
    if let place = getenv("TMPDIR").map({ String(cString: $0) }), place.hasPrefix("/") {
      places.insert(place, at: 0)
    }
    var code: Int32 = 0
    for place in places {
      var template = Array("\(place)/stet-write-XXXXXX".utf8CString)
      if mkdtemp(&template) != nil {
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      }
      code = errno
    }
    throw systemError("Cannot make a journal", code)
  }

  /// How the names of journals begin.
  static let prefix = "tx-"
  /// And of those that have no lock yet.
  static let unborn = "new-"
  /// Seconds; a younger one may be on its way to its lock.
  private static let unbornAge = 3_600

  /// Removes what a process left that was killed before its journal had its name. There is nothing in it.
  static func sweepUnborn(_ directory: String) {
    var info = stat()
    guard lstat(directory, &info) == 0, time(nil) - info.st_mtim.tv_sec > unbornAge else { return }
    unlink(PathResolver.join(directory, "lock"))
    rmdir(directory)
  }

  /// Writes the journal and flushes it; nothing else may happen before.
  /// `flushingEach`: false for many images, which are flushed together.
  static func begin(
    in parent: String, order: WriteOrder, flushingEach: Bool = true
  ) throws(WorkspaceError) -> WriteJournal {
    try makePrivateDirectory(parent)
    var resolver = PathResolver()
    let parent = try resolver.resolved(parent)
    let journal = try make(in: parent)
    let directory = journal.directory
    do throws(WorkspaceError) {
      for (index, slot) in order.early.enumerated() { try journal.keep(slot, index, flushingEach) }
      let offset = order.early.count + order.cleared.count
      for (index, slot) in order.rest.enumerated() { try journal.keep(slot, offset + index, flushingEach) }
      if !flushingEach { try flushFileSystems(of: [directory]) }
      let entries = order.early.map(Entry.init) + order.cleared.map(Entry.init) + order.rest.map(Entry.init)
      try journal.write("plan.tmp", try encoded(entries))
      let plan = PathResolver.join(directory, "plan.json")
      try check("Cannot write \(plan)", path: plan) { rename(PathResolver.join(directory, "plan.tmp"), plan) }
    } catch {
      journal.end()
      throw error
    }
    flushDirectory(directory)
    flushDirectory(parent)
    return journal
  }

  /// The journal that a dead process left; nil when its process lives or it holds no plan (then it is
  /// removed).
  static func abandoned(_ directory: String) throws(WorkspaceError) -> (WriteJournal, [Entry])? {
    let name = PathResolver.split(directory).name
    guard !living.withLock({ $0.contains(name) }), let lock = try takeLock(directory) else { return nil }
    let journal = WriteJournal(directory: directory, lock: lock)
    let plan = try journal.read("plan.json")
    guard plan.kind == .regular else {
      journal.end()
      return nil
    }
    do {
      return (journal, try JSONCoder.decode([Entry].self, from: plan.bytes))
    } catch {
      throw WorkspaceError(
        .io, "The journal \(directory) is damaged", path: directory, underlying: "\(error)")
    }
  }

  func before(_ index: Int, _ stamp: FileStamp) throws(WorkspaceError) -> FileState {
    try image("\(index).before", stamp)
  }

  /// Kept for in-place writes only; elsewhere the hash tells.
  func after(_ index: Int, _ stamp: FileStamp) throws(WorkspaceError) -> FileState {
    try image("\(index).after", stamp)
  }

  /// Removes the journal, the plan first: from then on the transaction is over.
  func end() {
    unlink(PathResolver.join(directory, "plan.json"))
    flushDirectory(directory)
    if let stream = opendir(directory) {
      while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        unlinkat(dirfd(stream), name, 0)
      }
      closedir(stream)
    }
    rmdir(directory)
    if let passing { rmdir(passing) }
  }

  private func keep(_ slot: WriteSlot, _ index: Int, _ flushing: Bool) throws(WorkspaceError) {
    try write("\(index).before", slot.before.bytes, flushing)
    if slot.inPlace { try write("\(index).after", slot.result.bytes, flushing) }
  }

  private func image(_ name: String, _ stamp: FileStamp) throws(WorkspaceError) -> FileState {
    guard stamp.hash != nil else { return FileState(kind: stamp.kind, bytes: [], mode: stamp.mode) }
    let held = try read(name)
    let state = FileState(kind: stamp.kind, bytes: held.bytes, mode: stamp.mode)
    guard state.stamp == stamp else {
      throw WorkspaceError(.io, "The image \(name) in \(directory) is damaged", path: directory)
    }
    return state
  }

  private func read(_ name: String) throws(WorkspaceError) -> FileState {
    try DirectoryHandle.open(directory).read(name, limit: Workspace.readLimit)
  }

  private func write(_ name: String, _ bytes: [UInt8], _ flushing: Bool = true) throws(WorkspaceError) {
    let path = PathResolver.join(directory, name)
    let file = Descriptor(
      try check("Cannot write \(path)", path: path) {
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
      })
    try writeAll(file, bytes, path: path)
    if flushing { try check("Cannot flush \(path)", path: path) { fsync(file.number) } }
  }

  private static func encoded(_ entries: [Entry]) throws(WorkspaceError) -> [UInt8] {
    do { return try JSONCoder.encodeBytes(entries) } catch {
      throw WorkspaceError(.io, "The journal can't be written", underlying: "\(error)")
    }
  }

  /// Half a second: on a busy machine a child may be that long on its way.
  private static let lockTries = 250
  private static let lockPauseUs: UInt32 = 2_000

  /// Nil while somebody else holds it. A child of this process that has not come to its exec yet holds every lock for
  /// a moment; so it is tried for a while.
  private static func takeLock(_ directory: String) throws(WorkspaceError) -> Descriptor? {
    let path = PathResolver.join(directory, "lock")
    let file = Descriptor(
      try check("Cannot open \(path)", path: path) {
        open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
      })
    for _ in 0..<lockTries {
      if flock(file.number, LOCK_EX | LOCK_NB) == 0 { return file }
      usleep(lockPauseUs)
    }
    return nil
  }
}

extension WriteJournal.Entry {
  init(_ slot: WriteSlot) {
    self.init(
      path: slot.write.path, before: slot.before.stamp, after: slot.result.stamp, temporary: slot.temporary,
      inPlace: slot.inPlace, directories: slot.missing)
  }

  /// A directory that gives way: the only entries that were one before.
  init(_ directory: ClearedDirectory) {
    self.init(
      path: directory.path, before: FileState.directory(mode: directory.mode).stamp, after: .absent,
      temporary: "", inPlace: false, directories: [])
  }
}

/// Makes a directory and its parents, private to the user.
func makePrivateDirectory(_ path: String) throws(WorkspaceError) {
  var built = ""
  for name in PathResolver.components(path) {
    built += "/" + name
    if mkdir(built, 0o700) == 0 || errno == EEXIST { continue }
    // A parent that can't be made may still be there (a read-only mount): the next step tells.
    let code = errno
    if access(built, F_OK) != 0 { throw systemError("Cannot make the directory \(built)", code, path: built) }
  }
}
