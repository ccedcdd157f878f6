import Glibc

/// Writes several files all or nothing.
///
/// Every file is checked by content hash right before it is replaced (compare-and-swap); new bytes go to a
/// temporary file in the same directory, are flushed and renamed over the old one; a journal in the state
/// directory holds the before images until all is done, so that an error or a crash puts everything back.
/// Files with other hard links are written in place, unless the plan says otherwise. No symbolic link is ever followed.
public struct WriteTransaction: Sendable {
  /// A turn that writes more files than this is no edit; it bounds the before images held in memory.
  public static let fileLimit = 10_000

  /// From so many files on, one flush of the whole file system is cheaper than one for each file.
  private static let flushedAlone = 64

  let roots: [String]
  let journalDirectory: String
  /// Where the journal can't be kept (a full or read-only state directory) the write goes on all the same: an error puts
  /// everything back, what a crash leaves no start knows of.
  public var mayLackJournal = false
  /// The most files: a restore puts back what many edits and commands did.
  var limit = WriteTransaction.fileLimit
  /// Of directories that have to be made.
  var directoryModes: [PathKey: UInt16] = [:]
  /// Called before each step that a crash could follow; answering false abandons the work there and then,
  /// as a crash would. Fault injection for tests.
  var proceed: @Sendable (Step) -> Bool = { _ in true }

  enum Step: Hashable, Sendable {
    case journalled, directoriesMade, prepared(String), beforeInstall(String), installed(String)
    /// The first half is written in place; what stood at the path is out of it and not looked at yet.
    case tornWrite(String), displaced(String)
    case done
    /// It is noted that all is in place.
    case noted
    /// Of a restore: what it is to do is kept; its files are written, and all else is done.
    case recorded, written, completed
    /// Of a store: a turn's changes are read and its contents not yet; another process is at work.
    case packing, waiting
    /// A look at the workspace begins; false: it takes too long.
    case looking
  }

  /// Thrown where a test pulled the plug: nothing is cleaned up.
  struct Abandoned: Error {}

  /// `roots`: real directories below which may be written. `journalDirectory` is made when needed, private.
  public init(roots: [String], journalDirectory: String) {
    self.roots = roots
    self.journalDirectory = journalDirectory
  }

  /// Commits the writes and answers what was there before and is there now, in path order. After an error
  /// the disk is as it was: `.stale` names a file that changed, `.outside` one that may not be written.
  @discardableResult
  public func commit(_ writes: [PlannedWrite]) throws(WorkspaceError) -> [VerifiedWrite] {
    try commit(writes, clearing: [])
  }

  /// What is called when all is in place and flushed, with the transaction's name.
  typealias Committing = (_ name: String, _ written: [VerifiedWrite]) throws(WorkspaceError) -> Void

  /// `clearing`: directories that the deletions empty and that go before a file takes their names. `committing`: when it
  /// throws everything is taken back, when it returns nothing is any more.
  @discardableResult
  func commit(
    _ writes: [PlannedWrite], clearing: [ClearedDirectory],
    committing: Committing = { (_, _) throws(WorkspaceError) in }
  ) throws(WorkspaceError) -> [VerifiedWrite] {
    do {
      return try run(writes, clearing, committing)
    } catch let error as WorkspaceError {
      throw error
    } catch {
      throw WorkspaceError(.io, Self.abandonment, underlying: "\(error)")
    }
  }

  /// What an error says where `proceed` stood for a crash: who called cleans up nothing either.
  static let abandonment = "The write was abandoned"

  private func run(
    _ writes: [PlannedWrite], _ clearing: [ClearedDirectory], _ committing: Committing
  ) throws -> [VerifiedWrite] {
    guard !writes.isEmpty else { return [] }
    let order = try examine(writes, clearing)
    let isMany = order.slots.count > Self.flushedAlone
    let journal = try journal(of: order, flushingEach: !isMany)
    try pause(.journalled)
    do {
      try prepare(order, isMany: isMany)
      for slot in order.early { try install(slot) }
      try order.clear { try pause(.installed($0)) }
      let late = order.rest.filter(\.isLate)
      for slot in late { try slot.makeDirectories(directoryModes) }
      for slot in late { try prepare(slot, flushing: true) }
      for slot in order.rest { try install(slot) }
      syncDirectories(order.slots)
      try pause(.done)
      try committing(journal.name, order.slots.map(\.written))
    } catch let failure where !(failure is Abandoned) {
      let left = order.undo()
      // What could not be put back keeps its journal: the images in it are the only copies.
      guard left.isEmpty else { throw unrepaired(left, after: failure) }
      journal.end()
      throw failure
    }
    try pause(.noted)
    journal.end()
    return order.slots.map { $0.verified() }
  }

  private func journal(of order: WriteOrder, flushingEach: Bool) throws(WorkspaceError) -> WriteJournal {
    do {
      return try WriteJournal.begin(in: journalDirectory, order: order, flushingEach: flushingEach)
    } catch {
      guard mayLackJournal else { throw error }
      // What it said of the first place is what the user can mend.
      do { return try WriteJournal.passing(order: order, flushingEach: flushingEach) } catch _ { throw error }
    }
  }

  /// Reads and checks every file before anything is made.
  private func examine(
    _ writes: [PlannedWrite], _ clearing: [ClearedDirectory]
  ) throws(WorkspaceError) -> WriteOrder {
    guard writes.count <= limit else {
      throw WorkspaceError(.tooLarge, "\(writes.count) files are more than may be written at once (\(limit))")
    }
    var seen: Set<PathKey> = []
    for write in writes {
      guard seen.insert(PathKey(write.path)).inserted else {
        throw WorkspaceError(.refused, "\(write.path) is written twice in one transaction", path: write.path)
      }
      try check(write)
    }
    return try WriteOrder(writes, clearing: clearing)
  }

  private func check(_ write: PlannedWrite) throws(WorkspaceError) {
    let parts = PathResolver.components(write.path)
    guard write.path.hasPrefix("/"), !parts.isEmpty, !parts.contains("."), !parts.contains("..") else {
      throw WorkspaceError(.badPath, "\(write.path) is not a resolved path", path: write.path)
    }
    guard roots.contains(where: { PathResolver.contains($0, PathResolver.split(write.path).directory) })
    else {
      throw WorkspaceError(.outside, "\(write.path) lies outside of the workspace", path: write.path)
    }
    guard [.regular, .symlink, .absent].contains(write.result.kind) else {
      throw WorkspaceError(.wrongKind, "A \(write.result.kind.rawValue) can't be written", path: write.path)
    }
  }

  /// Makes directories and temporary files; nothing of the user's is touched yet.
  private func prepare(_ order: WriteOrder, isMany: Bool) throws {
    let slots = order.slots.filter { !$0.isLate }
    for slot in slots { try slot.makeDirectories(directoryModes) }
    try pause(.directoriesMade)
    for slot in slots { try prepare(slot, flushing: !isMany) }
    if isMany { try flushFileSystems(of: Set(slots.filter { !$0.inPlace }.map(\.directory))) }
    // All hashes once more before the first rename: the usual conflict is seen while nothing has changed.
    for slot in slots { try slot.verifyUnchanged() }
  }

  private func prepare(_ slot: WriteSlot, flushing: Bool) throws {
    try slot.prepare(flushing: flushing)
    try pause(.prepared(slot.write.path))
  }

  private func install(_ slot: WriteSlot) throws {
    try pause(.beforeInstall(slot.write.path))
    try slot.install(pause)
    try pause(.installed(slot.write.path))
  }

  private func unrepaired(_ paths: [String], after failure: any Error) -> WorkspaceError {
    WorkspaceError(
      .io, "\(Self.unrepaired): \(paths.joined(separator: ", "))", path: paths.first,
      underlying: "\(failure)")
  }

  /// How an error begins after which the disk is not as it was.
  static let unrepaired = "The write failed and these files could not be put back"

  private func syncDirectories(_ slots: [WriteSlot]) {
    // A rename is durable with its directory; one flush for each is enough.
    for directory in Set(slots.map(\.directory)) { flushDirectory(directory) }
  }

  private func pause(_ step: Step) throws {
    if !proceed(step) { throw Abandoned() }
  }
}

/// Flushes a directory's names. A file system that can't do that offers no more safety to ask for.
func flushDirectory(_ path: String) {
  let number = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
  guard number >= 0 else { return }
  fsync(number)
  close(number)
}
