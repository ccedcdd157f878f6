import Glibc

/// One file on its way through a transaction.
final class WriteSlot {
  enum Progress {
    case examined, preparing, installed
    /// What stood at its path lies beside it and could not be put back.
    case stuck
  }

  /// What stands at its path when its turn comes.
  enum Ground: Hashable {
    case asItIs
    /// A directory does now; the transaction removes it.
    case cleared
    /// A file stands where this directory is to be; the transaction deletes it.
    case beneath(String)
  }

  let write: PlannedWrite
  let directory: String
  let name: String
  let before: FileState
  /// What is written: the plan's result, with the mode of the disk where only that changed meanwhile.
  let result: FileState
  /// Directories that are missing, outermost first.
  let missing: [String]
  /// Other names lead to this file, or its directory may not be written: its bytes are replaced and not its entry.
  let inPlace: Bool
  let temporary: String
  private(set) var progress = Progress.examined
  private(set) var made: [String] = []
  /// Of which this one becomes another name.
  var leader: WriteSlot?
  private let status: stat?
  private let ground: Ground

  /// The file that the name leads to before.
  var file: FileIdentity? {
    status.map { FileIdentity(inode: UInt64($0.st_ino), links: Int($0.st_nlink)) }
  }

  /// Whether its directory can be made only when something else is gone.
  var isLate: Bool { if case .beneath = ground { true } else { false } }

  /// A deletion of what is not there.
  private var isNothing: Bool { before.kind == .absent && result.kind == .absent }

  /// Reads the file and compares it with what the caller expects.
  init(_ write: PlannedWrite, index: Int, ground: Ground = .asItIs) throws(WorkspaceError) {
    self.write = write
    self.ground = ground
    (directory, name) = PathResolver.split(write.path)
    temporary = ".stet-\(getpid())-\(randomName())-\(index).tmp"
    missing =
      if case .beneath(let top) = ground { Self.directories(from: top, to: directory) } else {
        try Self.missingDirectories(directory)
      }
    guard missing.isEmpty, ground != .cleared else {
      before = .absent
      result = write.result
      status = nil
      inPlace = false
      try verify(.absent)
      return
    }
    let handle = try DirectoryHandle.open(directory)
    before = try handle.read(name, limit: Workspace.readLimit)
    status = try handle.status(name)
    let keepsMode = write.result.kind == .regular && write.result.mode == write.expected.mode
    result = keepsMode ? write.result.with(mode: before.mode) : write.result
    inPlace =
      write.names == .kept && before.kind == .regular && write.result.kind == .regular
      && ((status?.st_nlink ?? 1) > 1 || !handle.mayChange)
    try verify(before)
    try checkWritable(handle)
  }

  func open() throws(WorkspaceError) -> DirectoryHandle { try DirectoryHandle.open(directory) }

  /// Refuses when the disk no longer holds what was read.
  func verifyUnchanged() throws(WorkspaceError) {
    if !isNothing, ground == .asItIs { try verifyUnchanged(in: try open()) }
  }

  private func verifyUnchanged(in handle: DirectoryHandle) throws(WorkspaceError) {
    try verify(try handle.read(name, limit: Workspace.readLimit))
  }

  /// `modes`: those of directories that are to be as they were; till all is written their owner may write in them.
  func makeDirectories(_ modes: [PathKey: UInt16]) throws(WorkspaceError) {
    if isNothing { return }
    for path in missing {
      let (parent, name) = PathResolver.split(path)
      let handle = try DirectoryHandle.open(parent)
      // Another file of this transaction may have made it.
      let mode = modes[PathKey(path)].map { mode_t($0) | 0o700 } ?? 0o777
      if mkdirat(handle.descriptor.number, name, mode) == 0 {
        made.append(path)
      } else if errno != EEXIST {
        throw systemError("Cannot make the directory \(path)", errno, path: path)
      }
    }
  }

  /// Writes the new content beside the file.
  func prepare(flushing: Bool) throws(WorkspaceError) {
    if isNothing { return }
    progress = .preparing
    if inPlace { return }
    let handle = try open()
    if let leader, try leader.lends(to: temporary, in: handle) { return }
    try TemporaryFile.make(
      result, named: temporary, in: handle, like: before.kind == .regular ? name : nil, flushing: flushing)
  }

  /// Gives what is prepared here another name; false where it can't have one (installed already, another file system).
  private func lends(to other: String, in directory: DirectoryHandle) throws(WorkspaceError) -> Bool {
    guard progress == .preparing, !inPlace, result.kind == .regular else { return false }
    let own = try open()
    return linkat(own.descriptor.number, temporary, directory.descriptor.number, other, 0) == 0
  }

  /// Checks the content once more and puts the new one in its place. `pause`: before what a crash could follow.
  func install(_ pause: (WriteTransaction.Step) throws -> Void) throws {
    if isNothing { return }
    let handle = try open()
    if inPlace {
      try verifyUnchanged(in: handle)
      // From here on a part may be written.
      progress = .installed
      return try InPlaceWrite.replace(
        name, in: handle, with: result, same: status, torn: { try pause(.tornWrite(write.path)) })
    }
    if before.kind != .absent, try displace(in: handle, pause) { return }
    try verifyUnchanged(in: handle)
    if result.kind == .absent {
      try check("Cannot delete \(write.path)", path: write.path) {
        unlinkat(handle.descriptor.number, name, 0)
      }
    } else {
      try TemporaryFile.move(temporary, to: name, in: handle, replacing: before.kind != .absent)
    }
    progress = .installed
  }

  /// False where that can't be done in one step here.
  private func displace(
    in handle: DirectoryHandle, _ pause: (WriteTransaction.Step) throws -> Void
  ) throws -> Bool {
    let displacement = Displacement(name: name, temporary: temporary, directory: handle)
    let isExpected = { [write] (found: FileState) in found.stamp.sameContent(as: write.expected) }
    let displaced = { [write] in try pause(.displaced(write.path)) }
    let outcome: Displacement.Outcome
    do {
      outcome =
        result.kind == .absent
        ? try displacement.remove(isExpected: isExpected, displaced: displaced)
        : try displacement.replace(isExpected: isExpected, displaced: displaced)
    } catch let lost as Displacement.Lost {
      progress = .stuck
      throw lost.error
    }
    switch outcome {
    case .impossible: return false
    case .done:
      progress = .installed
      return true
    case .refused(let found):
      try verify(found)
      return false
    }
  }

  /// Undoes what was done here so far. Content that someone else wrote since stays.
  func putBack() throws(WorkspaceError) {
    if progress == .examined { return }
    if progress == .stuck { throw WorkspaceError(.io, "\(temporary) is what \(write.path) was") }
    let handle = try open()
    unlinkat(handle.descriptor.number, temporary, 0)
    guard progress == .installed else { return }
    try FileRestore(
      path: write.path, before: before, after: result.stamp, inPlace: inPlace ? result.bytes : nil
    ).run(in: handle)
    progress = .preparing
  }

  func removeDirectories() {
    // Only empty ones go: rmdir says no to all others.
    for path in made.reversed() { rmdir(path) }
  }

  /// What it put in place.
  var written: VerifiedWrite { report(isOnDisk: true) }

  /// Reads the file back: the report is about the disk, not about the intent. The transaction is over then: what can't
  /// be read is not what was written, and no failure.
  func verified() -> VerifiedWrite {
    do { return report(isOnDisk: try Workspace.state(at: write.path) == result) } catch {
      // A file took the place of its directory.
      return report(isOnDisk: error.code == .wrongKind && result.kind == .absent)
    }
  }

  private func report(isOnDisk: Bool) -> VerifiedWrite {
    VerifiedWrite(
      path: write.path, before: before, after: result, isOnDisk: isOnDisk, createdDirectories: made)
  }

  private func verify(_ disk: FileState) throws(WorkspaceError) {
    guard !disk.stamp.sameContent(as: write.expected) else { return }
    let what =
      switch (write.expected.kind, disk.kind) {
      case (.absent, _): "exists already"
      case (_, .absent): "is gone"
      case (let wanted, let found) where wanted != found: "is now a \(found.rawValue)"
      default: "changed on disk"
      }
    throw WorkspaceError(
      .stale, "\(write.path) \(what); nothing was written", hint: "Read it again and repeat the edit.",
      path: write.path)
  }

  /// A rename would replace a file that its owner made read-only.
  private func checkWritable(_ handle: DirectoryHandle) throws(WorkspaceError) {
    guard before.kind == .regular, write.result.kind == .regular, !write.replacesReadOnly else { return }
    guard faccessat(handle.descriptor.number, name, W_OK, AT_EACCESS) == 0 else {
      throw systemError("Cannot write \(write.path)", errno, path: write.path)
    }
  }

  /// `top` and what lies between it and `directory`, which is the last.
  private static func directories(from top: String, to directory: String) -> [String] {
    var names = [top]
    for name in PathResolver.components(directory).dropFirst(PathResolver.components(top).count) {
      names.append(PathResolver.join(names.last ?? top, name))
    }
    return names
  }

  private static func missingDirectories(_ directory: String) throws(WorkspaceError) -> [String] {
    var handle = try DirectoryHandle.root()
    var missing: [String] = []
    for name in PathResolver.components(directory) {
      if let last = missing.last {
        missing.append(PathResolver.join(last, name))
        continue
      }
      do {
        handle = try handle.directory(name)
      } catch  where error.code == .notFound {
        missing.append(handle.full(name))
      }
    }
    return missing
  }
}

/// Eight letters that no other process picks.
func randomName() -> String {
  var generator = SystemRandomNumberGenerator()
  return String(UInt64.random(in: 0...UInt64(UInt32.max), using: &generator) | 1 << 32, radix: 36)
}
